"""Which changes a security reviewer wants to hear of first: the default table of severities, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final, TypeAlias

from reconciler.drift.catalogue import MAPS
from reconciler.drift.images import is_pinned
from reconciler.model.drift import AttributeChange, Member, render_path
from reconciler.model.json import Json

Test: TypeAlias = Callable[[Json, Json], bool]
"""Tells from the state's and the live value whether a change is grave."""


@dataclass(frozen=True, slots=True)
class Place:
    """An attribute inside a change: the names that lead to it, and its value in the state and live.

    `along` tells that it is gone along with what it belonged to, such as a container.
    """

    names: tuple[str, ...]
    state: Json
    live: Json
    along: bool = False


@dataclass(frozen=True, slots=True)
class Grave:
    """One row: the attribute, by the end of its path (`capabilities.add`) or, with `inside`, anywhere in it.

    With `member`, only in that member of a list: of a cluster's settings, say, which differ in nothing but their name.
    `host` says that it gives a container what is the host's.
    """

    name: str
    because: str
    test: Test = lambda _state, _live: True
    inside: bool = False
    member: str | None = None
    host: bool = False

    def holds(self, place: Place) -> bool:
        """Tell whether the row is about a place, and its test holds there."""
        if self.inside:
            return self.name in place.names and self.test(place.state, place.live)
        steps = tuple(self.name.split("."))
        return place.names[-len(steps) :] == steps and self.test(place.state, place.live)


def _on(_state: Json, live: Json) -> bool:
    return bool(live)


def _off(state: Json, live: Json) -> bool:
    return bool(state) and not live


def _is(*values: Json) -> Test:
    return lambda _state, live: live in values


def _had(state: Json, _live: Json) -> bool:
    return bool(state)


def _no_longer(value: Json) -> Test:
    return lambda state, live: state == value != live


def _more(state: Json, live: Json) -> bool:
    return bool(set(_texts(live)) - set(_texts(state)))


def _fewer(state: Json, live: Json) -> bool:
    return bool(set(_texts(state)) - set(_texts(live)))


def _texts(value: Json) -> list[str]:
    return [str(member) for member in value] if isinstance(value, list) else []


def _unpinned(state: Json, live: Json) -> bool:
    return is_pinned(state) and not is_pinned(live)


def _root(state: Json, live: Json) -> bool:
    # Without a user the image's own counts, and most images have root.
    return _may_be_root(live) and not _may_be_root(state) if state else bool(live) and _may_be_root(live)


def _may_be_root(user: Json) -> bool:
    name = str(user or "root").partition(":")[0]
    return name == "root" or not name.strip("0")  # Docker reads numbers as such


