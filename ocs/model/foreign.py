"""The content of another project's file in our words, before anybody in it has an id here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ocs.model.community import Role
from ocs.model.record import Tree

# The name of a thing in its file: ("core_string",), or ("sig-docs", "website") for a nested one.
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a file that became no field of a record, or not as it stands there.

    `what` and `why` are the same for similar things, so that they can be counted; `place`
    tells them apart. `known` are the words of which `what` may be a misspelling.
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
    """The notes, joined where only their places differ, in the order of their first ones."""
    places: dict[tuple[str, str, str, str | None], list[str]] = {}
    for note in notes:
        places.setdefault((note.code, note.what, note.why, note.hint), []).append(note.place)
    return tuple(Alike(*same, tuple(joined)) for same, joined in places.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignPerson:
    """`called` is the nick or login that an id is made from, `accounts` those with fields here."""

    key: Key
    called: str
    name: str
    accounts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLead:
    """A person, or else the name of somebody whom the file does not describe."""

    role: Role
    person: Key | None = None
    name: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCommunity:
    """`called` is what an id is made from, `fields` what goes into the record as it stands."""

    key: Key
    called: str
    kind: str  # of a new record only
    part_of: Key | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    contacts: tuple[Mapping[str, str], ...] = ()
    leads: tuple[ForeignLead, ...] | None = ()  # None where another place names them

    @property
    def name(self) -> str:
        return self.fields["name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSource:
    """A file of another project: its format, its project (`of`) if it says so, its content."""

    format: str
    of: str = ""
    people: tuple[ForeignPerson, ...] = ()
    communities: tuple[ForeignCommunity, ...] = ()
    titles: frozenset[str] = frozenset()  # all that its format gives; a person wrote any other
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file in another project's format, as a tree, and notes on what it cannot hold."""

    tree: Tree
    communities: int
    people: int
    notes: tuple[Note, ...] = ()
