"""Gap (moto 5.2.5): Application Auto Scaling has no ListTagsForResource, TagResource, UntagResource.

Without it every `aws_appautoscaling_target` and policy hangs for over ten minutes of retries.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Add the three operations; tags live on moto's own target."""
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response
    from moto.core.exceptions import JsonRESTError

    def tags_of(response: Any) -> dict[str, str]:
        arn = response._get_param("ResourceARN")
        backend = response.applicationautoscaling_backend
        for by_resource in backend.targets.values():
            for target in by_resource.values():
                if target.arn == arn:
                    return _tags(target)
        raise JsonRESTError("ResourceNotFoundException", f"No scalable target found for {arn}")

    def list_tags_for_resource(self: Any) -> str:
        return json.dumps({"Tags": tags_of(self)})

    def tag_resource(self: Any) -> str:
        tags_of(self).update(self._get_param("Tags"))
        return json.dumps({})

    def untag_resource(self: Any) -> str:
        tags = tags_of(self)
        for key in self._get_param("TagKeys"):
            tags.pop(key, None)
        return json.dumps({})

    def register_scalable_target(self: Any) -> Any:
        answer = register(self)
        sent = self._get_param("Tags")
        if sent:
            targets = self.applicationautoscaling_backend.targets
            target = targets[self._get_param("ScalableDimension")][self._get_param("ResourceId")]
            _tags(target).update(sent)
        return answer

    register = replace(undo, Response, "register_scalable_target", register_scalable_target)
    replace(undo, Response, "list_tags_for_resource", list_tags_for_resource)
    replace(undo, Response, "tag_resource", tag_resource)
    replace(undo, Response, "untag_resource", untag_resource)


def _tags(target: Any) -> dict[str, str]:
    tags: dict[str, str] = vars(target).setdefault("sandbox_tags", {})
    return tags