HIGH: Final = (
    # what the tasks may do
    Grave("task_role_arn", "the tasks have no role any more", _off),
    Grave("task_role_arn", "the tasks have another role"),
    Grave("execution_role_arn", "the tasks are started without a role of their own", _off),
    Grave("execution_role_arn", "the tasks are started with another role"),
    Grave("iam_role", "the service has another role"),
    Grave("infrastructure_role_arn", "the infrastructure is managed with another role"),
    Grave("managed_ebs_volume.role_arn", "the volume is managed with another role"),
    Grave("privileged", "the container has the host's rights", _on, host=True),
    Grave("user", "the container runs as root, or as whom its image says", _root),
    Grave("readonlyRootFilesystem", "the container may write to its root file system", _off),
    Grave("capabilities.add", "the container has more of the kernel's capabilities", _more, host=True),
    Grave("capabilities.drop", "the container keeps capabilities that it had to drop", _fewer),
    Grave("devices", "the container no longer has a device of the host", _off, inside=True),
    Grave("devices", "the container has other devices of the host", inside=True, host=True),
    Grave("dockerSecurityOptions", "the container has other security options"),
    Grave("pid_mode", "the tasks see the host's processes", _is("host"), host=True),
    Grave("ipc_mode", "the tasks share the host's memory", _is("host"), host=True),
    Grave("host_path", "the tasks have a directory of the host", _on, host=True),
    Grave("enable_fault_injection", "faults may be injected into the tasks", _on),
    Grave("enable_execute_command", "commands can be run in the containers", _on),
    # who reaches them, and what they reach
    Grave("network_mode", "the tasks share the host's network", _is("host"), host=True),
    Grave("network_mode", "the tasks are behind the host's bridge, with its security groups", _is("bridge", None, "")),
    Grave("assign_public_ip", "the tasks have public addresses", _on),
    Grave("security_groups", "other security groups"),
    Grave("subnets", "other subnets"),
    Grave("service.tls", "what the services say to each other is no longer encrypted", _off),
    # what they know and keep, and who sees what they do
    Grave("secrets", "a secret is no longer handed to the container", _off, inside=True),
    Grave("secrets", "other secrets are handed to the container", inside=True),
    Grave("repositoryCredentials", "the image is pulled without credentials", _off, inside=True),
    Grave("repositoryCredentials", "the image is pulled with other credentials", inside=True),
    Grave("logConfiguration", "the container's output is no longer kept", _off),
    Grave("logDriver", "the container's output is no longer kept", _is("none")),
    Grave("logging", "commands run in containers are no longer logged", _is("NONE")),
    Grave("execute_command_configuration.kms_key_id", "commands are no longer encrypted with that key", _had),
    Grave("cloud_watch_encryption_enabled", "the log of commands is no longer encrypted", _off),
    Grave("s3_bucket_encryption_enabled", "the log of commands is no longer encrypted", _off),
    Grave("cloud_watch_log_group_name", "commands are no longer logged there", _had),
    Grave("s3_bucket_name", "commands are no longer logged there", _had),
    Grave("efs_volume_configuration.file_system_id", "the tasks no longer have that file system", _had),
    Grave("efs_volume_configuration.transit_encryption", "what goes to the file system is open", _no_longer("ENABLED")),
    Grave("authorization_config.iam", "the role no longer limits who reads the file system", _no_longer("ENABLED")),
    Grave("authorization_config.access_point_id", "the file system is no longer behind that access point", _had),
    Grave("managed_ebs_volume.encrypted", "the volume is no longer encrypted", _off),
    Grave(
        "setting",
        "the cluster's metrics are no longer collected",
        _is(None, "disabled"),
        inside=True,
        member="containerInsights",
    ),
    # what runs, how much of it and on what
    Grave("image", "the image was named by its digest and is not any more", _unpinned),
    Grave("desired_count", "nothing is left running", _is(0)),
    Grave("max_capacity", "nothing is left running", _is(0, "0")),
    Grave("capacity_providers", "other capacity", inside=True),
    Grave("capacity_provider_strategy", "other capacity", inside=True),
    Grave("default_capacity_provider_strategy", "other capacity", inside=True),
)
"""Changes of high severity. What no row is about is medium; tags are low."""


def grave_place(change: AttributeChange) -> tuple[str, str] | None:
    """Return where in a change a row of the table holds, as a path, and why; None where none does."""
    return next(((path, row.because) for path, row in _grave_places(change)), None)


def gives_host(change: AttributeChange) -> Iterator[str]:
    """Yield what of the host's a change gives a container, as `privileged: the container has the host's rights`."""
    yield from (f"{path}: {row.because}" for path, row in _grave_places(change) if row.host)


def _grave_places(change: AttributeChange) -> Iterator[tuple[str, Grave]]:
    rows = [row for row in HIGH if row.member is None or Member(row.member) in change.path]
    for place in places_of(change):
        row = None if place.along else next((row for row in rows if row.holds(place)), None)
        if row is not None:
            yield ".".join((render_path(change.path), *place.names[len(names_of(change)) :])), row


def names_of(change: AttributeChange) -> tuple[str, ...]:
    """Return a change's path without its members."""
    return tuple(step for step in change.path if isinstance(step, str))


def places_of(change: AttributeChange) -> Iterator[Place]:
    """Yield the change's own place, and those inside a value that came, went or changed as a whole.

    What was inside a member with a name of its own, such as a container, is gone `along` with it.
    """
    last = change.path[-1]
    along = change.live is None and isinstance(last, Member) and isinstance(last.key, str)
    own, *inner = _places(names_of(change), change.state, change.live)
    yield own
    yield from (replace(place, along=along) for place in inner)


def _places(names: tuple[str, ...], state: Json, live: Json) -> Iterator[Place]:
    yield Place(names, state, live)
    if names[-1] in MAPS:
        return
    if isinstance(state, dict) or isinstance(live, dict):
        yield from _inside(names, state, live)
    elif isinstance(state, list) or isinstance(live, list):
        for one, other in _paired(_objects(state), _objects(live)):
            yield from _inside(names, one, other)


def _inside(names: tuple[str, ...], state: Json, live: Json) -> Iterator[Place]:
    before, after = (value if isinstance(value, dict) else {} for value in (state, live))
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield from _places((*names, name), before.get(name), after.get(name))


def _paired(state: list[Json], live: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Pair single blocks; of several members nobody knows here which is which, so those that are live are new."""
    if len(state) <= 1 and len(live) <= 1:
        yield from zip_longest(state, live)
    else:
        yield from ((None, member) for member in live) if live else ((member, None) for member in state)


def _objects(value: Json) -> list[Json]:
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []
