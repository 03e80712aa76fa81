"""Where CloudTrail records come from: one model per kind, told apart by `type`."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StrictBool, StringConstraints, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from reconciler.settings.section import Section, Text

Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,}(-[a-z]+)+-[0-9]+$")]
Regions = Annotated[tuple[Region, ...], Field(min_length=1)]
_SHORTEST_SECRET = 16


class CloudTrailLookupSource(Section):
    """CloudTrail's own LookupEvents API, one feed per region."""

    type: Literal["cloudtrail-lookup"]
    regions: Regions
    profile: Text | None = None


class S3Source(Section):
    """A trail's log files in a bucket."""

    type: Literal["s3"]
    bucket: Text
    prefix: str = ""
    regions: Annotated[tuple[Region, ...], Field(description="empty: every region of the trail")] = ()
    profile: Text | None = None


class SqsSource(Section):
    """A queue of EventBridge events, S3 notifications or CloudTrail's SNS messages, raw or wrapped."""

    type: Literal["sqs"]
    queue_url: Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+/.+")]
    region: Region | None = None
    profile: Text | None = None


class FileSource(Section):
    """Records in a file or directory. After loading, `path` is absolute."""

    type: Literal["file"]
    path: Path


def _address(text: str) -> IPv4Address | IPv6Address:
    """Return the IP address of `127.0.0.1:2801` or `[::1]:2801`; raises ValueError for anything else."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(port)
    return IPv6Address(host[1:-1]) if host.startswith("[") and host.endswith("]") else IPv4Address(host)


def _check_address(text: str) -> str:
    try:
        _address(text)
    except ValueError:
        raise PydanticCustomError("address", "must be an IP address with a port, such as 127.0.0.1:2801") from None
    return text


def _check_secret(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < _SHORTEST_SECRET:
        text = f"must have {_SHORTEST_SECRET} characters or more; make one with `openssl rand -hex 32`"
        raise PydanticCustomError("secret", text)
    return secret


def _path_or_listen(schema: JsonDict) -> None:
    schema["oneOf"] = [{"required": ["path"]}, {"required": ["listen", "secret"]}]


class FalcoSource(Section, json_schema_extra=_path_or_listen):
    """Alerts of Falco's cloudtrail plugin: in its file of JSON lines (`path`), or posted over HTTP (`listen`).

    After loading, `path` is absolute.
    """

    type: Literal["falco"]
    path: Path | None = None
    listen: Annotated[str, AfterValidator(_check_address)] | None = None
    secret: Annotated[SecretStr, AfterValidator(_check_secret)] | None = None
    allow_remote: StrictBool = Field(default=False, description="listen on an address that others can reach")

    @model_validator(mode="after")
    def _check_kind(self) -> FalcoSource:
        if (self.path is None) == (self.listen is None):
            raise PydanticCustomError("kind", "needs either path (Falco's file) or listen (an address to post to)")
        if self.listen is None and (self.secret is not None or self.allow_remote):
            raise PydanticCustomError("kind", "secret and allow_remote belong to listen; remove them")
        if self.listen is not None and self.secret is None:
            raise PydanticCustomError("kind", "listen needs a secret, such as ${RECONCILER_FALCO_SECRET}")
        if self.listen is not None and not (self.allow_remote or _address(self.listen).is_loopback):
            text = "others can reach this address; listen on 127.0.0.1, or say allow_remote: true behind a TLS proxy"
            raise PydanticCustomError("kind", text)
        return self


SourceSettings = CloudTrailLookupSource | S3Source | SqsSource | FileSource | FalcoSource
SourceSection = Annotated[SourceSettings, Field(discriminator="type")]
