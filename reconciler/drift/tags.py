"""The tags of a resource, where the provider has default tags."""

from __future__ import annotations

from reconciler.model.json import Json, JsonObject


def with_whole_tags(before: JsonObject, after: JsonObject) -> tuple[JsonObject, JsonObject]:
    """Return two values of a resource in which `tags` has every key that it has on either side and that is there.

    What is there is `tags_all`. The provider leaves out of `tags` what equals a default tag of the *code*, applied or
    not (aws, 5.100): a default that the code gave up shows as the resource's own tag, and an own tag that somebody
    set to the default's value shows nowhere but in `tags_all`.
    """
    own = [_map(side.get("tags")) for side in (before, after)]
    keys = dict.fromkeys((*own[0], *own[1]))
    return _completed(before, keys), _completed(after, keys)


def _completed(resource: JsonObject, keys: dict[str, None]) -> JsonObject:
    own, everything = _map(resource.get("tags")), _map(resource.get("tags_all"))
    missing = {key: everything[key] for key in keys if key not in own and key in everything}
    return {**resource, "tags": {**own, **missing}} if missing else resource


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
