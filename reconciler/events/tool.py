"""Which program made a call, as its user agent says: a hint, as `via` is. The first row that fits tells."""

from __future__ import annotations

import re
from typing import NamedTuple


class _Tool(NamedTuple):
    """What a user agent holds, and what it is called; `{}` is the version that the pattern catches, if any."""

    pattern: re.Pattern[str]
    name: str


def _row(pattern: str, name: str) -> _Tool:
    return _Tool(re.compile(pattern, re.IGNORECASE), name)


_VERSION = r"([\w.-]{1,40})"
_TOOLS = (
    _row(rf"\bOpenTofu/{_VERSION}", "OpenTofu {}"),
    _row(rf"\bpulumi(?:-aws)?/{_VERSION}|\bPulumi\b", "Pulumi {}"),
    _row(rf"\bTerraform/{_VERSION}", "Terraform {}"),
    _row(rf"\bterraform-provider-aws/{_VERSION}", "Terraform's AWS provider {}"),
    _row(rf"\bcopilot-cli(?:/v?{_VERSION})?", "AWS Copilot {}"),
    _row(r"exec-env/CloudShell", "AWS CloudShell"),
    _row(rf"\baws-cli/{_VERSION}", "AWS CLI {}"),
    _row(rf"\b(?:aws-)?cdk(?:-cli)?/{_VERSION}|\baws-cdk\b", "AWS CDK {}"),
    _row(r"\A\[?cloudformation\.", "AWS CloudFormation"),
    _row(r"\A\[?codedeploy\.", "AWS CodeDeploy"),
    _row(rf"\bBoto3/{_VERSION}", "Boto3 {} (Python)"),
    _row(rf"\bBotocore/{_VERSION}", "Botocore {} (Python)"),
    _row(rf"\baws-sdk-go-v2/{_VERSION}", "AWS SDK for Go {}"),
    _row(rf"\baws-sdk-go/{_VERSION}", "AWS SDK for Go {}"),
    _row(rf"\baws-sdk-(?:nodejs|js)/{_VERSION}", "AWS SDK for JavaScript {}"),
    _row(rf"\baws-sdk-java/{_VERSION}", "AWS SDK for Java {}"),
    _row(rf"\baws-sdk-kotlin/{_VERSION}", "AWS SDK for Kotlin {}"),
    _row(rf"\baws-sdk-rust/{_VERSION}", "AWS SDK for Rust {}"),
    _row(rf"\baws-sdk-ruby\d?/{_VERSION}", "AWS SDK for Ruby {}"),
    _row(rf"\baws-sdk-php\d?/{_VERSION}", "AWS SDK for PHP {}"),
    _row(rf"\baws-sdk-swift/{_VERSION}", "AWS SDK for Swift {}"),
    _row(rf"\baws-sdk-cpp/{_VERSION}", "AWS SDK for C++ {}"),
    _row(rf"\bAWSPowerShell[\w.]*/{_VERSION}", "AWS Tools for PowerShell {}"),
    _row(rf"\baws-sdk-(?:dotnet|net)[\w-]*[/#]{_VERSION}", "AWS SDK for .NET {}"),
)

_SERVICES = {"cloudformation": "AWS CloudFormation", "codedeploy": "AWS CodeDeploy"}


def tool_of(agent: str, invoker: str) -> str | None:
    """Return the program's name with its version, such as `OpenTofu 1.8.2`; None where nothing says.

    `agent` is the record's user agent, `invoker` the service that called for somebody; either may be empty.
    """
    if invoker.partition(".")[0] in _SERVICES:
        return _SERVICES[invoker.partition(".")[0]]
    for tool in _TOOLS:
        found = tool.pattern.search(agent)
        if found:
            version = next((group for group in found.groups() if group), "")
            return " ".join(tool.name.format(version).split())
    return None
