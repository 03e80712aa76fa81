"""Where init finds the provider without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.adapters.terraform import providers

AWS = "registry.terraform.io/hashicorp/aws"


@pytest.fixture(autouse=True)
def no_system_mirrors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    system = tmp_path / "opt"
    system.mkdir()
    monkeypatch.setattr(providers, "_SYSTEM", (system,))
    return system


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    (tmp_path / "home").mkdir(exist_ok=True)
    return {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": str(tmp_path / "share"), **more}


def test_without_a_mirror_terraform_asks_the_registry(tmp_path: Path) -> None:
    assert providers.cli_configuration(environment(tmp_path), None) is None


def test_a_mirror_below_a_system_directory_serves_what_it_holds_and_the_registry_the_rest(
    tmp_path: Path, no_system_mirrors: Path
) -> None:
    (no_system_mirrors / "anything" / AWS).mkdir(parents=True)
    (no_system_mirrors / "unrelated").mkdir()
    text = providers.cli_configuration(environment(tmp_path), None)
    assert text is not None
    assert f'path    = "{no_system_mirrors}/anything"' in text
    assert f'exclude = ["{AWS}"]' in text


def test_the_configured_directory_comes_first(tmp_path: Path, no_system_mirrors: Path) -> None:
    (no_system_mirrors / "anything" / AWS).mkdir(parents=True)
    (tmp_path / "mine" / AWS).mkdir(parents=True)
    text = providers.cli_configuration(environment(tmp_path), tmp_path / "mine")
    assert text is not None
    assert "mine" in text
    assert "anything" not in text


def test_an_implied_mirror_needs_no_help(tmp_path: Path, no_system_mirrors: Path) -> None:
    (no_system_mirrors / "anything" / AWS).mkdir(parents=True)
    (tmp_path / "home/.terraform.d/plugins" / AWS).mkdir(parents=True)
    assert providers.cli_configuration(environment(tmp_path), None) is None


def test_a_users_own_installation_rules_are_kept(tmp_path: Path, no_system_mirrors: Path) -> None:
    (no_system_mirrors / "anything" / AWS).mkdir(parents=True)
    own = tmp_path / "own.rc"
    own.write_text("provider_installation {\n  direct {}\n}\n")
    assert providers.cli_configuration(environment(tmp_path, TF_CLI_CONFIG_FILE=str(own)), None) is None


def test_a_users_credentials_for_module_registries_stay_when_a_mirror_is_added(
    tmp_path: Path, no_system_mirrors: Path
) -> None:
    (no_system_mirrors / "anything" / AWS).mkdir(parents=True)
    values = environment(tmp_path)
    (tmp_path / "home/.terraformrc").write_text('credentials "app.example.com" {}\n')
    text = providers.cli_configuration(values, None)
    assert text is not None
    assert text.startswith('credentials "app.example.com" {}')


def test_a_cli_configuration_that_is_named_and_missing_counts_as_none(tmp_path: Path, no_system_mirrors: Path) -> None:
    (no_system_mirrors / "anything" / AWS).mkdir(parents=True)
    missing = environment(tmp_path, TF_CLI_CONFIG_FILE=str(tmp_path / "absent.rc"))
    assert providers.cli_configuration(missing, None) is not None


def test_a_cache_of_the_users_own_is_told_from_none(tmp_path: Path) -> None:
    values = environment(tmp_path)
    assert not providers.caches_providers(values)
    assert providers.caches_providers({**values, "TF_PLUGIN_CACHE_DIR": "/cache"})
    (tmp_path / "home/.terraformrc").write_text('plugin_cache_dir = "/cache"\n')
    assert providers.caches_providers(values)
