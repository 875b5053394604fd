"""KINDS is the one table of record kinds. Commands, index, checks and docs loop over it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocs.model.record import Record

SLUG_LENGTH = range(2, 61)
_SLUG_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def is_slug(text: str) -> bool:
    """Is this small letters and digits with single `-` between them, 2 to 60 characters?"""
    return len(text) in SLUG_LENGTH and all(
        part and _SLUG_LETTERS.issuperset(part) for part in text.split("-")
    )


@cache
def _imported(record: str) -> type[Record]:
    module, _, name = record.partition(":")
    found: type[Record] = getattr(import_module(f"ocs.model.{module}"), name)
    return found


class Kind:
    """A kind of record, a row of KINDS.

    `name` names one record and its schema, `folder` the folder where they lie, `title` the
    field that says what a record is called, `columns` the fields that `ocs list` shows,
    `record` the class of the typed record as `module:Class` within ocs.model (loaded when it
    is first needed). `about` names the kinds that the file's name (`owner_folders`: the
    folder's name) is an id of; such a record is about another one and has no id of its own;
    the others share theirs with the kinds of the same `ids`. `spaces` are the spaces of names
    in which other records mention it (`x-refers-to` in schemas). Of a kind that goes
    `one_by_one` there may be very many records: what is found of each is kept, and the rules
    for it look at one record at a time.
    """

    __slots__ = (
        "about",
        "columns",
        "folder",
        "ids",
        "name",
        "one_by_one",
        "owner_folders",
        "record",
        "spaces",
        "title",
    )

    def __init__(
        self,
        name: str,
        folder: str,
        *,
        title: str,
        columns: tuple[str, ...],
        record: str,
        about: tuple[str, ...] = (),
        owner_folders: bool = False,
        ids: str = "",
        spaces: tuple[str, ...] = (),
        one_by_one: bool = False,
    ) -> None:
        self.name = name
        self.folder = folder
        self.title = title
        self.columns = columns
        self.record = record
        self.about = about
        self.owner_folders = owner_folders
        self.ids = ids or name
        self.spaces = spaces
        self.one_by_one = one_by_one

    def __repr__(self) -> str:
        return f"Kind({self.name!r})"

    def reference(self, id: str) -> str:
        """How a record is named in full: `problems/x`, and `ocs` for the registry's own."""
        return f"{self.folder}/{id}" if self.folder else id

    def file(self, id: str) -> str:
        """Where the record lies, seen from the registry's root."""
        return f"{self.reference(id)}.yaml"

    def record_type(self) -> type[Record]:
        """The class of the typed record."""
        return _imported(self.record)


KINDS: tuple[Kind, ...] = (
    Kind("ocs", "", title="name", columns=("name",), record="ocs:OcsRecord"),
    Kind(
        "person",
        "people",
        title="name",
        columns=("name", "status", "languages", "skills"),
        record="person:Person",
        spaces=("person",),
    ),
    Kind(
        "vetting",
        "vetting",
        title="level",
        columns=("level", "since", "expires"),
        record="vetting:Vetting",
        about=("person",),
    ),
    Kind(
        "org",
        "orgs",
        title="name",
        columns=("name", "status", "sensitivity", "gatekeepers"),
        record="org:Org",
        ids="owner",
        spaces=("owner", "party"),
    ),
    Kind(
        "community",
        "communities",
        title="name",
        columns=("name", "kind", "status", "reviewed"),
        record="community:Community",
        ids="owner",
        spaces=("community", "owner", "party"),
    ),
    Kind(
        "problem",
        "problems",
        title="title",
        columns=("title", "state", "product"),
        record="problem:Problem",
        spaces=("problem",),
        one_by_one=True,
    ),
    Kind(
        "access",
        "access",
        title="purpose",
        columns=("purpose", "readers", "rotate_by"),
        record="access:Access",
        spaces=("secret",),
        about=("org", "community"),
        owner_folders=True,
    ),
)

KIND = {kind.name: kind for kind in KINDS}
KIND_OF_FOLDER = {kind.folder: kind for kind in KINDS}

RECORD_FOLDERS = tuple(kind.folder for kind in KINDS if kind.folder)
# Every folder of a registry; the last hold no records of a kind above.
FOLDERS = (*RECORD_FOLDERS, "keys", "secrets", "approvals", "requests")


def kind_named(word: str) -> Kind | None:
    """The kind that a person means by this word: its name or its folder, `problem` or
    `problems`.
    """
    return KIND.get(word) or KIND_OF_FOLDER.get(word or "-")
