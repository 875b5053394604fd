"""The registry that a command works on, with each adapter built at its first use."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from ocs.errors import OcsError, RegistryNotFoundError

if TYPE_CHECKING:
    from ocs.adapters.drafts import DraftFolders
    from ocs.adapters.files import Entry, Files
    from ocs.adapters.git.objects import Objects
    from ocs.adapters.git.worktree import WorkTree
    from ocs.adapters.keyring import Keyring
    from ocs.adapters.memories import Memories
    from ocs.adapters.store.index import Index, Row
    from ocs.adapters.store.reports import ReportStore
    from ocs.model.certificate import Outline
    from ocs.model.found import Found
    from ocs.model.trust import Fact
    from ocs.rules.records.schema import Schemas
    from ocs.tasks.registry.commitfiles import Proposed

T = TypeVar("T")
Counted = Callable[[Any, str], Iterable[Any]]


def keyrings(
    today: date, caches: Sequence[Path] = ()
) -> Callable[[Sequence[Outline]], Keyring]:
    """A maker of keyrings from certificates, which caches gpg's work in one of *caches*."""

    def keyring(outlines: Sequence[Outline]) -> Keyring:
        from ocs.adapters.keyring import Keyring

        return Keyring(outlines, today, caches)

    return keyring


def _users_folder(variable: str, otherwise: str) -> list[Path]:
    """The user's own folder that *variable* names, as a list; empty where it is unknown."""
    with contextlib.suppress(RuntimeError):  # there is no home
        folder = Path(os.environ.get(variable) or otherwise).expanduser() / "ocs"
        return [folder] if folder.is_absolute() else []
    return []


class Workspace:
    """A registry and its adapters; made by `open`."""

    # The registries that could not be read, of several; this is one.
    failed: Mapping[str, OcsError] = MappingProxyType({})

    def __init__(self, root: Path, counted: Counted = lambda items, what: items) -> None:
        self.root = root
        self.counted = counted

    @classmethod
    def open(
        cls, start: Path | None, counted: Counted = lambda items, what: items
    ) -> Workspace:
        """The registry at or above *start*, or the current folder. Raises RegistryNotFoundError.

        *counted* shows the progress of work on many files.
        """
        from ocs.adapters.files import find_registry

        try:
            where = (start or Path()).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise RegistryNotFoundError(f"cannot open the folder {start}: {error}") from error
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
                "change to a registry, use --registry DIR, or create a registry with `ocs init`",
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
        """The commits of the repository that the registry is in."""
        from ocs.adapters.git.objects import Objects

        return Objects(self.root)

    @contextlib.contextmanager
    def proposed(self, revision: str, since: str | None) -> Iterator[Proposed]:
        """The registry in a revision, or after merging that into *since*."""
        from ocs.tasks.registry.commitfiles import proposed

        with self.objects() as objects:
            yield proposed(self.root, revision, since, objects)

    def keyrings(self, today: date) -> Callable[[Sequence[Outline]], Keyring]:
        """A maker of keyrings from certificates, as of *today*."""
        folders = _users_folder("XDG_CACHE_HOME", "~/.cache")
        caches = [folder / "keyrings" for folder in folders if self._is_apart(folder, None)]
        return keyrings(today, caches)

    def ask(self, question: Callable[[Index], T]) -> T:
        """The answer of the index to a question, after an update."""
        from ocs.tasks.registry.index import ask

        folders, now_ns = self.index_folders(), time.time_ns()
        return ask(
            question,
            folders,
            self.files,
            self._rows,
            tree=self._work_tree(),
            now_ns=now_ns,
            notes=self._notes(),
        )

    def with_judgements(self, question: Callable[[ReportStore | None], T]) -> T:
        """The answer to a question that is faster with the cached findings of each file."""
        from ocs.adapters.files import edition
        from ocs.tasks.registry.cached import with_judgements

        folders, notes = self.index_folders(), self._notes()
        return with_judgements(question, folders, self.root, edition(), notes)

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
        """The path from the root of what *path* names from the current folder, or from the root.

        Raises OcsError where there is nothing, or it is not in the registry.
        """
        for base in (Path(), self.root):
            # The last step stays: the link itself is judged, not what it leads to.
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
        """The name of a record; for a path to its file, that path from the root."""
        if text.endswith(".yaml"):
            with contextlib.suppress(OcsError, OSError, ValueError):
                return self.inside(Path(text))
        return text

    def shown(self) -> str:
        """The prefix that makes a file's path one from the current folder."""
        try:
            way = os.path.relpath(self.root)
        except (OSError, ValueError):
            way = str(self.root)
        return "" if way == "." else f"{way}/"

    def below_repository(self) -> str:
        """The prefix that makes a file's path one from the top of the repository."""
        from ocs.adapters.git import top_folder

        way = self.root.relative_to(top_folder(self.root) or self.root).as_posix()
        return "" if way == "." else f"{way}/"

    def index_folders(self) -> list[Path]:
        """The folders that can hold the index, best first."""
        return self._own_folders("XDG_CACHE_HOME", "~/.cache")

    def _notes(self) -> Path | None:
        """The folder for what ocs knows of its caches."""
        state = self._state()
        return state / "caches" if state else None

    def _state(self) -> Path | None:
        """The user's own folder for what no registry may bring along.

        None where it is unknown, or where somebody else can write to it.
        """
        from ocs.adapters.private import is_private

        folders = _users_folder("XDG_STATE_HOME", "~/.local/state")
        own = (each for each in folders if self._is_apart(each, None) and is_private(each))
        return next(own, None)

    def draft_folders(self) -> DraftFolders:
        """The folders that can hold drafts of this registry alone, best first."""
        from ocs.adapters.drafts import DraftFolders, key_in
        from ocs.adapters.git import top_folder

        below = self.root.relative_to(top_folder(self.root) or "/")
        folders = self._own_folders("XDG_STATE_HOME", "~/.local/state")
        own = [folder / "drafts" / below for folder in folders]
        return DraftFolders(own, key_in(self._state()))

    def memories(self) -> Memories | None:
        """What the user's ocs remembers of all registries; None where it cannot be kept apart."""
        from ocs.adapters.memories import Memories

        folders = _users_folder("XDG_STATE_HOME", "~/.local/state")
        return next(
            (Memories(folder / "trust") for folder in folders if self._is_apart(folder, None)),
            None,
        )

    def confirmed(self, today: date) -> Container[Fact]:
        """The facts about who can read secrets that the user has confirmed."""
        from ocs.tasks.trust.memory import Confirmed

        return Confirmed(
            self.files, self.schemas, self.memories(), self.keyrings(today), today
        )

    def _own_folders(self, variable: str, otherwise: str) -> list[Path]:
        """The user's own folders: in the repository, then where *variable* says."""
        from ocs.adapters.git import private_folder

        git = private_folder(self.root)
        folders = [git / "ocs"] if git else []
        folders += _users_folder(variable, otherwise)
        return [path for path in folders if path.is_absolute() and self._is_apart(path, git)]

    def _is_apart(self, folder: Path, git: Path | None) -> bool:
        """Does the folder not lie among the records?"""
        return not folder.is_relative_to(self.root) or (
            git is not None and folder.is_relative_to(git)
        )


class Several:
    """Registries that answer as one. `failed` are those that cannot be read, and why."""

    def __init__(self, works: Sequence[Workspace], failed: Mapping[str, OcsError]) -> None:
        self._works = {work.shown(): work for work in works}
        self.failed = dict(failed)

    def ask(self, question: Callable[[Index], T]) -> T:
        """The answer of all the indexes as one."""
        from ocs.tasks.registry.registries import ask

        registries = {way: (work.root, work.ask) for way, work in self._works.items()}
        return ask(question, registries, self.failed)

    def home_of(self, record: Found) -> Workspace:
        """The registry that a record is from."""
        return self._works[record.source.way if record.source else ""]

    def record_name(self, text: str) -> str:
        """The name of a record; paths are those of the first registry."""
        return next(iter(self._works.values())).record_name(text)

    def shown(self) -> str:
        """The prefix of paths: none, since each names its registry."""
        return ""


def registries(starts: Sequence[Path], counted: Counted) -> Workspace | Several:
    """The registry at or above the one of *starts*, or those of all of them as one.

    Without *starts*, those of the current folder and of OCS_REGISTRIES. Raises
    RegistryNotFoundError where there is none at all.
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
            if start is not None:  # the current folder need not be in a registry
                failed[str(start)] = error
    if not found:
        first = next(iter(failed.values()))
        raise RegistryNotFoundError(
            first.message, first.hint or "check what -C or OCS_REGISTRIES names"
        )
    return Several(list(found.values()), failed)
