"""Where a container's image comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reconciler.model.json import Json

ALLOWED_REGISTRIES: Final = "images.allowed_registries"
"""The setting that says where images may come from."""
_DOCKER_HUB: Final = "docker.io"
_HUB_NAMES: Final = frozenset({_DOCKER_HUB, "index.docker.io"})
# https://github.com/distribution/reference: a host, perhaps with its port; then lower-case path components.
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?")
_PATH: Final = re.compile(r"{0}(?:/{0})*".format(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"))
_DIGEST: Final = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-f]{32,}", re.IGNORECASE)


def repository_of(image: Json) -> str | None:
    """Return an image's registry and repository, without tag and digest; None when it is no image's name.

    As Docker reads it: what stands before the first slash is a registry when it has a dot, a colon or a capital
    letter, or is `localhost`. `nginx:1` is `docker.io/library/nginx`.
    """
    if not isinstance(image, str) or len(image) > 1024:
        return None
    name, at, digest = image.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        return None
    directory, slash, last = name.rpartition("/")
    name = directory + slash + last.partition(":")[0]
    host, slash, path = name.partition("/")
    if not slash or not (set(".:[") & set(host) or host == "localhost" or host != host.lower()):
        host, path = _DOCKER_HUB, name
    host = host.lower()
    if host in _HUB_NAMES:
        host, path = _DOCKER_HUB, path if "/" in path else f"library/{path}"
    return f"{host}/{path}" if _HOST.fullmatch(host) and _PATH.fullmatch(path) else None


def is_pinned(image: Json) -> bool:
    """Tell whether an image is named by its digest, so that it is the same one whoever pulls it."""
    return isinstance(image, str) and re.search(r"@sha256:[0-9a-f]{64}\Z", image) is not None


def comes_from(image: Json, registries: Sequence[str]) -> bool:
    """Tell whether an image comes from one of the registries; what is no image's name comes from none.

    A pattern is a host, `*.dkr.ecr.*.amazonaws.com`, or a host and the beginning of a repository's name,
    `docker.io/library` or `ghcr.io/acme/*`. `*` stands for any characters, in the host for any but a dot, as in a
    certificate's name: else a bucket's host could look like a registry's. `*` alone is every registry.
    """
    repository = repository_of(image)
    return repository is not None and any(_expression(pattern).fullmatch(repository) for pattern in registries)


def origin_of(image: Json) -> str:
    """Return where an image that no registry allows comes from, for a sentence."""
    repository = repository_of(image)
    where = f"from {repository.partition('/')[0]}" if repository else "under no name that Docker knows"
    return f"{where}, which {ALLOWED_REGISTRIES} does not allow"


def _expression(pattern: str) -> re.Pattern[str]:
    host, _, path = pattern.lower().removesuffix("/").partition("/")
    host = _DOCKER_HUB if host in _HUB_NAMES else host
    inside = f"/{_wild(path, '.*')}(?:/.*)?" if path else "/.*"
    return re.compile(_wild(host, "[^/]*" if host == "*" else "[^/.]*") + inside)


def _wild(text: str, anything: str) -> str:
    return "".join(anything if character == "*" else re.escape(character) for character in text)
