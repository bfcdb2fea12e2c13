"""Reads bodies of a destination with the receiver's own model or parser. Arguments: its name, the files of the bodies."""

import json
import sys

import jsonschema
import opensearchpy
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from datadog_api_client.v2.model.http_log_item import HTTPLogItem
from google.protobuf import json_format
from openmock import openmock
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest as Message
from opentelemetry.proto_json.collector.logs.v1.logs_service import ExportLogsServiceRequest as Strict
from sentry_sdk.envelope import Envelope


def datadog(body):
    return len([HTTPLogItem(**item) for item in json.loads(body)])


def otlp(body):
    request = json.loads(body)
    strict = Strict.from_dict(request)
    # Refuses names that there are not.
    message = json_format.ParseDict(request, Message())
    count = sum(len(scope.log_records) for resource in message.resource_logs for scope in resource.scope_logs)
    assert count == sum(len(scope.log_records) for resource in strict.resource_logs for scope in resource.scope_logs)
    return count


def cloudevents(body):
    return len([JSONFormat().read(CloudEvent, json.dumps(event)) for event in json.loads(body)])


def ocsf(body):
    embedded = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0"))
    classes = {3001: "account_change", 3002: "authentication", 6003: "api_activity"}
    validators = {uid: jsonschema.Draft202012Validator(embedded.get_class_schema(name)) for uid, name in classes.items()}
    lines = body.splitlines()
    for line in lines:
        event = json.loads(line)
        validators[event["class_uid"]].validate(event)
    return len(lines)


def sentry(body):
    envelope = Envelope.deserialize(body.encode())
    (item,) = envelope.items
    logs = json.loads(item.get_bytes())["items"]
    assert item.headers["type"] == "log" and item.headers["item_count"] == len(logs)
    return len(logs)


@openmock
def elastic(body):
    client = opensearchpy.OpenSearch()
    first, again = client.bulk(body=body), client.bulk(body=body)
    assert not first["errors"] and all(item["create"]["status"] == 201 for item in first["items"])
    # The ids make a repeat harmless.
    assert all(item["create"]["status"] == 409 for item in again["items"])
    return len(first["items"])


readers = {read.__name__: read for read in (datadog, otlp, cloudevents, ocsf, sentry)} | {"elastic": elastic}
total = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        total += readers[sys.argv[1]](file.read())
print(total)
