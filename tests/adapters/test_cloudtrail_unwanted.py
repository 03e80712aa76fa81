"""Calls of services that nobody asked for are counted for each input, and not handed out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from record_files import ECS, ids, lines, made, places, read

from reconciler.model import Skipped


class TestOtherServices:
    def test_are_counted_per_input_and_not_handed_out(self, tmp_path: Path) -> None:
        values = [made(n, "s3.amazonaws.com") for n in range(50)]
        values[20] = made(20)
        for name, content in (
            ("lines", lines(*values)),
            ("log", json.dumps({"Records": values}, separators=(",", ":")).encode()),
        ):
            file = tmp_path / name
            file.write_bytes(content)
            items = read(file, only=ECS)
            assert ids(items) == ["event-20"]
            assert places(items) == [f"{name}:21", name]
            assert items[-1] == Skipped(reason="other_service", where=str(file), count=49)

    def test_nothing_is_held_back_when_nothing_is_asked(self, tmp_path: Path) -> None:
        file = tmp_path / "f"
        file.write_bytes(lines(made(1, "s3.amazonaws.com")))
        assert ids(read(file)) == ["event-1"]

    @pytest.mark.parametrize(
        "value",
        [
            made(1, "s3.amazonaws.com", eventType="AwsServiceEvent"),
            made(1, "s3.amazonaws.com", requestParameters={"note": "AwsApiCall"}, eventType="AwsServiceEvent"),
            {"detail-type": "AWS API Call via CloudTrail", "detail": made(1)},
            {"Events": [{"CloudTrailEvent": json.dumps(made(1))}]},
        ],
    )
    def test_what_may_be_something_else_is_looked_at(self, tmp_path: Path, value: Any) -> None:
        file = tmp_path / "f"
        file.write_bytes(lines(value))
        assert ids(read(file, only=ECS)) == ["event-1"]

    def test_the_text_of_another_service_that_names_ecs_is_decoded(self, tmp_path: Path) -> None:
        file = tmp_path / "f"
        by_ecs = made(1, "servicediscovery.amazonaws.com", sourceIPAddress="ecs.amazonaws.com")
        file.write_bytes(lines(by_ecs))
        assert read(file, only=ECS) == [Skipped(reason="other_service", where=str(file), count=1)]
