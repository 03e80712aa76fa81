"""Change events against the states of several workspaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from reconciler.match import StateIndex, Target, Unmatched, build_index, match_event, summarise
from reconciler.match.index import Loaded
from reconciler.model import ChangeEvent, Entry, ResourceId, State, StateResource
from tests.change_events import ACCOUNT, REGION, change_event

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'


def resource(workspace: str, address: str, provider: str = PROVIDER, **attributes: Any) -> StateResource:
    type_ = address.rsplit(".", 2)[-2].removeprefix("]")
    return StateResource(workspace=workspace, address=address, type=type_, provider=provider, attributes=attributes)


def service(workspace: str, address: str, name: str, cluster: str = "prod", account: str = ACCOUNT) -> StateResource:
    arn = f"arn:aws:ecs:{REGION}:{account}:service/{cluster}/{name}"
    return resource(workspace, address, id=arn, name=name, cluster=cluster)


def cluster(workspace: str, address: str, name: str = "prod") -> StateResource:
    return resource(workspace, address, arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{name}", name=name)


def state(workspace: str, *resources: StateResource) -> State:
    return State(workspace=workspace, serial=1, lineage="x", resources=resources)


def event(identity: ResourceId, account: str = ACCOUNT, region: str = REGION) -> ChangeEvent:
    return change_event(identity, account=account, region=region)


def addresses(found: tuple[Target | Unmatched, ...]) -> list[str]:
    return [match.address for match in found if isinstance(match, Target)]


WEB = ResourceId(type="aws_ecs_service", cluster="prod", name="web")


def test_a_service_is_found_by_cluster_and_name_with_its_module_and_index() -> None:
    index = build_index([state("a", service("a", 'module.x["eu"].aws_ecs_service.this[0]', "web"))], {})
    assert addresses(match_event(event(WEB), index)) == ['module.x["eu"].aws_ecs_service.this[0]']


def test_a_service_of_the_same_name_in_another_cluster_is_another_service() -> None:
    index = build_index([state("a", service("a", "aws_ecs_service.web", "web", cluster="staging"))], {})
    assert not addresses(match_event(event(WEB), index))


@pytest.mark.parametrize("place", [{"account": "999999999999"}, {"region": "eu-west-1"}])
def test_the_same_names_elsewhere_do_not_match(place: dict[str, str]) -> None:
    index = build_index([state("a", service("a", "aws_ecs_service.web", "web"))], {})
    assert not addresses(match_event(event(WEB, **place), index))


def test_a_task_definition_of_a_services_name_is_not_taken_for_the_service() -> None:
    definition = resource(
        "a",
        "aws_ecs_task_definition.web",
        arn=f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:3",
        family="web",
    )
    index = build_index([state("a", definition)], {})
    assert not addresses(match_event(event(WEB), index))
    family = ResourceId(type="aws_ecs_task_definition", family="web", revision=9)
    assert addresses(match_event(event(family), index)) == ["aws_ecs_task_definition.web"]


def test_a_resource_in_two_states_is_reported_for_both() -> None:
    index = build_index(
        [
            state("a", service("a", "aws_ecs_service.web", "web")),
            state("b", service("b", "aws_ecs_service.copy", "web")),
        ],
        {},
    )
    assert addresses(match_event(event(WEB), index)) == ["aws_ecs_service.web", "aws_ecs_service.copy"]


def test_cluster_capacity_providers_without_an_arn_take_the_place_of_their_provider() -> None:
    providers = resource("a", "aws_ecs_cluster_capacity_providers.main", id="prod", cluster_name="prod")
    index = build_index([state("a", cluster("a", "aws_ecs_cluster.main"), providers)], {})
    wanted = ResourceId(type="aws_ecs_cluster_capacity_providers", name="prod")
    assert addresses(match_event(event(wanted), index)) == ["aws_ecs_cluster_capacity_providers.main"]
    assert not addresses(match_event(event(wanted, region="eu-west-1"), index))


def test_a_provider_that_works_in_two_regions_leaves_the_place_open_rather_than_guessing() -> None:
    other = resource("a", "aws_s3_bucket.b", arn="arn:aws:ecs:eu-west-1:123456789012:cluster/x", name="x")
    providers = resource("a", "aws_ecs_cluster_capacity_providers.main", id="prod", cluster_name="prod")
    index = build_index([state("a", cluster("a", "aws_ecs_cluster.main"), other, providers)], {})
    wanted = ResourceId(type="aws_ecs_cluster_capacity_providers", cluster="prod")
    assert addresses(match_event(event(wanted, region="eu-west-1"), index))


def test_a_service_in_no_state_belongs_to_the_workspace_of_its_cluster() -> None:
    index = build_index([state("a", cluster("a", "aws_ecs_cluster.main"))], {})
    (found,) = match_event(event(WEB), index)
    assert isinstance(found, Unmatched)
    assert found.owner == "a"


def test_capacity_providers_in_no_state_are_not_said_to_be_the_cluster() -> None:
    index = build_index([state("a", cluster("a", "aws_ecs_cluster.main"))], {})
    arn = "arn:aws:ecs:us-east-1:123456789012:cluster/prod"
    wanted = ResourceId(type="aws_ecs_cluster_capacity_providers", cluster="prod", arn=arn)
    (found,) = match_event(event(wanted), index)
    assert isinstance(found, Unmatched)
    assert found.owner == "a"
    assert found.reason.startswith("the capacity providers of cluster prod are in no state, though a manages")


def test_what_nobody_owns_is_unmatched() -> None:
    (found,) = match_event(event(WEB), build_index([state("a")], {}))
    assert isinstance(found, Unmatched)
    assert found.owner is None


def test_a_container_instance_claims_no_terraform_resource() -> None:
    index = build_index([state("a", cluster("a", "aws_ecs_cluster.main"))], {})
    (found,) = match_event(event(ResourceId(type=None, cluster="prod", name="i-1")), index)
    assert isinstance(found, Unmatched)
    assert found.owner == "a"
    assert "no resource" in found.reason


def controlled(name: str, controller: str) -> StateResource:
    made = service("a", f"aws_ecs_service.{name}", name)
    attributes = {**made.attributes, "deployment_controller": [{"type": controller}]}
    return resource("a", made.address, **attributes)


def task_set(service_name: str) -> ResourceId:
    return ResourceId(type="aws_ecs_task_set", cluster="prod", service=service_name, name="ecs-svc/1")


def test_a_task_set_that_codedeploy_makes_is_its_services_concern_once() -> None:
    index = build_index([state("a", cluster("a", "aws_ecs_cluster.prod"), controlled("web", "CODE_DEPLOY"))], {})
    moved = replace(event(WEB), resources=(WEB, task_set("web")))
    assert addresses(match_event(moved, index)) == ["aws_ecs_service.web"]


@pytest.mark.parametrize("controller", ["EXTERNAL", "ECS"])
def test_any_other_task_set_that_is_in_no_state_is_unmanaged(controller: str) -> None:
    index = build_index([state("a", cluster("a", "aws_ecs_cluster.prod"), controlled("web", controller))], {})
    (found,) = match_event(event(task_set("web")), index)
    assert isinstance(found, Unmatched)
    assert found.owner == "a"


def revision(number: int | None, family: str = "job") -> ResourceId:
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/{family}:{number}"
    return ResourceId(type="aws_ecs_task_definition", family=family, revision=number, arn=arn)


def runner(workspace: str, running: str) -> StateResource:
    arn = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/prod/web"
    return resource(workspace, "aws_ecs_service.web", id=arn, name="web", cluster="prod", task_definition=running)


def definition(workspace: str, number: int) -> StateResource:
    return resource(workspace, "aws_ecs_task_definition.job", arn=revision(number).arn, family="job", revision=number)


def ended(number: int) -> ChangeEvent:
    return change_event(revision(number), name="DeregisterTaskDefinition")


def test_a_revision_that_no_state_has_and_a_managed_service_runs_is_missed() -> None:
    for running in ("job:7", str(revision(7).arn)):
        index = build_index([state("shop", runner("shop", running))], {})
        (missed,) = match_event(ended(7), index)
        assert isinstance(missed, Unmatched)
        assert (missed.owner, missed.in_use) == ("shop", True)
        assert (
            "job:7 was taken away (DeregisterTaskDefinition), and aws_ecs_service.web in shop runs it" in missed.reason
        )


def test_a_revision_that_its_state_has_as_text_is_that_revision() -> None:
    kept = resource("app", "aws_ecs_task_definition.job", arn=revision(7).arn, family="job", revision="7")
    (found,) = match_event(ended(7), build_index([state("app", kept, runner("app", "job:7"))], {}))
    assert isinstance(found, Target)
    assert found.identity.revision == 7


def test_another_revision_than_the_one_that_runs_is_not_missed() -> None:
    index = build_index([state("shop", runner("shop", "job:7"))], {})
    for event in (ended(8), change_event(revision(7), name="RegisterTaskDefinition")):
        (stray,) = match_event(event, index)
        assert isinstance(stray, Unmatched)
        assert (stray.owner, stray.in_use) == (None, False)


def test_a_revision_that_another_workspace_manages_says_who_runs_it() -> None:
    index = build_index([state("shop", runner("shop", "job:7")), state("base", definition("base", 7))], {})
    (target,) = match_event(ended(7), index)
    assert isinstance(target, Target)
    assert (target.workspace, target.used_by) == ("base", "aws_ecs_service.web in shop")
    newer = build_index([state("shop", runner("shop", "job:7")), state("base", definition("base", 8))], {})
    family, missed = match_event(ended(7), newer)
    assert isinstance(family, Target)
    assert isinstance(missed, Unmatched)
    assert (family.workspace, family.used_by, missed.owner) == ("base", "", "shop")


def test_a_revision_of_the_same_state_is_told_by_its_plan() -> None:
    index = build_index([state("shop", runner("shop", "job:7"), definition("shop", 7))], {})
    (target,) = match_event(ended(7), index)
    assert isinstance(target, Target)
    assert target.used_by == ""


def test_at_its_address_a_resource_is_itself_whatever_it_uses() -> None:
    user = resource(
        "shop",
        "aws_ecs_task_definition.job",
        arn=revision(7).arn,
        family="job",
        revision=7,
        task_role_arn=f"arn:aws:iam::{ACCOUNT}:role/task",
    )
    index = build_index([state("shop", user, runner("shop", "other:1"))], {})
    itself, service_itself = (index.at("shop", address) for address in (user.address, "aws_ecs_service.web"))
    assert itself is not None
    assert (itself.identity.type, itself.identity.family) == ("aws_ecs_task_definition", "job")
    assert service_itself is not None
    assert (service_itself.identity.type, service_itself.identity.name) == ("aws_ecs_service", "web")


class Shelf(Loaded):
    """A shelf that notes the keys that are looked up."""

    def __init__(self, *states: State) -> None:
        super().__init__(entry for each in states for entry in summarise(each, "1", None).entries)
        self.keys: list[str] = []

    def with_key(self, key: str, account: str | None, region: str | None) -> Iterable[Entry]:
        self.keys.append(key)
        return super().with_key(key, account, region)


def test_many_events_about_one_resource_cost_one_look_into_the_store() -> None:
    shelf = Shelf(state("a", service("a", "aws_ecs_service.web", "web")))
    index = StateIndex((), shelf)
    found = [addresses(match_event(event(WEB), index)) for _ in range(3)]
    assert (found, len(shelf.keys)) == ([["aws_ecs_service.web"]] * 3, 1)


@pytest.mark.parametrize("place", [{"account": "999999999999"}, {"region": "eu-west-1"}])
def test_what_was_found_in_one_place_is_not_what_is_found_in_another(place: dict[str, str]) -> None:
    index = StateIndex((), Shelf(state("a", service("a", "aws_ecs_service.web", "web"))))
    assert addresses(match_event(event(WEB), index))
    assert not addresses(match_event(event(WEB, **place), index))


BOB = f"arn:aws:iam::{ACCOUNT}:user/bob"


def why(name: str, kind: str | None, **requested: Any) -> str:
    setting = ResourceId(type=kind, name="containerInsights")
    (found,) = match_event(change_event(setting, name=name, requested=requested), build_index([], {}))
    assert isinstance(found, Unmatched)
    return found.reason


def test_whose_own_account_setting_it_is_and_what_it_is_now_is_said() -> None:
    own = f"the account setting containerInsights of {BOB}, over the account's default, was "
    nothing = "Terraform has no resource for that, so there is nothing to plan"
    assert why("PutAccountSetting", None, principal_arn=BOB, value="enabled") == f"{own}set to enabled; {nothing}"
    assert why("DeleteAccountSetting", None, principal_arn=BOB) == f"{own}removed; {nothing}"


def test_a_default_is_called_an_account_setting_and_what_has_no_resource_is_not() -> None:
    default = why("PutAccountSettingDefault", "aws_ecs_account_setting_default", value="enabled")
    assert default.startswith("account setting containerInsights is in the state of no configured workspace")
    assert why("TagResource", None) == "Terraform has no resource for containerInsights, so there is nothing to plan"
