"""One raw record in, one outcome out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

from reconciler.events.actor import actor_of
from reconciler.events.catalogue import APPLICATION_AUTO_SCALING, CATALOGUE, RELATED, SOURCES, Call
from reconciler.events.identity import Place, failures_only, first_arn, resources_of
from reconciler.events.quick import Mould
from reconciler.events.requested import requested
from reconciler.events.secrets import without_secrets
from reconciler.events.trust import is_trusted
from reconciler.events.values import account, mapping, present, text, truth
from reconciler.events.via import is_terraform
from reconciler.model import Broken, ChangeEvent, JsonObject, Outcome, Record, Skipped, SkipReason, Trust

_EVENT = Mould(ChangeEvent)
_READS = re.compile(r"(?:Describe|List|Get|Discover|BatchGet|Search)(?=[A-Z]|\Z)")
_LONGEST_TIME = 64
_KEEPS_RESPONSE = frozenset({"RegisterTaskDefinition", "DeregisterTaskDefinition"})


def parse(record: Record, trust: Trust) -> Outcome:
    """Tell what a record is: a change, skipped with the reason, or broken. Never raises, whatever the record holds.

    `Broken` is for what is no CloudTrail record, or a change without a readable time.
    """
    try:
        return _parse(record, trust)
    except RecursionError:
        return Broken("the record is nested too deeply to be read", record.where)


def _parse(record: Record, trust: Trust) -> Outcome:
    body = mapping(record.body)
    if not _is_api_call(body):
        return _skipped(record, "not_an_api_call")
    source, name = text(body.get("eventSource")), text(body.get("eventName"))
    if source is None or name is None:
        return Broken("no CloudTrail record: eventSource or eventName is missing or no text", record.where)
    if not _is_ours(source, body):
        return _skipped(record, "other_service")
    call = CATALOGUE.get((source, name))
    if call is None and source in RELATED:
        return _skipped(record, "other_service")
    if call is None:
        reads = truth(body.get("readOnly")) or _READS.match(name)
        return _skipped(record, "read_only" if reads else "unsupported")
    if call.classification != "change":
        return _skipped(record, call.classification)
    response = present(body.get("responseElements"))
    reason = _no_candidate(call, body, response, trust)
    return _skipped(record, reason) if reason else _change(call, body, response, record)


def _is_api_call(body: JsonObject) -> bool:
    # Insights name neither call nor service; records of 2013 have no eventType.
    insight = body.get("eventCategory") == "Insight" or "insightDetails" in body
    return not insight and (text(body.get("eventType")) or "AwsApiCall") == "AwsApiCall"


def _is_ours(source: str, body: JsonObject) -> bool:
    if source not in SOURCES:
        return False
    shared_source, service = APPLICATION_AUTO_SCALING
    if source != shared_source:
        return True
    # Tags name their target by ARN; every other call says what kind of service it scales.
    scaled = present(body.get("requestParameters")).get("serviceNamespace", "ecs")
    return mapping(body.get("additionalEventData")).get("service") == service and scaled == "ecs"


def _no_candidate(call: Call, body: JsonObject, response: JsonObject, trust: Trust) -> SkipReason | None:
    if body.get("errorCode") or body.get("errorMessage") or failures_only(call, response):
        return "failed_call"
    if is_trusted(body.get("userIdentity"), trust):
        return "trusted"
    if trust.terraform_user_agent == "skip" and is_terraform(text(body.get("userAgent")) or ""):
        return "terraform"
    return None


def _change(call: Call, body: JsonObject, response: JsonObject, record: Record) -> Outcome:
    time = _time(body.get("eventTime"))
    if time is None:
        return Broken(f"{call.name}: eventTime is missing or no time", record.where)
    request = present(body.get("requestParameters"))
    place = _place(call, body, response)
    event = _EVENT.blank()
    _EVENT.fill(
        event,
        id=_id(body),
        name=call.name,
        source=call.source,
        time=time,
        account=place.account or "",
        region=place.region or "",
        severity=call.severity,
        resources=resources_of(call, request, response, place),
        requested=requested(call.attributes, request),
        actor=actor_of(body),
        where=record.where,
        touches=call.touches,
        effect=call.effect,
        takes=call.takes,
        response=_kept(call, request, response),
    )
    return event


def _kept(call: Call, request: JsonObject, response: JsonObject) -> JsonObject:
    """Return what of an answer tells more than the request: a revision's content, and which one a family meant."""
    if call.name in _KEEPS_RESPONSE:
        kept: JsonObject = without_secrets(response)
        return kept
    revision = text(mapping(response.get("service")).get("taskDefinition")) if "taskDefinition" in request else None
    return {"service": {"taskDefinition": revision}} if revision else {}


def _place(call: Call, body: JsonObject, response: JsonObject) -> Place:
    # The resource is the recipient's: the caller may be of another account.
    owner, region = account(body.get("recipientAccountId")), text(body.get("awsRegion"))
    if owner and region:
        return Place(owner, region)
    arn = first_arn(call, response)
    caller = account(mapping(body.get("userIdentity")).get("accountId"))
    return Place(owner or (arn.account if arn else None) or caller, region or (arn.region if arn else None))


def _time(value: object) -> datetime | None:
    """Read `2021-02-01T13:20:25Z`, also with fractions or a space; without a zone it is UTC."""
    return _instant(value) if isinstance(value, str) and len(value) <= _LONGEST_TIME else None


@lru_cache(maxsize=3600)  # a log's records are of the same few seconds: those of an hour are kept
def _instant(value: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _id(body: JsonObject) -> str:
    """Return the eventID, or a digest of the record where it has none, so that its copies are still known."""
    known = text(body.get("eventID"))
    if known is not None:
        return known
    canonical = json.dumps(body, sort_keys=True, default=str)
    return f"sha256:{sha256(canonical.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def _skipped(record: Record, reason: SkipReason) -> Skipped:
    body = mapping(record.body)
    return Skipped(
        reason=reason, where=record.where, event_id=text(body.get("eventID")), name=text(body.get("eventName"))
    )
