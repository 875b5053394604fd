"""What a file of another project says, in our words, before anybody in it has an id here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ocs.model.community import Role
from ocs.model.record import Tree

# What names a thing within its file: ("core_string",), or ("sig-docs", "website") for a part
# of a part.
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a file that did not become a field of a record, or not as it stands there.

    `what` and `why` are the same for things that are alike, so that they can be counted;
    `place` tells them apart. `known` are the words of which `what` may be a misspelling.
    """

    code: str
    what: str
    why: str
    place: str = ""
    hint: str | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """Notes that differ only in their places."""

    code: str
    what: str
    why: str
    hint: str | None
    places: tuple[str, ...]


def alike(notes: Iterable[Note]) -> tuple[Alike, ...]:
    """The notes, those that are alike joined into one, in the order in which they first came."""
    places: dict[tuple[str, str, str, str | None], list[str]] = {}
    for note in notes:
        places.setdefault((note.code, note.what, note.why, note.hint), []).append(note.place)
    return tuple(Alike(*same, tuple(found)) for same, found in places.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPerson:
    """`called` is the nick or login that an id is made from, `accounts` those that we have
    fields for.
    """

    key: Key
    called: str
    name: str
    accounts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLead:
    """Exactly one of person and name is given; a name is of somebody who is not described in
    the file.
    """

    role: Role
    person: Key | None = None
    name: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCommunity:
    """`called` is what an id is made from, `fields` what goes into the record as it stands.

    `kind` is for a new record only. `leads` is None where the file leaves them to somewhere
    else.
    """

    key: Key
    called: str
    kind: str
    part_of: Key | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    contacts: tuple[Mapping[str, str], ...] = ()
    leads: tuple[ForeignLead, ...] | None = ()

    @property
    def name(self) -> str:
        return self.fields["name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSource:
    """A file of another project: its format, what it is the file of where it says so, and what
    is in it.

    `titles` are all that leads get from files of this format; a person wrote any other.
    """

    format: str
    of: str = ""
    people: tuple[ForeignPerson, ...] = ()
    communities: tuple[ForeignCommunity, ...] = ()
    titles: frozenset[str] = frozenset()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file of another project's format, as a tree, and what of the registry has no place in
    it.
    """

    tree: Tree
    communities: int
    people: int
    notes: tuple[Note, ...] = ()
