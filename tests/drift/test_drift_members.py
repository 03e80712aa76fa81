"""Which member of one list is which of the other, where names are not unique."""

from __future__ import annotations

from typing import Any

from reconciler.drift.members import match_members


def test_a_repeated_name_does_not_compare_every_member_with_every_other() -> None:
    before: list[Any] = [{"name": f"V{number}", "value": "x"} for number in range(300)] + [{"name": "V0", "value": "y"}]
    compared = []

    def same(one: Any, other: Any) -> bool:
        compared.append(one)
        return bool(one == other)

    assert list(match_members("environment", before, before[:300][::-1] + before[300:], same)) == []
    assert len(compared) == len(before)


def test_one_port_for_two_protocols_has_no_order() -> None:
    ports: list[Any] = [{"containerPort": 53, "protocol": protocol} for protocol in ("tcp", "udp")]
    assert list(match_members("portMappings", ports, ports[::-1], lambda one, other: bool(one == other))) == []


def test_of_one_name_twice_the_order_counts_where_the_last_wins() -> None:
    twice: list[Any] = [{"name": "A", "value": value} for value in ("1", "2")]
    pairs = match_members("environment", twice, twice[::-1], lambda one, other: bool(one == other))
    assert [(pair.before, pair.after) for pair in pairs] == [(0, 0), (1, 1)]
