"""One API call and its answer in, one CloudTrail record out (pure; eventVersion 1.11).

Which services are recorded is data; adding one is adding a line to `RECORDED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from reconciler.sandbox.identities import ACCOUNT, Identity
from reconciler.sandbox.shapes import as_recorded
from reconciler.sandbox.wire import Answer, Call


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedService:
    """How CloudTrail writes a service. `model` is botocore's name, `extra` goes into additionalEventData."""

    model: str
    source: str
    extra: Mapping[str, str] | None = None
    text_times: bool = False


RECORDED: Mapping[str, RecordedService] = {
    "ecs": RecordedService(model="ecs", source="ecs.amazonaws.com", text_times=True),
    # The event source is EC2 Auto Scaling's; only additionalEventData tells the two apart.
    "application-autoscaling": RecordedService(
        model="application-autoscaling",
        source="autoscaling.amazonaws.com",
        extra={"service": "application-autoscaling"},
        text_times=True,
    ),
    "eks": RecordedService(model="eks", source="eks.amazonaws.com"),
    "iam": RecordedService(model="iam", source="iam.amazonaws.com", text_times=True),
    "servicediscovery": RecordedService(
        model="servicediscovery", source="servicediscovery.amazonaws.com", text_times=True
    ),
}
"""By SigV4 signing name."""


def as_record(call: Call, answer: Answer, identity: Identity, now: datetime, session_began: str) -> dict[str, Any]:
    """Return the record of a call to one of the `RECORDED` services; `now` is in UTC."""
    service = RECORDED[call.service]
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": identity.cloudtrail(session_began),
        "eventTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": service.source,
        "eventName": call.action,
        "awsRegion": call.region,
        "sourceIPAddress": identity.source_ip,
        "userAgent": identity.invoked_by or call.user_agent,
    }
    if answer.error:
        record["errorCode"], record["errorMessage"] = answer.error
    told = partial(as_recorded, service.model, call.action, text_times=service.text_times)
    changed = not call.read_only and not answer.error
    record["requestParameters"] = told("input", call.body) or None
    record["responseElements"] = (told("output", answer.body) or None) if changed else None
    if service.extra:
        record["additionalEventData"] = dict(service.extra)
    record |= {
        "requestID": answer.request_id,
        "eventID": str(uuid4()),
        "readOnly": call.read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    if not identity.invoked_by:
        record["tlsDetails"] = {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{call.service}.{call.region}.amazonaws.com",
        }
    if identity.console:
        record["sessionCredentialFromConsole"] = "true"  # a string, also in genuine records
    return record


def as_eventbridge(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that EventBridge's default bus carries for a record."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": "AWS API Call via CloudTrail",
        "source": f"aws.{record['eventSource'].partition('.')[0]}",
        "account": record["recipientAccountId"],
        "time": record["eventTime"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    }
