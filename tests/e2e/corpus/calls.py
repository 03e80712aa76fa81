"""The calls that people make to the services of one cluster."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox import Sandbox

HERE = "services"
"""The workspace, and its main cluster."""


def update(sandbox: Sandbox, service: str, who: str = "ops-admin", cluster: str = HERE, **asked: Any) -> Any:
    """Update a service of the main cluster."""
    return sandbox.client("ecs", who).update_service(cluster=cluster, service=service, **asked)["service"]


def described(sandbox: Sandbox, service: str) -> Any:
    """Return the live service; the call is recorded, as a person's look would be."""
    return sandbox.client("ecs", "jane").describe_services(cluster=HERE, services=[service])["services"][0]


def subnet(sandbox: Sandbox, letter: str) -> str:
    """Return a subnet's id."""
    block = {"a": "10.0.1.0/24", "b": "10.0.2.0/24", "c": "10.0.3.0/24"}[letter]
    return next(str(each["SubnetId"]) for each in _subnets(sandbox) if each["CidrBlock"] == block)


def _subnets(sandbox: Sandbox) -> Any:
    group = sandbox.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["services-inside"]}]
    )["SecurityGroups"][0]
    return sandbox.client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [group["VpcId"]]}])["Subnets"]


def security_group(sandbox: Sandbox, name: str) -> str:
    """Return a security group's id."""
    filters = [{"Name": "group-name", "Values": [f"services-{name}"]}]
    return str(sandbox.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"])


def network(sandbox: Sandbox, subnets: str, group: str) -> Any:
    """Return a request's networkConfiguration; `subnets` are their letters, in order."""
    return {
        "awsvpcConfiguration": {
            "subnets": [subnet(sandbox, letter) for letter in subnets],
            "securityGroups": [security_group(sandbox, group)],
        }
    }


def tag(sandbox: Sandbox, service: str, key: str, value: str, who: str = "ops-admin") -> Any:
    """Set one tag of a service."""
    arn = described(sandbox, service)["serviceArn"]
    return sandbox.client("ecs", who).tag_resource(resourceArn=arn, tags=[{"key": key, "value": value}])
