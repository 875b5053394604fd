"""What is to be rotated, from git's history: commits made by hand count as those of ocs do."""

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
from ocs.rules.records.naming import Misplaced, identify_key, identify_secret
from ocs.rules.secrets.ciphertexts import HISTORY_UNKNOWN, holders
from ocs.rules.secrets.readers import access_of, owner_of, who_reads
from ocs.rules.secrets.rotation import former_readers, leading_to, since_rotation

_FOLDERS = ("access", "keys", "secrets")


def with_history(
    registry: Registry, files: Files, today: date
) -> tuple[Registry, list[Finding]]:
    """The registry with who could read its secrets and no longer is to, and why that is not
    known.
    """
    if (
        registry.ciphertexts is None
        or registry.certificates is None
        or top_folder(files.root) is None
    ):
        return registry, []
    try:
        past = _Past(History(files.root, _FOLDERS, files.revision), registry)
        whose = past.whose()
        former = {
            secret: former_readers(
                past.holding(secret), whose, who_reads(secret, registry, today)
            )
            for secret in registry.ciphertexts
        }
        once_of = {secret: past.others_with_it(secret) for secret in registry.ciphertexts}
    except HistoryUnknownError as error:
        message = f"it cannot be told what is to be rotated: {error.message}"
        return registry, [HISTORY_UNKNOWN.finding(message, Place("secrets"), hint=error.hint)]
    return replace(
        registry,
        former_readers={name: who for name, who in former.items() if who},
        once_of={name: others for name, others in once_of.items() if others},
    ), []


class _Held(NamedTuple):
    """That a secret had a ciphertext after a commit."""

    secret: str
    commit: str
    message: Message


class _Past:
    """The history of a registry's secrets, read as far as it is asked for."""

    def __init__(self, history: History, registry: Registry) -> None:
        self._registry = registry
        self._parents = history.parents()
        self._now = history.committed()
        self._pairs: dict[str, dict[tuple[str, int], dict[str, tuple[str, str]]]] = {}
        self._certificates: dict[str, set[str]] = {}
        self._sort(history.versions())
        pairs = [pair for every in self._pairs.values() for pair in every.values()]
        blobs = {blob for pair in pairs for both in pair.values() for blob in both}
        blobs |= {blob for every in self._certificates.values() for blob in every}
        blobs |= set(self._now.values())
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
            yield from (each.message for each in self._alike.get(content, ()))

    def others_with_it(self, secret: str) -> tuple[str, ...]:
        """The other secrets that had the ciphertext that this one has now, and had it first.

        A secret that moved along with its owner is the same.
        """
        message = (self._registry.ciphertexts or {})[secret].message
        found = self._alike.get(message.content, ()) if message else ()
        own = _identity(secret, self._registry)
        owns = {each.commit for each in found if _identity(each.secret, self._registry) == own}
        others = [each for each in found if _identity(each.secret, self._registry) != own]
        first = [
            each
            for each in others
            if owns.isdisjoint(leading_to([each.commit], self._parents))
        ]
        return tuple(sorted({each.secret for each in first}))

    @cached_property
    def _alike(self) -> Mapping[str, Sequence[_Held]]:
        """Every ciphertext that ever was, by what is encrypted: a secret may have had another
        name.
        """
        found: dict[str, list[_Held]] = {}
        for secret in self._pairs:
            for turn in self.turns(secret):
                if turn.commit and turn.after is not None:
                    found.setdefault(turn.after.content, []).append(
                        _Held(secret, turn.commit, turn.after)
                    )
        return found

    def whose(self) -> Mapping[str, frozenset[str]]:
        """Whose each key is, now or at any other time."""
        found = {key_id: set(people) for key_id, people in holders(self._registry).items()}
        for person, blobs in self._certificates.items():
            for blob in blobs:
                with suppress(NotOpenPgpError):
                    outline = read_certificate(self._contents[blob])
                    for key in (outline.primary, *outline.subkeys):
                        found.setdefault(key.key_id, set()).add(
                            self._registry.now_called("person", person)
                        )
        return {key_id: frozenset(people) for key_id, people in found.items()}

    def turns(self, secret: str) -> list[Turn]:
        """All that became of a secret, and what is not committed yet."""
        record, file = KIND["access"].file(secret), file_of(secret)
        found = []
        for (commit, _), changed in self._pairs.get(secret, {}).items():
            before, after = changed.get(file, ("", ""))
            was, now = changed.get(record, ("", ""))
            found.append(
                Turn(
                    commit,
                    self._message(before),
                    self._message(after),
                    self._rotated(was),
                    self._rotated(now),
                )
            )
        access = access_of(secret, self._registry)
        present = (self._registry.ciphertexts or {}).get(secret)
        current = present.message if present else None
        head = self._message(self._now.get(file, ""))
        rotated = self._rotated(self._now.get(record, ""))
        found.append(Turn("", head, current, rotated, access.rotated if access else None))
        return found

    def _sort(self, versions: Iterable[Version]) -> None:
        for version in versions:
            with suppress(Misplaced):
                if version.path.startswith("keys/"):
                    self._certificates.setdefault(identify_key(version.path), set()).update(
                        filter(None, (version.before, version.after))
                    )
                    continue
                name = version.path.removeprefix("access/").removesuffix(".yaml")
                is_record = version.path == KIND["access"].file(name)
                secret = name if is_record else identify_secret(version.path)
                pair = self._pairs.setdefault(secret, {}).setdefault(
                    (version.commit, version.listing), {}
                )
                pair[version.path] = (version.before, version.after)

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
