"""The facts that files state, each as far as it stands in its file alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from ocs.adapters.packets import read_certificate
from ocs.adapters.yamlfile import parse
from ocs.errors import NotOpenPgpError
from ocs.model.change import Replacement
from ocs.model.trust import Fact, FactKind
from ocs.rules.records.naming import Misplaced, identify, identify_key


def difference(
    written: Iterable[Replacement], today: date
) -> tuple[frozenset[Fact], frozenset[Fact]]:
    """The facts that files state anew, and those that they state no more."""
    files = tuple(written)
    before = {fact for file in files for fact in _stated(file.path, file.before, today)}
    after = {fact for file in files for fact in _stated(file.path, file.data, today)}
    return frozenset(after - before), frozenset(before - after)


def _stated(path: str, data: bytes | None, today: date) -> Iterator[Fact]:
    """The facts in a file, as far as they stand there alone."""
    if not data:
        return
    with suppress(Misplaced, NotOpenPgpError, KeyError):
        if path.startswith("keys/"):
            person = identify_key(path)
            yield Fact(FactKind.KEY, person, read_certificate(data).fingerprint)
            return
        kind, id = identify(path)
        tree = parse(data).tree
        if not isinstance(tree, Mapping):
            return
        if kind.name == "vetting":
            yield from _of_vetting(id, tree, today)
        for person, entry in _people(tree.get("gatekeepers")):
            if kind.name == "ocs":
                yield Fact(FactKind.ROSTER, person, str(entry.get("key") or ""))
            else:
                yield Fact(FactKind.GATEKEEPER, id, person)
        if kind.name == "access":
            for person, entry in _people(tree.get("readers")):
                if not _is_over(entry.get("until"), today):
                    yield Fact(FactKind.READER, id, person)


def _of_vetting(person: str, tree: Mapping[str, Any], today: date) -> Iterator[Fact]:
    if isinstance(tree.get("key"), str):
        yield Fact(FactKind.KEY, person, tree["key"])
    suspended = tree.get("suspended")
    since = suspended.get("since") if isinstance(suspended, Mapping) else None
    is_suspended = suspended is not None and not _is_later(since, today)
    if isinstance(tree.get("level"), str) and not is_suspended:
        yield Fact(FactKind.LEVEL, person, tree["level"])


def _people(entries: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The people in a list, of which an entry is a name or has one."""
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str):
            yield entry, {}
        elif isinstance(entry, Mapping) and isinstance(entry.get("person"), str):
            yield entry["person"], entry


def _is_over(until: Any, today: date) -> bool:
    with suppress(ValueError, TypeError):
        return until is not None and date.fromisoformat(until) < today
    return False


def _is_later(since: Any, today: date) -> bool:
    with suppress(ValueError, TypeError):
        return date.fromisoformat(since) > today
    return False
