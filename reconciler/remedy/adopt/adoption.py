"""From the changes of one resource to the edit of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from reconciler.model import AttributeChange, AttributePath, Configuration, FileEdit, NeedsPerson, render_path
from reconciler.remedy.adopt import attributes, blocks, json_lists, lists, maps, scalars
from reconciler.remedy.adopt.address import Address, parse_address
from reconciler.remedy.adopt.check import holds
from reconciler.remedy.adopt.parts import Part, gather, take_apart
from reconciler.remedy.adopt.place import Absent, locate
from reconciler.remedy.adopt.refusal import RefusalError
from reconciler.remedy.adopt.site import Site
from reconciler.remedy.hcl.parse import HclSyntaxError, parse
from reconciler.remedy.hcl.splice import Splice, keep_columns, splice
from reconciler.remedy.hcl.values import File

KINDS: Sequence[Callable[[Site], list[Splice] | None]] = (
    scalars.edit,
    lists.edit,
    maps.edit,
    json_lists.edit,
    attributes.edit,
    blocks.edit,
)
"""The kinds of edit. Each returns its splices, None when the change is not its kind, or raises RefusalError."""


_EDIT = "a person must edit it"


def adopt(
    configuration: Configuration, address: str, changes: Sequence[AttributeChange]
) -> tuple[FileEdit, ...] | NeedsPerson:
    """Write the live values of one resource's changes into the code of the root module.

    All changes are edited or none: a single one that is a person's to decide makes the whole answer NeedsPerson.
    """
    try:
        return (_adopt(configuration, address, changes),)
    except (RefusalError, HclSyntaxError) as error:
        return NeedsPerson(str(error))


def _adopt(configuration: Configuration, address: str, changes: Sequence[AttributeChange]) -> FileEdit:
    wanted = parse_address(address)
    if wanted.modules:
        raise RefusalError(
            f"{address} is in module {'.'.join(wanted.modules)}; adoption inside modules is a person's, because "
            "every caller of the module would follow"
        )
    if not changes:
        raise RefusalError(f"{address} has no changed attribute to adopt")
    for change in changes:
        if not change.path:
            raise RefusalError(f"a change of {address} names no attribute; {_EDIT}")
        if change.path[0] == "tags_all":
            raise RefusalError(
                f"{render_path(change.path)} is set by the provider from its default_tags, which others share; {_EDIT}"
            )
        if change.sensitive:
            raise RefusalError(f"{render_path(change.path)} is sensitive; a secret is not written into code")
    original = edited = _find(configuration.modules.get((), {}), wanted)
    parts = [Part(change.path, change.state, change.live) for change in changes]
    for part in sorted(_gathered(edited, wanted, parts), key=lambda part: part.order):
        edited = _apply(edited, wanted, part)
    return FileEdit(original.name, original.source, edited.source)


def _find(files: Mapping[str, bytes], wanted: Address) -> File:
    """Return the one file that holds the resource; files that do not name it are not parsed."""
    names = wanted.type.encode(), wanted.name.encode()
    parsed = [parse(name, source) for name, source in files.items() if all(part in source for part in names)]
    found = [(file, block) for file in parsed for block in file.resource(wanted.type, wanted.name)]
    if not found:
        raise RefusalError(
            f"no .tf file of the root module has a block for {wanted.type}.{wanted.name}; a person must find where it "
            "is defined (.tf.json files are not edited)"
        )
    if len(found) > 1:
        places = ", ".join(f"{file.name}:{block.line}" for file, block in found)
        raise RefusalError(f"{wanted.type}.{wanted.name} is written in several places ({places}); {_EDIT}")
    return found[0][0]


def _gathered(file: File, wanted: Address, parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts, those of one block or map that the code does not have as one: they are written together."""
    (resource,) = file.resource(wanted.type, wanted.name)
    groups: dict[AttributePath, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.whole, []).append(part)
    for whole, members in groups.items():
        together = len(members) > 1 and all(len(part.path) == len(whole) + 1 for part in members)
        if together and isinstance(locate(file, resource, whole, None), Absent):
            yield gather(whole, members)
        else:
            yield from members


def _apply(file: File, wanted: Address, part: Part) -> File:
    (resource,) = file.resource(wanted.type, wanted.name)
    place = locate(file, resource, part.path, part.state)
    site = Site(file, resource, part.path, part.state, part.live, place)
    smaller = take_apart(site)
    if smaller is not None:
        if not smaller:
            raise RefusalError(f"{site.where(resource.line)} shows no difference to adopt; {_EDIT}")
        for one in smaller:
            file = _apply(file, wanted, one)
        return file
    splices = _splices(site)
    try:
        edited = parse(file.name, splice(file.source, keep_columns(file.source, splices)))
    except (HclSyntaxError, ValueError):
        raise RefusalError(f"{site.where(resource.line)} cannot be edited into valid HCL; {_EDIT}") from None
    if not holds(site, part, edited):
        raise RefusalError(f"{site.where(resource.line)} would not read as the live value after an edit; {_EDIT}")
    return edited


def _splices(site: Site) -> list[Splice]:
    try:
        for edit in KINDS:
            if splices := edit(site):
                return splices
    except ValueError as error:
        raise RefusalError(f"{site.where(site.resource.line)} has a live value that no HCL can hold: {error}") from None
    raise RefusalError(f"{site.where(site.resource.line)} is not a place that can be edited by itself; {_EDIT}")
