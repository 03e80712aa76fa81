"""Log files as CloudTrail writes them: one line, records of 1.5 to 2 KB, many services. The same at every run."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ACCOUNT = "111122223333"
REGION = "eu-central-1"
EVERY = 1000
"""In a mixed log one record of so many is of ECS."""

_CALLS = (
    ("s3", "GetObject"),
    ("s3", "PutObject"),
    ("ec2", "DescribeInstances"),
    ("ec2", "CreateTags"),
    ("kms", "Decrypt"),
    ("kms", "GenerateDataKey"),
    ("sts", "AssumeRole"),
    ("iam", "GetRole"),
    ("lambda", "GetFunction20150331v2"),
    ("logs", "CreateLogStream"),
    ("dynamodb", "DescribeTable"),
    ("elasticloadbalancing", "DescribeTargetHealth"),
)
_AGENTS = (
    "aws-sdk-go-v2/1.26.1 os/linux lang/go#1.22.2 md/GOOS#linux md/GOARCH#amd64 api/s3#1.53.1",
    "Boto3/1.34.84 md/Botocore#1.34.84 ua/2.0 os/linux#5.10.213 md/arch#x86_64 lang/python#3.11.8 Botocore/1.34.84",
    "[aws-sdk-java/2.25.31 Linux/5.10 OpenJDK_64-Bit_Server_VM/17.0.10 Java/17.0.10 vendor/Amazon.com_Inc. io/async]",
)
_SERVICES = ("ecs.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "autoscaling.amazonaws.com")
_TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}}]}


def write(file: Path, count: int, *, every: int = EVERY, times: int = 1) -> Path:
    """Write a log of `count` records, `times` over; one record of `every` is of ECS. Returns the file."""
    texts = [json.dumps(record, separators=(",", ":")) for record in records(count, every)]
    block = ",".join(texts)
    with file.open("w", encoding="utf-8") as stream:
        stream.write('{"Records":[')
        for number in range(times):
            stream.write("," * bool(number) + block)
        stream.write("]}")
    return file


def records(count: int, every: int) -> Iterator[dict[str, Any]]:
    """Yield records, one of `every` of ECS."""
    dice = random.Random(count)
    for number in range(count):
        yield _ecs(dice) if number % every == every // 2 else _other(dice)


def _other(dice: random.Random) -> dict[str, Any]:
    service, name = dice.choice(_CALLS)
    request: dict[str, Any] = {
        "filterSet": {"items": [{"name": "tag:Name", "valueSet": {"items": [{"value": _hex(dice, 8)}]}}] * 3}
    }
    response = None
    if service == "s3":
        request = {"bucketName": "data", "Host": "data.s3.amazonaws.com", "key": f"year=2024/{_hex(dice, 32)}.parquet"}
    elif service == "kms":
        request = {"keyId": _hex(dice, 32), "encryptionContext": {"aws:s3:arn": f"arn:aws:s3:::data/{_hex(dice, 16)}"}}
    elif service == "sts":
        request = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/deploy", "policy": json.dumps(_TRUST)}
        response = {"credentials": {"accessKeyId": "ASIA", "sessionToken": _hex(dice, 400)}}
    return _record(dice, service, name, request, response)


def _ecs(dice: random.Random) -> dict[str, Any]:
    service = f"web-{dice.randrange(100)}"
    request = {
        "cluster": "prod",
        "service": service,
        "desiredCount": dice.randrange(20),
        "taskDefinition": f"web:{dice.randrange(900)}",
    }
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
    described = {
        "serviceArn": f"{arn}:service/prod/{service}",
        "serviceName": service,
        "clusterArn": f"{arn}:cluster/prod",
        "status": "ACTIVE",
        "desiredCount": request["desiredCount"],
        "launchType": "FARGATE",
        "deployments": [{"id": f"ecs-svc/{dice.randrange(10**18)}", "status": "PRIMARY", "desiredCount": 3}],
    }
    return _record(dice, "ecs", "UpdateService", request, {"service": described})


def _record(dice: random.Random, service: str, name: str, request: Any, response: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.09",
        "userIdentity": _identity(dice),
        "eventTime": f"2024-05-01T12:{dice.randrange(60):02}:{dice.randrange(60):02}Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": f"10.0.{dice.randrange(256)}.{dice.randrange(256)}",
        "userAgent": dice.choice(_AGENTS),
        "requestParameters": request,
        "responseElements": response,
        "additionalEventData": {
            "SignatureVersion": "SigV4",
            "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": _hex(dice, 80),
            "bytesTransferredOut": dice.randrange(10**6),
        },
        "requestID": _hex(dice, 16),
        "eventID": f"{_hex(dice, 8)}-{_hex(dice, 4)}-4000-8000-{_hex(dice, 12)}",
        "readOnly": service != "ecs",
        "resources": [{"accountId": ACCOUNT, "type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::data/{_hex(dice, 16)}"}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.{REGION}.amazonaws.com",
        },
    }


def _identity(dice: random.Random) -> dict[str, Any]:
    if dice.random() < 0.2:
        return {"type": "AWSService", "invokedBy": dice.choice(_SERVICES)}
    role, session = dice.choice(("deploy", "node", "ci", "backend")), f"i-0{_hex(dice, 16)}"
    key = f"AROA{_hex(dice, 16).upper()}"
    return {
        "type": "AssumedRole",
        "principalId": f"{key}:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": f"ASIA{_hex(dice, 16).upper()}",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": key,
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": "2024-05-01T11:12:13Z", "mfaAuthenticated": "false"},
        },
    }


def _hex(dice: random.Random, digits: int) -> str:
    return f"{dice.getrandbits(4 * digits):0{digits}x}"
