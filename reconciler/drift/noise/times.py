"""One moment, written in two ways."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from reconciler.drift.noise.node import Node
from reconciler.model.json import Json

_TIMES: Final = frozenset({"end_time", "start_time"})


# Application Auto Scaling answers in UTC, whatever offset was asked for; the provider suppresses the difference in
# plans, not in refreshes (aws_appautoscaling_scheduled_action, 5.100).
def same_moment(node: Node) -> bool:
    """Tell whether two times of a scheduled action are the same moment."""
    if node.type != "aws_appautoscaling_scheduled_action" or node.top not in _TIMES:
        return False
    before, after = _moment(node.before), _moment(node.after)
    return before is not None and before == after


def _moment(value: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
