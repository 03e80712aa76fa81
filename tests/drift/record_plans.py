"""Record the plans that the tests of this room read: `python tests/drift/record_plans.py`.

Applies `stack/` and `spellings/` to the sandbox with the terraform that is installed, changes them outside Terraform
through boto3, and writes the plans as Terraform prints them, shortened of nothing, to `recorded/`. Takes about four
minutes; `record_plans.py spellings` records that stack alone. Run it again when the versions of Terraform or the
provider move, and read the difference.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from reconciler.adapters.terraform import TerraformCli, find_binary
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"


def main() -> None:
    RECORDED.mkdir(exist_ok=True)
    stacks = {"stack": record_stack, "spellings": record_spellings}
    for name in sys.argv[1:] or stacks:
        with tempfile.TemporaryDirectory() as scratch, Sandbox() as sandbox:
            root = Path(scratch) / name
            shutil.copytree(HERE / name, root)
            environment = sandbox.environment("terraform")
            terraform = TerraformCli(find_binary("terraform"))
            workspace = Workspace(name=name, path=root, environment=environment)
            terraform.initialise(workspace)
            _terraform(root, environment, "apply", "-auto-approve")
            stacks[name](sandbox, terraform, workspace)


def record_stack(sandbox: Sandbox, terraform: TerraformCli, workspace: Workspace) -> None:
    """Record one plan for each thing that the drift room tells apart."""
    _record("after_apply.refresh_only", terraform.plan(workspace, "refresh-only", show="always").json)
    change_outside(sandbox.client("ecs", "ops-admin"), sandbox.client("application-autoscaling", "ops-admin"))
    _record("changed.refresh_only", terraform.plan(workspace, "refresh-only", show="always").json)
    _record("changed.full", terraform.plan(workspace, "full", show="always").json)
    revisions = ("web:1", "web:2", "tracked:1", "secretive:2")
    ecs = sandbox.client("ecs", "ops-admin")
    _record("revisions", {name: _revision(ecs, name) for name in revisions})
    (workspace.path / "caught_up.auto.tfvars").write_text("worker_count = 4\n")
    _record("caught_up.full", terraform.plan(workspace, "full", show="always").json)


def record_spellings(sandbox: Sandbox, terraform: TerraformCli, workspace: Workspace) -> None:
    """Record what says the same in other words, and every way to ignore; with code that nobody applied."""
    ecs = sandbox.client("ecs", "ops-admin")
    repeat_in_other_words(ecs)
    _record("spelled_again.refresh_only", terraform.plan(workspace, "refresh-only", show="always").json)
    subnets = sandbox.client("ec2", "ops-admin").describe_subnets(
        Filters=[{"Name": "cidr-block", "Values": ["10.1.2.0/24"]}]
    )
    change_what_is_ignored(ecs, subnets["Subnets"][0]["SubnetId"])
    _record("ignored.refresh_only", terraform.plan(workspace, "refresh-only", show="always").json)
    (workspace.path / "unapplied.auto.tfvars").write_text('propagate = "SERVICE"\n')
    _record("ignored.full", terraform.plan(workspace, "full", show="always").json)
    names = ("odd:1", "odd:2", "spelled-web:1", "spelled-web:2")
    _record("spelled_revisions", {name: _revision(ecs, name) for name in names})


def repeat_in_other_words(ecs: Any) -> None:
    """Ask for what is there already, as consoles and other tools write it; register a revision of the same content."""
    ecs.put_cluster_capacity_providers(
        cluster="spellings",
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[
            {"capacityProvider": "FARGATE", "weight": 0, "base": 0},
            {"capacityProvider": "FARGATE_SPOT", "weight": 2},
        ],
    )
    ecs.update_service(cluster="spellings", service="web", desiredCount=2, forceNewDeployment=True)
    odd = ecs.describe_task_definition(taskDefinition="odd")["taskDefinition"]
    containers = list(reversed(odd["containerDefinitions"]))
    for container in containers:
        container["portMappings"] = [
            {"hostPort": port["containerPort"], "protocol": "tcp"} | port
            for port in reversed(container["portMappings"])
        ]
        container["environment"] = list(reversed(container["environment"]))
        container |= {"systemControls": [], "privileged": False, "dnsServers": []}
    ecs.register_task_definition(
        family="odd",
        requiresCompatibilities=["EC2", "FARGATE"],
        networkMode="awsvpc",
        cpu="512",
        memory="1024",
        volumes=[{"name": "scratch", "host": {}}],
        containerDefinitions=containers,
        tags=[{"key": "Stack", "value": "spellings"}],
    )


def change_what_is_ignored(ecs: Any, subnet: str) -> None:
    """Make changes that the code ignores, and beside each one that it does not."""
    for service in ("deployed", "everything", "overridden", "json"):
        ecs.update_service(cluster="spellings", service=service, desiredCount=3)
    for service in ("everything", "overridden", "json", "web"):
        ecs.update_service(cluster="spellings", service=service, enableExecuteCommand=True)
    web = ecs.describe_task_definition(taskDefinition="spelled-web")["taskDefinition"]["containerDefinitions"][0]
    del web["logConfiguration"], web["readonlyRootFilesystem"]
    web |= {"image": "evil.example/web:1", "privileged": True, "user": "root"}
    web["portMappings"] = [{"containerPort": 80, "hostPort": 80}]
    moved_to = ecs.register_task_definition(
        family="spelled-web",
        pidMode="host",
        volumes=[{"name": "root", "host": {"sourcePath": "/"}}],
        containerDefinitions=[web],
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.update_service(cluster="spellings", service="deployed", taskDefinition=moved_to)
    described = ecs.describe_services(cluster="spellings", services=["tagged", "ports"])["services"]
    arns = {service["serviceName"]: service for service in described}
    tags = [{"key": "Team", "value": "sales"}, {"key": "Owner", "value": "joe"}, {"key": "Stack", "value": "other"}]
    ecs.tag_resource(resourceArn=arns["tagged"]["serviceArn"], tags=tags)
    network = arns["ports"]["networkConfiguration"]
    network["awsvpcConfiguration"] |= {"subnets": [subnet], "assignPublicIp": "ENABLED"}
    ecs.update_service(cluster="spellings", service="ports", networkConfiguration=network)


def change_outside(ecs: Any, scaling: Any) -> None:
    """Make the changes that the tests expect to find, and a few that are none."""
    ecs.update_cluster_settings(cluster="main", settings=[{"name": "containerInsights", "value": "enabled"}])
    ecs.put_cluster_capacity_providers(
        cluster="main",
        capacityProviders=["FARGATE_SPOT", "FARGATE"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
    )
    ecs.update_capacity_provider(
        name="ec2", autoScalingGroupProvider={"managedScaling": {"status": "ENABLED", "targetCapacity": 80}}
    )
    web = ecs.describe_task_definition(taskDefinition="web")["taskDefinition"]
    containers = web["containerDefinitions"]
    containers[0]["image"] = "nginx:1.21"
    moved_to = ecs.register_task_definition(
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="1024",
        containerDefinitions=[*containers, {"name": "probe", "image": "probe:1"}],
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.register_task_definition(
        family="tracked", containerDefinitions=[{"name": "job", "image": "job:2", "memory": 64}]
    )
    ecs.register_task_definition(
        family="secretive",
        containerDefinitions=[
            {"name": "job", "image": "job:1", "memory": 64, "environment": [{"name": "TOKEN", "value": "another"}]}
        ],
    )
    ecs.deregister_task_definition(taskDefinition="deregistered:1")
    ecs.update_service(cluster="main", service="web", desiredCount=5, enableExecuteCommand=True)
    arn = ecs.describe_services(cluster="main", services=["web"])["services"][0]["serviceArn"]
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "Team", "value": "sales"}, {"key": "Owner", "value": "jane"}])
    ecs.update_service(cluster="main", service="moved", taskDefinition=moved_to)
    ecs.update_service(cluster="main", service="worker", desiredCount=4)
    app = ecs.describe_services(cluster="main", services=["app-a"])["services"][0]
    network = app["networkConfiguration"]
    network["awsvpcConfiguration"]["assignPublicIp"] = "ENABLED"
    ecs.update_service(cluster="main", service="app-a", desiredCount=6, networkConfiguration=network)
    ecs.update_service(cluster="main", service="app-b", taskDefinition=moved_to)
    scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/main/web",
        ScalableDimension="ecs:service:DesiredCount",
        MaxCapacity=8,
    )


def _revision(ecs: Any, name: str) -> Any:
    """Return the API's answer without its times, which boto3 has turned into objects."""
    answer = ecs.describe_task_definition(taskDefinition=name)["taskDefinition"]
    return {member: value for member, value in answer.items() if not member.endswith("At")}


def _terraform(root: Path, environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        ["terraform", *arguments, "-input=false", "-no-color"], cwd=root, env={**os.environ, **environment}, check=True
    )


def _record(name: str, plan: Any) -> None:
    # Written small: these files are read by tests, and by people through `jq`.
    (RECORDED / f"{name}.json").write_text(json.dumps(plan, separators=(",", ":")) + "\n")
    print(f"recorded {name}")


if __name__ == "__main__":
    main()
