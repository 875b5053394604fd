"""The registry that a command works on, with each adapter built when it is first needed."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from ocs.errors import OcsError, RegistryNotFoundError

if TYPE_CHECKING:
    from ocs.adapters.files import Entry, Files
    from ocs.adapters.git.objects import Objects
    from ocs.adapters.git.worktree import WorkTree
    from ocs.adapters.keyring import Keyring
    from ocs.adapters.store.index import Index, Row
    from ocs.adapters.store.judgements import Judgements
    from ocs.model.certificate import Outline
    from ocs.model.found import Found
    from ocs.rules.records.schema import Schemas
    from ocs.tasks.registry.commitfiles import Proposed

T = TypeVar("T")
Counted = Callable[[Any, str], Iterable[Any]]


def keyrings(
    today: date, caches: Sequence[Path] = ()
) -> Callable[[Sequence[Outline]], Keyring]:
    """Makes keyrings of certificates; what gpg makes of them is kept in one of the folders
    *caches*.
    """

    def keyring(outlines: Sequence[Outline]) -> Keyring:
        from ocs.adapters.keyring import Keyring

        return Keyring(outlines, today, caches)

    return keyring


def _users_folder(variable: str, otherwise: str) -> list[Path]:
    """The one folder for what is the user's alone that *variable* names, none where nobody
    knows it.
    """
    with contextlib.suppress(RuntimeError):  # nobody knows where home is
        folder = Path(os.environ.get(variable) or otherwise).expanduser() / "ocs"
        return [folder] if folder.is_absolute() else []
    return []


class Workspace:
    """Use `open`."""

    # Those of several registries that could not be asked; this is one.
    failed: Mapping[str, OcsError] = MappingProxyType({})

    def __init__(self, root: Path, counted: Counted = lambda items, what: items) -> None:
        self.root = root
        self.counted = counted

    @classmethod
    def open(
        cls, start: Path | None, counted: Counted = lambda items, what: items
    ) -> Workspace:
        """The registry at or above *start*, else at or above the current folder.

        *counted* tells how far work on many files has come.

        Raises RegistryNotFoundError where there is none.
        """
        from ocs.adapters.files import find_registry

        try:
            where = (start or Path()).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise RegistryNotFoundError(f"cannot go to the folder {start}: {error}") from error
        if start is not None and not where.is_dir():
            raise RegistryNotFoundError(f"there is no folder {start}")
        try:
            root = find_registry(where)
        except OSError as error:
            raise RegistryNotFoundError(
                f"the folder {where} is not readable: {error.strerror}",
                "ask its owner to let you read it",
            ) from error
        if root is None:
            raise RegistryNotFoundError(
                f"there is no registry here: no ocs.yaml in {where} or above",
                "go to a registry's folder, or name one with --registry DIR; to begin one, "
                "write `name: Your group` into a file ocs.yaml",
            )
        return cls(root, counted)

    @cached_property
    def files(self) -> Files:
        from ocs.adapters.files import Files

        return Files(self.root)

    @cached_property
    def schemas(self) -> Schemas:
        from ocs.adapters.files import read_schema
        from ocs.rules.records.schema import Schemas

        return Schemas(read_schema)

    def objects(self) -> Objects:
        """What is in commits of the repository that the registry is in."""
        from ocs.adapters.git.objects import Objects

        return Objects(self.root)

    @contextlib.contextmanager
    def proposed(self, revision: str, since: str | None) -> Iterator[Proposed]:
        """The registry as it is in a revision, or as merging that into *since* would make it."""
        from ocs.tasks.registry.commitfiles import proposed

        with self.objects() as objects:
            yield proposed(self.root, revision, since, objects)

    def keyrings(self, today: date) -> Callable[[Sequence[Outline]], Keyring]:
        """Makes keyrings of certificates, as they are on the day *today*."""
        own = _users_folder("XDG_CACHE_HOME", "~/.cache")
        return keyrings(
            today, [each / "keyrings" for each in own if not each.is_relative_to(self.root)]
        )

    def ask(self, question: Callable[[Index], T]) -> T:
        """The answer to a question to the index, which is brought up to date before."""
        from ocs.tasks.registry.index import ask

        folders, now_ns = self.index_folders(), time.time_ns()
        return ask(
            question, folders, self.files, self._rows, tree=self._work_tree(), now_ns=now_ns
        )

    def with_judgements(self, question: Callable[[Judgements | None], T]) -> T:
        """The answer to a question that goes faster with what was found of each file before."""
        from ocs.adapters.files import edition
        from ocs.tasks.registry.cached import with_judgements

        return with_judgements(question, self.index_folders(), self.root, edition())

    def _work_tree(self) -> WorkTree | None:
        from ocs.adapters.git import private_folder, top_folder
        from ocs.adapters.git.worktree import WorkTree

        top, git = top_folder(self.root), private_folder(self.root)
        return WorkTree(self.root, top, git) if top and git else None

    def _rows(self, changed: Sequence[Entry]) -> Iterable[Row]:
        from ocs.adapters.workers import Spread
        from ocs.tasks.registry.indexing import Indexer

        rows = Spread(Indexer(self.files, self.schemas, time.time_ns()), changed)
        return filter(None, self.counted(rows, "reading file"))

    def inside(self, path: Path) -> str:
        """A path that somebody wrote, from the current folder or from the registry's, as seen
        from its root.

        Raises OcsError where there is nothing, or it is not in the registry.
        """
        for base in (Path(), self.root):
            # The last step is not resolved: what is judged is a link, not what it leads to.
            with contextlib.suppress(RuntimeError, ValueError):  # a circle of links; a NUL
                whole = (base / path).parent.resolve() / path.name
                whole = whole.resolve() if path.name in ("", "..") else whole
                if os.path.lexists(whole) and whole.is_relative_to(self.root):
                    way = whole.relative_to(self.root).as_posix()
                    return "" if way == "." else way
        raise OcsError(f"there is no {path} in the registry {self.root}")

    def home_of(self, record: Found) -> Workspace:
        """The registry that a record is from, which is this one."""
        return self

    def record_name(self, text: str) -> str:
        """What somebody calls a record; a path to its file as seen from the registry's root."""
        if text.endswith(".yaml"):
            with contextlib.suppress(OcsError, OSError, ValueError):
                return self.inside(Path(text))
        return text

    def shown(self) -> str:
        """What stands before a file's path so that an editor finds it from the current folder."""
        try:
            way = os.path.relpath(self.root)
        except (OSError, ValueError):
            way = str(self.root)
        return "" if way == "." else f"{way}/"

    def below_repository(self) -> str:
        """What stands before a file's path in the repository that the registry is a folder of."""
        from ocs.adapters.git import top_folder

        way = self.root.relative_to(top_folder(self.root) or self.root).as_posix()
        return "" if way == "." else f"{way}/"

    def index_folders(self) -> list[Path]:
        """Where the index may lie, best first."""
        return self._own_folders("XDG_CACHE_HOME", "~/.cache")

    def draft_folders(self) -> list[Path]:
        """Where texts that are being worked on may lie, best first: none is shared with
        another registry.
        """
        from ocs.adapters.git import top_folder

        below = self.root.relative_to(top_folder(self.root) or "/")
        folders = self._own_folders("XDG_STATE_HOME", "~/.local/state")
        return [folder / "drafts" / below for folder in folders]

    def _own_folders(self, variable: str, otherwise: str) -> list[Path]:
        """Folders for what is the user's alone: in the repository, else where *variable* says."""
        from ocs.adapters.git import private_folder

        git = private_folder(self.root)
        folders = [git / "ocs"] if git else []
        folders += _users_folder(variable, otherwise)
        return [
            folder
            for folder in folders
            if folder.is_absolute() and self._is_apart(folder, git)
        ]

    def _is_apart(self, folder: Path, git: Path | None) -> bool:
        """Would what is written there not lie among the records?"""
        return not folder.is_relative_to(self.root) or (
            git is not None and folder.is_relative_to(git)
        )


