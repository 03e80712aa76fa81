"""How a call was made: what the user agent and the record around it say. A hint: any client can send any user agent."""

from __future__ import annotations

import re
from functools import lru_cache

from reconciler.model import Via

_TERRAFORM = re.compile(r"(?:Terraform|OpenTofu)/|terraform-provider-aws/")
_PULUMI = re.compile(r"Pulumi", re.IGNORECASE)
_CLI = re.compile(r"\A\[?aws-cli/|exec-env/CloudShell|copilot-cli", re.IGNORECASE)
_SDK = re.compile(r"boto3|botocore|aws-sdk-|aws-sdk/|awssdk|aws-internal/|smithy", re.IGNORECASE)
_CONSOLE = re.compile(r"\A\[?(?:console|signin)\.|\A\[?S3Console|\AMozilla/|AWS Console Mobile", re.IGNORECASE)
_CONSOLE_HOSTS = ("signin.amazonaws.com", "console.amazonaws.com")
_HOST = re.compile(r"[a-z0-9.-]+\.(?:amazonaws\.com(?:\.cn)?|aws\.internal)\Z")


def via_of(agent: str, invoker: str, *, console_session: bool) -> Via:
    """Return how a call was made; `unknown` when nothing says. What a record lacks is empty."""
    if invoker and invoker not in _CONSOLE_HOSTS:
        return "cloudformation" if invoker.startswith("cloudformation.") else "service"
    if _PULUMI.search(agent):
        return "sdk"
    if is_terraform(agent):
        return "terraform"
    if _CLI.search(agent):
        return "cli"
    if invoker or console_session or _CONSOLE.search(agent):
        return "console"
    if agent.startswith("cloudformation."):
        return "cloudformation"
    if _HOST.match(agent) or agent == "AWS Internal":
        return "service"
    return "sdk" if _SDK.search(agent) else "unknown"


@lru_cache(maxsize=128)
def is_terraform(agent: str) -> bool:
    """Tell whether a user agent claims to be Terraform or OpenTofu, wherever in the text the claim stands."""
    return _TERRAFORM.search(agent) is not None
