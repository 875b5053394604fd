"""What the user's ocs remembers of the registry at hand, and how that changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from ocs.adapters.files import Files
from ocs.adapters.git import origin
from ocs.adapters.git.commits import uncommitted
from ocs.adapters.git.roots import roots
from ocs.adapters.memories import Memories
from ocs.errors import KeyringError, OcsError
from ocs.model.certificate import Certificate, CertificateFile
from ocs.model.registry import Registry
from ocs.model.trust import Fact, FactKind, Gone, Remembered, Source
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.facts import is_of_user
from ocs.rules.trust.copies import copy_of, newest
from ocs.rules.trust.questions import place_of
from ocs.rules.trust.recognition import (
    FOLDER,
    REMOTE,
    ROOT,
    marks_with,
    recognised,
    roots_in,
)
from ocs.tasks.registry.certificates import Keyrings, certificate_files
from ocs.tasks.registry.load import load
from ocs.tasks.trust.undone import taken_away


class Memory:
    """What the user has confirmed of the registry at *root*, of which the gatekeepers have *keys*.

    Without *memories*, a folder of the user's own, nothing is remembered, and nothing is kept.
    `unusable` are files that cannot be read; while there is one, nothing is a first use. What
    the history of HEAD, or that of the commit *shared*, took away meanwhile is not confirmed;
    `known` has it still.
    """

    def __init__(
        self,
        root: Path,
        keys: Collection[str],
        memories: Memories | None,
        today: date,
        shared: str = "",
    ) -> None:
        self.root = root
        self.today = today
        # Why something could not be kept; it holds in this process in any case.
        self.fault: OcsError | None = None
        self._memories = memories
        found, self.unusable = memories.all() if memories else ({}, [])
        recognition = recognised(self._marks, keys, found)
        self._name = recognition.own
        self.remembered = found[recognition.own] if recognition.own else Remembered()
        self.known = self.remembered.facts
        self._heads = tuple(filter(None, (shared, origin.head(root))))
        looked = self.remembered.looked
        self._lost = taken_away(self.known, root, self._heads, looked, today)
        self.remembered = self._without_lost(self.remembered, self._lost)
        self.related = tuple(found[name] for name in recognition.related)

    @cached_property
    def _marks(self) -> frozenset[str]:
        """What the registry is recognised by, besides its gatekeepers' keys."""
        history = roots(self.root)
        return frozenset(
            {
                FOLDER + str(self.root.resolve()),
                *(REMOTE + url for url in origin.remotes(self.root)),
                *(ROOT + commit for commit in (history.all if history else ())),
            }
        )

    @property
    def roots(self) -> frozenset[str]:
        """The first commits of the registry's history when it was seen for the first time."""
        return roots_in(self.remembered.marks)

    @property
    def is_first_use(self) -> bool:
        """Was nothing of this registry seen before, nor any key of its gatekeepers?"""
        return self._name is None and not self.related and not self.unusable

    def confirm(self, facts: Iterable[Fact], *, seen: str = "") -> None:
        """Remember these facts; *seen* is the commit of the default branch that was shown."""
        new = tuple(facts)
        commit = origin.head(self.root)
        self._change(lambda now: now.confirmed(new, self.today, commit), seen=seen)

    def forget(self, facts: Iterable[Fact]) -> None:
        """Remember of these facts that they are gone."""
        lost = frozenset(facts)
        when = Gone(self.today, origin.head(self.root))
        self._change(lambda now: now.without(lost, when))

    def saw(self, certificates: Iterable[Certificate]) -> None:
        """Remember how new these copies are, if any is newer than before."""
        copies = self.remembered.copies
        seen = {each.fingerprint: copy_of(each) for each in certificates}
        new = {
            key: newest(copies.get(key, copy), copy)
            for key, copy in seen.items()
            if key not in copies or newest(copies[key], copy) != copies[key]
        }
        if new:
            self._change(lambda now: replace(now, copies={**now.copies, **new}))

    def looked(self) -> None:
        """Remember up to where ocs has looked, so that it reads no commit for ever.

        While something was taken away of which the user was not told, it is looked for again.
        """
        looked = self.remembered.looked
        if self._name and not self._lost and any(head not in looked for head in self._heads):
            self._change(lambda now: now)

    def _without_lost(self, now: Remembered, lost: Mapping[Fact, str]) -> Remembered:
        for fact, commit in lost.items():
            now = now.without([fact], Gone(self.today, commit))
        return now

    def _change(self, change: Callable[[Remembered], Remembered], *, seen: str = "") -> None:
        lost, self._lost = self._lost, {}

        def changed(now: Remembered) -> Remembered:
            marks = marks_with(now.marks, self._marks)
            marked = replace(now, marks=marks, seen=seen or now.seen)
            looked = marked.looked_up_to(self._heads)
            return change(self._without_lost(looked, lost))

        self.remembered = changed(self.remembered)
        if self._memories:
            try:
                self._name, self.remembered = self._memories.update(self._name, changed)
            except OcsError as error:
                self.fault = error


