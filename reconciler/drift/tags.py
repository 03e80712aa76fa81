"""The tags of a resource, where the provider has default tags or ignores some."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from reconciler.drift.noise import Node, Rule
from reconciler.model.drift import Member
from reconciler.model.json import Json, JsonObject

_IGNORED = ("keys", "key_prefixes")


def with_whole_tags(before: JsonObject, after: JsonObject) -> tuple[JsonObject, JsonObject]:
    """Return two values of a resource in which `tags` has every key that it has on either side and that is there.

    What is there is `tags_all`. The provider leaves out of `tags` what equals a default tag of the *code*, applied or
    not (aws, 5.100): a default that the code gave up shows as the resource's own tag, and an own tag that somebody
    set to the default's value shows nowhere but in `tags_all`.
    """
    own = [_map(side.get("tags")) for side in (before, after)]
    keys = dict.fromkeys((*own[0], *own[1]))
    return _completed(before, keys), _completed(after, keys)


def with_ignored_tags(plan: JsonObject, says: Callable[[str, str], Json]) -> JsonObject:
    """Return a plan that has as constants what the code `says` of the tags that its providers ignore.

    `says` gets a provider's address, `provider.aws.west`, and `ignore_tags.keys`, as `with_code` does.
    """
    configuration: JsonObject = plan.get("configuration") or {}
    providers = {
        key: {**provider, "expressions": _told(provider.get("expressions") or {}, f"provider.{key}", says)}
        for key, provider in (configuration.get("provider_config") or {}).items()
    }
    return {**plan, "configuration": {**configuration, "provider_config": providers}}


def _told(expressions: JsonObject, provider: str, says: Callable[[str, str], Json]) -> JsonObject:
    blocks: Sequence[JsonObject] = expressions.get("ignore_tags") or ()
    if len(blocks) != 1:
        return expressions
    block = dict(blocks[0])
    for name in {*_IGNORED} & block.keys():
        value = says(provider, f"ignore_tags.{name}") if "constant_value" not in block[name] else None
        if isinstance(value, list):
            block[name] = {"constant_value": [each for each in value if isinstance(each, str)]}
    return {**expressions, "ignore_tags": [block]}


def no_longer_read(provider: Mapping[str, Json]) -> Rule:
    """Return the rule that a tag is not gone that the code's provider, by its expressions, does not look at any more.

    Such a tag is there in AWS, whether or not anybody applied `ignore_tags`.
    """
    blocks = provider.get("ignore_tags") or ()
    keys, prefixes = (
        tuple(text for block in blocks for text in (block.get(name) or {}).get("constant_value") or ())
        for name in _IGNORED
    )

    def rule(node: Node) -> bool:
        step = node.path[-1]
        if len(node.path) != 2 or node.path[0] not in ("tags", "tags_all") or not isinstance(step, Member):
            return False
        return node.after is None and (step.key in keys or str(step.key).startswith(prefixes))

    return rule


def _completed(resource: JsonObject, keys: dict[str, None]) -> JsonObject:
    own, everything = _map(resource.get("tags")), _map(resource.get("tags_all"))
    missing = {key: everything[key] for key in keys if key not in own and key in everything}
    return {**resource, "tags": {**own, **missing}} if missing else resource


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
