"""Alerts that wait for an address which is configured no more are not lost."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from falco_alerts import alert

from reconciler.adapters.falco.posted import spool_directory, take_over
from reconciler.adapters.falco.spool import Spool


@pytest.mark.parametrize(
    ("address", "name"), [("127.0.0.1:2801", "falco-127.0.0.1-2801"), ("[::1]:2801", "falco-1-2801")]
)
def test_each_address_has_a_directory_of_its_own(tmp_path: Path, address: str, name: str) -> None:
    assert spool_directory(tmp_path, address).name == name


class TestAnAddressThatIsConfiguredNoMore:
    OLD, NEW = "127.0.0.1:2801", "127.0.0.1:2802"

    @pytest.fixture
    def waiting(self, tmp_path: Path) -> Spool:
        spool = Spool(spool_directory(tmp_path, self.OLD))
        spool.put(json.dumps(alert(1)).encode())
        return spool

    def test_leaves_its_alerts_to_another(self, tmp_path: Path, waiting: Spool) -> None:
        new = Spool(spool_directory(tmp_path, self.NEW))
        names = waiting.names()
        take_over(tmp_path, [self.NEW])
        assert (waiting.names(), new.names()) == ([], names)
        assert stat.S_IMODE(new.directory.stat().st_mode) == 0o700

    def test_loses_nothing_while_it_is_configured(self, tmp_path: Path, waiting: Spool) -> None:
        take_over(tmp_path, [self.NEW, self.OLD])
        assert len(waiting.names()) == 1

    def test_without_another_is_told(self, tmp_path: Path, waiting: Spool, caplog: pytest.LogCaptureFixture) -> None:
        take_over(tmp_path, [])
        assert "1 alerts wait" in caplog.text
        assert len(waiting.names()) == 1

    def test_is_not_what_a_folder_of_a_like_name_is(self, tmp_path: Path) -> None:
        other = tmp_path / "falco-rules" / "mine.json"
        other.parent.mkdir()
        other.touch()
        (tmp_path / "falco-file").touch()
        take_over(tmp_path, [self.NEW])
        assert other.exists()
