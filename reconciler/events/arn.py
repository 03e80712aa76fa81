"""Amazon Resource Names: taken apart and built."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-iso-", "aws-iso"),
    ("eusc-", "aws-eusc"),
)
"""Partitions by their regions' prefixes, as in botocore's `partitions.json`; every other region is in `aws`."""


class Arn(NamedTuple):
    """An ARN in parts; `resource` is everything after the account, e.g. `service/prod/web`."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


@lru_cache(maxsize=128)
def parse_arn(text: str | None) -> Arn | None:
    """Return the parts of an ARN, None for any other text."""
    parts = (text or "").split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[5]:
        return None
    return Arn(*parts[1:])


def partition_of(region: str) -> str:
    """Return the partition that a region belongs to."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


def ecs_arn(region: str | None, account: str | None, resource: str) -> str | None:
    """Build the ARN of an ECS resource, None when the record does not say where it is."""
    if not (region and account):
        return None
    return str(Arn(partition_of(region), "ecs", region, account, resource))