class Several:
    """Registries that are asked as one. `failed` are those that could not be asked, and why."""

    def __init__(self, works: Sequence[Workspace], failed: Mapping[str, OcsError]) -> None:
        self._works = {work.shown(): work for work in works}
        self.failed = dict(failed)

    def ask(self, question: Callable[[Index], T]) -> T:
        """The answer to a question to all the indexes as if they were one."""
        from ocs.tasks.registry.registries import ask

        registries = {way: (work.root, work.ask) for way, work in self._works.items()}
        return ask(question, registries, self.failed)

    def home_of(self, record: Found) -> Workspace:
        """The registry that a record is from."""
        return self._works[record.source.way if record.source else ""]

    def record_name(self, text: str) -> str:
        """What somebody calls a record; paths are those of the first registry."""
        return next(iter(self._works.values())).record_name(text)

    def shown(self) -> str:
        """What stands before the path of a record: that says itself where it is."""
        return ""


def registries(starts: Sequence[Path], counted: Counted) -> Workspace | Several:
    """What is asked: the registry at or above the only one of *starts*, or those of all of
    them.

    Without any it is the one at or above the current folder, and those that OCS_REGISTRIES
    names. Raises RegistryNotFoundError where there is none at all.
    """
    named = os.environ.get("OCS_REGISTRIES", "").split(os.pathsep)
    listed = [Path(os.path.expanduser(folder)) for folder in named if folder]  # noqa: PTH111  never raises
    if len(starts) == 1 or not (starts or listed):
        return Workspace.open(starts[0] if starts else None, counted)
    found: dict[Path, Workspace] = {}
    failed: dict[str, OcsError] = {}
    starting: list[Path | None] = [*starts] or [None, *listed]
    for start in starting:
        try:
            work = Workspace.open(start, counted)
            found.setdefault(work.root, work)
        except RegistryNotFoundError as error:
            if start is not None:  # one may well ask from where there is none
                failed[str(start)] = error
    if not found:
        first = next(iter(failed.values()))
        raise RegistryNotFoundError(
            first.message, first.hint or "see what -C or OCS_REGISTRIES names"
        )
    return Several(list(found.values()), failed)
