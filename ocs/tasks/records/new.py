"""A new record: an id that no other has, and a text to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING

from ocs.adapters.files import Files
from ocs.adapters.yamlfile import MOST_BYTES
from ocs.errors import OcsError
from ocs.model.kinds import KIND, KINDS, SLUG_LENGTH, Kind, is_slug
from ocs.rules.nearest import did_you_mean, listed
from ocs.rules.records.naming import slug
from ocs.rules.records.schema import Schemas
from ocs.tasks.records.template import template

if TYPE_CHECKING:
    from ocs.adapters.store.index import Index

_SCHEMA_LINE = re.compile(rb"# yaml-language-server: \$schema=(\S+)")


def new_id(index: Index, kind: Kind, wanted: str | None, title: str | None) -> str:
    """The id of a new record: the *wanted* one, else one made of its title.

    Raises OcsError if it is no id, is or was another record's, or if nothing has the id that
    the record is about.
    """
    if not kind.folder:
        raise OcsError("a registry has only one ocs.yaml", "create a registry with `ocs init`")
    if wanted is None:
        id = _of_title(kind, title)
    else:
        id = wanted.removeprefix(f"{kind.folder}/").removesuffix(".yaml")
    parts = id.split("/")
    if not _is_id(kind, parts):
        raise OcsError(f"'{id}' is not a valid id in {kind.folder}/", _better(kind, parts))
    if kind.about:
        _check_about(index, kind, parts[0])
    _check_free(index, kind, id)
    return id


def begun(kind: Kind, title: str | None, files: Files, schemas: Schemas) -> str:
    """The text that a new record begins with."""
    given = {kind.title: " ".join(title.split())} if title else {}
    return template(
        schemas.of(kind).schema, given, schema_line(kind, files.read("ocs.yaml", MOST_BYTES))
    )


def _is_id(kind: Kind, parts: Sequence[str]) -> bool:
    return len(parts) == (2 if kind.owner_folders else 1) and all(map(is_slug, parts))


def _of_title(kind: Kind, title: str | None) -> str:
    write = f"write `ocs new {kind.name} {_pattern(kind)}"
    if title is None or kind.about:
        or_title = "" if kind.about else ", or add --title, and ocs makes an id from it"
        raise OcsError(f"a new record in {kind.folder}/ needs an id", f"{write}`{or_title}")
    id = slug(title)
    if not is_slug(id):
        raise OcsError(f"cannot make an id from '{title}'", f"{write} --title …`")
    return id


def _pattern(kind: Kind) -> str:
    return (
        "OWNER/NAME" if kind.owner_folders else kind.about[0].upper() if kind.about else "ID"
    )


def _better(kind: Kind, parts: Sequence[str]) -> str:
    if kind.owner_folders and len(parts) == 1:
        return (
            f"write `ocs new {kind.name} OWNER/{slug(parts[0]) or 'NAME'}`: "
            "OWNER is the organisation or community"
        )
    better = [slug(part) for part in parts]
    if _is_id(kind, better):
        return f"write `ocs new {kind.name} {'/'.join(better)}`"
    return "an id has 2 to 60 lowercase letters, digits and single '-'"


def _check_about(index: Index, kind: Kind, id: str) -> None:
    if index.find(id, kind.about):
        return
    now = [record.id for record in index.once_called(id, kind.about)]
    known = [other for _, other in index.ids(kind.about)]
    whom = listed([KIND[name].folder for name in kind.about], "or")
    first = f"run `ocs new {kind.about[0]} {id}`"
    hint = (
        f"it is now called '{now[0]}'" if len(now) == 1 else did_you_mean(id, known) or first
    )
    raise OcsError(f"there is no '{id}' in {whom}", hint)


def _check_free(index: Index, kind: Kind, id: str) -> None:
    sharing = [other.name for other in KINDS if other.ids == kind.ids]
    for record in index.find(id, sharing):
        what = f"{record.reference} already exists: {record.title}"
        if record.kind != kind.name:
            folders = listed([KIND[name].folder for name in sharing], "and")
            raise OcsError(
                f"'{id}' is taken: {what}",
                f"{folders} share one set of ids; {_free(index, sharing, id)}",
            )
        change = f"change it with `ocs edit {record.reference}`"
        raise OcsError(
            what, change if kind.about else f"{change}, or {_free(index, sharing, id)}"
        )
    for record in index.once_called(id, sharing):
        hint = f"ids are never reused; {_free(index, sharing, id)}"
        raise OcsError(f"'{id}' was the id of {record.reference}", hint)


def _free(index: Index, sharing: Sequence[str], id: str) -> str:
    free = next(
        other
        for other in _alike(id)
        if not (index.find(other, sharing) or index.once_called(other, sharing))
    )
    return f"take another id, such as {free}"


def _alike(id: str) -> Iterator[str]:
    """`x-2`, `x-3` and so on, none longer than an id may be."""
    for number in count(2):
        end = f"-{number}"
        yield id[: SLUG_LENGTH[-1] - len(end)].rstrip("-") + end


def schema_line(kind: Kind, policy: bytes) -> str | None:
    """Where records of this kind find their schema, if ocs.yaml, *policy*, names its own."""
    match = _SCHEMA_LINE.match(policy.removeprefix(b"\xef\xbb\xbf"))
    if match is None:
        return None
    of_ocs = match[1].decode("utf-8", "replace")
    schema = of_ocs.replace(f"{KIND['ocs'].name}.schema.json", f"{kind.name}.schema.json")
    if "://" in of_ocs or of_ocs.startswith("/"):
        return schema
    return "../" * (2 if kind.owner_folders else 1) + schema