def open_memory(
    registry: Registry,
    root: Path,
    memories: Memories | None,
    today: date,
    shared: str = "",
) -> Memory:
    """What the user has confirmed of this registry; *shared* is as for `Memory`."""
    keys = {gatekeeper.key for gatekeeper in registry.gatekeepers if gatekeeper.key}
    return Memory(root, keys, memories, today, shared)


class Confirmed(Container[Fact]):
    """The facts that the user has confirmed, and those about the user; read when first asked."""

    def __init__(
        self,
        files: Files,
        schemas: Schemas,
        memories: Memories | None,
        keyrings: Keyrings,
        today: date,
    ) -> None:
        self._opened = files, schemas, memories, today
        self._keyrings = keyrings

    def __contains__(self, fact: object) -> bool:
        return isinstance(fact, Fact) and (
            fact in self._facts or is_of_user(fact, self._users)
        )

    @cached_property
    def _facts(self) -> Collection[Fact]:
        return memory_of(*self._opened).remembered.facts.keys()

    @cached_property
    def _users(self) -> Mapping[str, str]:
        return users(certificate_files(self._opened[0]), self._keyrings)


def memory_of(
    files: Files, schemas: Schemas, memories: Memories | None, today: date
) -> Memory:
    """What the user has confirmed of the registry in these files."""
    registry = load(files, schemas, folders=()).registry
    return open_memory(registry, files.root, memories, today)


def users(files: Iterable[CertificateFile], keyrings: Keyrings) -> Mapping[str, str]:
    """The people whose secret key the user's gpg has, which is the user, with these keys."""
    try:
        own = keyrings([]).own_keys()
    except KeyringError:
        return {}
    return {
        file.person: file.outline.fingerprint
        for file in files
        if file.person and file.outline and file.outline.fingerprint in own
    }


def sources(
    facts: Iterable[Fact], registry: Registry, root: Path, commit: str = ""
) -> tuple[Source, ...]:
    """The commits that brought these facts, once for each file.

    Where they are those of the files here, rather than of a *commit*, they may be in none yet.
    """
    # A gatekeeper's key is in ocs.yaml and in keys/.
    places = dict(place_of(fact, registry) for fact in facts)
    for fact in facts:
        if fact.kind is FactKind.ROSTER:
            places.setdefault(f"keys/{fact.about}.asc", "")
    changed = () if commit else uncommitted(root, list(places))
    return tuple(
        Source(file) if file in changed else _source(file, word, root, commit or "HEAD")
        for file, word in places.items()
    )


def _source(file: str, word: str, root: Path, revision: str) -> Source:
    change = origin.newest_change(root, file, word, revision)
    # A word may be another one there: an id of old, or one in quotes.
    change = change or origin.newest_change(root, file, "", revision)
    return Source(file, *(change or ()))
