"""Which registry an image comes from, whatever its name pretends."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.drift import severity_of
from reconciler.drift.images import comes_from, is_pinned, repository_of
from reconciler.model import AttributeChange, Drift, DriftRule, Member

ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        ("nginx", "docker.io/library/nginx"),
        ("nginx:1.25", "docker.io/library/nginx"),
        (f"nginx:1.25@{DIGEST}", "docker.io/library/nginx"),
        ("acme/web:1", "docker.io/acme/web"),
        ("docker.io/nginx", "docker.io/library/nginx"),
        ("index.docker.io/acme/web", "docker.io/acme/web"),
        ("Docker.IO/acme/web", "docker.io/acme/web"),
        (f"{ECR}/team/web:1", f"{ECR}/team/web"),
        (f"{ECR}/web@{DIGEST}", f"{ECR}/web"),
        ("localhost/web", "localhost/web"),
        ("registry:5000/web:1", "registry:5000/web"),
        ("public.ecr.aws/nginx/nginx:latest", "public.ecr.aws/nginx/nginx"),
    ],
)
def test_an_images_repository(image: str, repository: str) -> None:
    assert repository_of(image) == repository


@pytest.mark.parametrize(
    "image",
    [
        None,
        "",
        7,
        "/",
        "ghcr.io/",
        "https://ghcr.io/acme/web",
        "ghcr.io//acme",
        "ghcr.io/../web",
        "ghcr.io/acme/Web",
        "ghcr.io /acme/web",
        "ghcr.io\n/acme/web",
        "gh\u0441r.io/acme/web",
        "ghcr.io:port/acme",
        "ghcr.io/acme/../evil/x",
        "ghcr.io/acme//x",
        "ghcr.io/acme/a..b",
        "nginx@evil.io/x",
        "user@ghcr.io/x",
        "nginx@sha256:abc",
        "a" * 2000,
    ],
)
def test_what_is_no_images_name_has_no_repository(image: Any) -> None:
    assert repository_of(image) is None
    assert not comes_from(image, ["*"])


@pytest.mark.parametrize(
    ("image", "pattern"),
    [
        (f"{ECR}/web:1", "*.dkr.ecr.*.amazonaws.com"),
        (f"{ECR}/web:1", f"{ECR}/web"),
        (f"{ECR}/team/web", f"{ECR}/team/"),
        ("ghcr.io/acme/web", "GHCR.io/acme/*"),
        ("nginx", "docker.io"),
        ("nginx", "docker.io/library"),
        ("nginx", "index.docker.io/library/nginx"),
        ("anything/at-all", "*"),
        ("registry.acme.example/web", "*.acme.example"),
        ("ghcr.io/acme/a__b/c--d.e_f", "ghcr.io/acme"),
    ],
)
def test_an_image_from_an_allowed_registry(image: str, pattern: str) -> None:
    assert comes_from(image, [pattern])


@pytest.mark.parametrize(
    ("image", "pattern"),
    [
        ("nginx", "*.dkr.ecr.*.amazonaws.com"),
        ("nginx", "docker.io/acme"),
        (f"evil.example/{ECR}/web", "*.dkr.ecr.*.amazonaws.com"),
        (f"{ECR}.evil.example/web", "*.dkr.ecr.*.amazonaws.com"),
        (f"{ECR}:443/web", "*.dkr.ecr.*.amazonaws.com"),
        (f"evil.example/web@{ECR}/web", "*.dkr.ecr.*.amazonaws.com"),
        (f"{ECR}@evil.example/web", "*.dkr.ecr.*.amazonaws.com"),
        (f"{ECR}xamazonaws.com/web", "*.dkr.ecr.us-east-1.amazonaws.com"),
        ("ghcr.io/acme-evil/web", "ghcr.io/acme"),
        ("ghcr.io/other/acme/web", "ghcr.io/acme"),
        ("ghcrxio/acme/web", "ghcr.io"),
        ("123456789012.dkr.ecr.evil.s3.us-east-1.amazonaws.com/x", "123456789012.dkr.ecr.*.amazonaws.com"),
        (f"{ECR}.evil.amazonaws.com/x", "123456789012.dkr.ecr.*.amazonaws.com"),
    ],
)
def test_an_image_that_only_looks_allowed(image: str, pattern: str) -> None:
    assert not comes_from(image, [pattern])


def test_an_image_is_pinned_by_its_digest_only() -> None:
    assert is_pinned(f"ghcr.io/acme/web@{DIGEST}")
    assert not is_pinned(f"ghcr.io/acme/web:{DIGEST.replace(':', '-')}")
    assert not is_pinned("ghcr.io/acme/web@sha256:abc")


def moved(state: Any, live: Any, *path: str | Member) -> Drift:
    change = AttributeChange(path=("container_definitions", Member("web"), *path), state=state, live=live)
    return Drift(address="t.n", type="aws_ecs_task_definition", deleted=False, changes=(change,), before={}, live={})


def test_an_image_from_elsewhere_is_of_high_severity_and_names_the_registry() -> None:
    judgement = severity_of(moved("ghcr.io/acme/web:1", "evil.example/web:1", "image"), (), ["ghcr.io/acme"])
    assert (judgement.severity, judgement.foreign_image) == ("high", True)
    assert judgement.because is not None
    assert "container_definitions[web].image: the image comes from evil.example" in judgement.because


def test_so_is_one_in_a_container_that_came() -> None:
    judgement = severity_of(moved(None, {"name": "web", "image": "nginx"}), (), ["ghcr.io"])
    assert (judgement.severity, judgement.foreign_image) == ("high", True)


def test_an_allowed_image_is_an_ordinary_change_and_so_is_any_where_none_are_listed() -> None:
    for registries in (["ghcr.io/acme"], []):
        judgement = severity_of(moved("ghcr.io/acme/web:1", "ghcr.io/acme/web:2", "image"), (), registries)
        assert (judgement.severity, judgement.foreign_image) == ("medium", False)
    assert severity_of(moved({"image": "nginx"}, None), (), ["ghcr.io"]).foreign_image is False


@pytest.mark.parametrize(("severity", "expected"), [("low", ("high", None)), ("critical", ("critical", "images"))])
def test_a_rule_may_raise_but_not_lower_an_image_from_elsewhere(
    severity: Any, expected: tuple[str, str | None]
) -> None:
    rule = DriftRule(
        name="images",
        resource_types=("aws_ecs_task_definition",),
        watched_attributes=("container_definitions.image",),
        severity=severity,
    )
    judgement = severity_of(moved("ghcr.io/a", "nginx", "image"), [rule], ["ghcr.io"])
    assert (judgement.severity, judgement.rule) == expected
    assert judgement.foreign_image
