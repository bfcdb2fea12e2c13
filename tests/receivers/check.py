"""Reads bodies of destinations with the receivers' own models and parsers. Arguments: their folder, how many records."""

import glob
import json
import sys

import jsonschema
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from datadog_api_client.v2.model.http_log_item import HTTPLogItem
from google.protobuf import json_format
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest as Message
from opentelemetry.proto_json.collector.logs.v1.logs_service import ExportLogsServiceRequest as Strict


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
    validator = jsonschema.Draft202012Validator(embedded.get_class_schema("api_activity"))
    lines = body.splitlines()
    for line in lines:
        validator.validate(json.loads(line))
    return len(lines)


failed = 0
for read in (datadog, otlp, cloudevents, ocsf):
    name = read.__name__
    try:
        count = 0
        for path in sorted(glob.glob(f"{sys.argv[1]}/{name}.*.json")):
            with open(path, encoding="utf-8") as file:
                count += read(file.read())
        assert count == int(sys.argv[2]), f"{count} records"
        print(f"ok {name}: {count} records")
    except Exception as error:  # whatever the part says
        failed += 1
        print(f"not ok {name}: {type(error).__name__}: {str(error)[:400]}")
sys.exit(1 if failed else 0)
