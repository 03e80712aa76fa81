"""What no program may write into code by itself: images from elsewhere, and what is the host's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.drift.gravity import gives_host, places_of
from reconciler.drift.images import comes_from, origin_of
from reconciler.model.drift import AttributeChange, render_path


def dangers(changes: Iterable[AttributeChange], registries: Sequence[str]) -> Iterator[str]:
    """Yield, for each change that a person must have agreed to, which it is and why.

    An image from none of the `registries`, of which none means that every one is allowed; and whatever gives a
    container rights, devices, directories or the network of its host.
    """
    for change in changes:
        for image in foreign_images(change, registries):
            name = "the image" if change.sensitive else f"the image {image}"
            yield f"{render_path(change.path)}: {name} comes {origin_of(image)}"
        yield from gives_host(change)


def foreign_images(change: AttributeChange, registries: Sequence[str]) -> Iterator[str]:
    """Yield the live images in a change that come from none of the registries; without any every one is allowed."""
    if not registries:
        return
    for place in places_of(change):
        if place.names[-1] == "image" and isinstance(place.live, str) and not comes_from(place.live, registries):
            yield place.live
