"""Which secrets need rotation, by git's history: commits made by hand count as those of ocs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from typing import NamedTuple

from ocs.adapters.files import Files
from ocs.adapters.git import top_folder
from ocs.adapters.git.versions import History, HistoryUnknownError, Version
from ocs.adapters.packets import read_certificate, read_message
from ocs.adapters.yamlfile import parse
from ocs.errors import NotOpenPgpError
from ocs.model.ciphertext import Message, file_of
from ocs.model.finding import Finding, Place
from ocs.model.kinds import KIND
from ocs.model.registry import Registry
from ocs.model.rotation import Turn
from ocs.rules.records.naming import Misplaced, identify, identify_key, identify_secret
from ocs.rules.secrets.ciphertexts import HISTORY_UNKNOWN, holders
from ocs.rules.secrets.readers import (
    access_of,
    are_readers_known,
    owner_of,
    who_reads,
)
from ocs.rules.secrets.rotation import former_readers, leading_to, since_rotation

_FOLDERS = ("access", "keys", "secrets")


def with_history(
    registry: Registry, files: Files, today: date
) -> tuple[Registry, list[Finding]]:
    """As `known_history`; where git cannot tell, the registry as it was, and why."""
    try:
        return known_history(registry, files, today), []
    except HistoryUnknownError as error:
        message = f"cannot find out which secrets need rotation: {error.message}"
        return registry, [HISTORY_UNKNOWN.finding(message, Place("secrets"), hint=error.hint)]


def known_history(registry: Registry, files: Files, today: date) -> Registry:
    """The registry with the former readers of its secrets. Raises HistoryUnknownError."""
    if (
        registry.ciphertexts is None
        or registry.certificates is None
        or top_folder(files.root) is None
    ):
        return registry
    past = _Past(History(files.root, _FOLDERS, files.revision), registry)
    whose = past.whose()
    former = {
        secret: former_readers(past.holding(secret), whose, who_reads(secret, registry, today))
        for secret in registry.ciphertexts
        if are_readers_known(secret, registry)
    }
    others = {secret: past.others_with_it(secret) for secret in registry.ciphertexts}
    return replace(
        registry,
        former_readers={name: who for name, who in former.items() if who},
        once_of={name: both.first for name, both in others.items() if both.first},
        ever_of={name: both.ever for name, both in others.items() if both.ever},
    )


class _State(NamedTuple):
    """The ciphertext that a secret had after a commit."""

    secret: str
    commit: str
    message: Message


class _Others(NamedTuple):
    """The secrets that had a ciphertext before another one, and those that ever had it."""

    first: tuple[str, ...]
    ever: tuple[str, ...]


class _Past:
    """The history of a registry's secrets."""

    def __init__(self, history: History, registry: Registry) -> None:
        self._registry = registry
        self._parents = history.parents()
        self._now = history.committed()
        self._pairs: dict[str, dict[tuple[str, int], dict[str, tuple[str, str]]]] = {}
        self._certificates: dict[str, set[str]] = {}
        self._sort(history.versions())
        pairs = [pair for by_commit in self._pairs.values() for pair in by_commit.values()]
        blobs = {blob for pair in pairs for versions in pair.values() for blob in versions}
        blobs.update(*self._certificates.values(), self._now.values())
        self._contents = history.contents(sorted(filter(None, blobs)))
        self._message = cache(self._read_message)
        self._rotated = cache(self._read_rotated)
        # Most records are as they were committed.
        self._now_read = {
            document.data: document.tree
            for document in registry.by_kind["access"].values()
            if document.data
        }

    def holding(self, secret: str) -> Iterator[Message]:
        """The ciphertexts that hold, or may hold, what a secret holds now."""
        recent = since_rotation(self.turns(secret), self._parents)
        yield from recent
        for content in {message.content for message in recent}:
            yield from (state.message for state in self._states.get(content, ()))

    def others_with_it(self, secret: str) -> _Others:
        """The other secrets that had the ciphertext that this one has now.

        A secret that moved along with its owner is the same. Who had it first is not sure: what
        was copied from a branch may be here before its original.
        """
        message = (self._registry.ciphertexts or {})[secret].message
        own = _identity(secret, self._registry)
        own_commits: set[str] = set()
        others: list[_State] = []
        for state in self._states.get(message.content, ()) if message else ():
            if _identity(state.secret, self._registry) == own:
                own_commits.add(state.commit)
            else:
                others.append(state)
        first = {
            state.secret
            for state in others
            if own_commits.isdisjoint(leading_to([state.commit], self._parents))
        }
        ever = {state.secret for state in others}
        return _Others(tuple(sorted(first)), tuple(sorted(ever)))

    @cached_property
    def _states(self) -> Mapping[str, Sequence[_State]]:
        """Every ciphertext of the past by its content: a secret may have had another name."""
        states: dict[str, list[_State]] = {}
        for secret in self._pairs:
            for turn in self.turns(secret):
                if turn.commit and turn.after is not None:
                    state = _State(secret, turn.commit, turn.after)
                    states.setdefault(turn.after.content, []).append(state)
        return states

    def whose(self) -> Mapping[str, frozenset[str]]:
        """Whose each key is, now or at any other time."""
        people_of = {key: set(people) for key, people in holders(self._registry).items()}
        for person, blobs in self._certificates.items():
            for blob in blobs:
                with suppress(NotOpenPgpError):
                    outline = read_certificate(self._contents[blob])
                    for key in (outline.primary, *outline.subkeys):
                        people_of.setdefault(key.key_id, set()).add(
                            self._registry.now_called("person", person)
                        )
        return {key_id: frozenset(people) for key_id, people in people_of.items()}

    def turns(self, secret: str) -> list[Turn]:
        """What each commit made of a secret, and last what is not committed yet."""
        record, file = KIND["access"].file(secret), file_of(secret)
        turns = []
        for (commit, _), versions in self._pairs.get(secret, {}).items():
            before, after = map(self._message, versions.get(file, ("", "")))
            rotated_before, rotated = map(self._rotated, versions.get(record, ("", "")))
            turns.append(Turn(commit, before, after, rotated_before, rotated))
        access = access_of(secret, self._registry)
        ciphertext = (self._registry.ciphertexts or {}).get(secret)
        uncommitted = Turn(
            "",
            self._message(self._now.get(file, "")),
            ciphertext.message if ciphertext else None,
            self._rotated(self._now.get(record, "")),
            access.rotated if access else None,
        )
        return [*turns, uncommitted]

    def _sort(self, versions: Iterable[Version]) -> None:
        for version in versions:
            with suppress(Misplaced):
                path, blobs = version.path, (version.before, version.after)
                if path.startswith("keys/"):
                    of_person = self._certificates.setdefault(identify_key(path), set())
                    of_person.update(filter(None, blobs))
                    continue
                is_record = path.startswith("access/")
                secret = identify(path)[1] if is_record else identify_secret(path)
                by_commit = self._pairs.setdefault(secret, {})
                by_commit.setdefault((version.commit, version.listing), {})[path] = blobs

    def _read_message(self, blob: str) -> Message | None:
        if blob:
            with suppress(NotOpenPgpError):
                return read_message(self._contents[blob])
        return None

    def _read_rotated(self, blob: str) -> date | None:
        if blob:
            data = self._contents[blob]
            tree = self._now_read.get(data) or parse(data).tree
            with suppress(ValueError, TypeError, LookupError):
                return date.fromisoformat((tree or {})["rotated"])
        return None


def _identity(secret: str, registry: Registry) -> tuple[str, str]:
    """A secret by what its owner is called now."""
    owner = owner_of(secret, registry)
    first, _, name = secret.partition("/")
    return (owner.id if owner else first), name
