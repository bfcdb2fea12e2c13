"""Starts moto's S3, which checks signatures (Version 4) from now on. Prints its port and a key that may use the bucket "logs"."""

import json
import os
import sys

# Making the user, its key, its policy and the bucket are the calls that need no signature yet.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
_, port = server.get_host_and_port()
ends = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "us-east-1"}
first = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
iam = boto3.client("iam", **ends, **first)
iam.create_user(UserName="logweir")
key = iam.create_access_key(UserName="logweir")["AccessKey"]
rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_user_policy(UserName="logweir", PolicyName="s3", PolicyDocument=json.dumps(rights))
boto3.client("s3", **ends, **first).create_bucket(Bucket="logs")
print(json.dumps({"port": port, "id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}), flush=True)
sys.stdin.read()  # until nobody wants it any more
