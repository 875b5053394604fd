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
    cls: type[Record] = getattr(import_module(f"ocs.model.{module}"), name)
    return cls


class Kind:
    """A kind of record, a row of KINDS.

    `name` names one record and its schema, `folder` the folder of the records, `title` the
    field with a record's title, `columns` the fields that `ocs list` shows, `record` the class
    of the typed record as `module:Class` within ocs.model (loaded when needed). `about` names
    the kinds whose id is the file's name (`owner_folders`: the folder's name); such a record
    is about another one and has no id of its own; the others share theirs with the kinds of
    the same `ids`. `spaces` are the spaces of names in which other records mention it
    (`x-refers-to` in schemas). A kind that goes `one_by_one` may have very many records:
    reports on each are kept, and the rules for it look at one record at a time.
    """

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
        """The full name of a record: `problems/x`, and `ocs` for the registry's own."""
        return f"{self.folder}/{id}" if self.folder else id

    def file(self, id: str) -> str:
        """The path of the record from the registry's root."""
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
    """The kind with this name or folder, `problem` or `problems`."""
    return KIND.get(word) or KIND_OF_FOLDER.get(word or "-")
