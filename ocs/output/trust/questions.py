"""A question about somebody to whom ocs would encrypt, on stderr."""

from __future__ import annotations

from collections.abc import Sequence

from ocs.model.trust import FactKind, Question, Source
from ocs.output.console import Screen, clean

_GROUP, _LABEL = 4, 12
# A question fits on the screen, whatever somebody wrote into the records and the commits.
_MOST, _LONGEST = 10, 200


def begin(
    unusable: Sequence[str], users: Sequence[str], screen: Screen, *, is_first: bool
) -> None:
    """Why ocs asks, where it remembers nothing; and who the user is, by their secret key."""
    for file in unusable:
        screen.warn(
            f"ocs cannot trust what it remembers in {file}: it is damaged, or others can write "
            "to it. Delete it, and compare every key again"
        )
    if is_first:
        screen.ask("ocs has never seen this registry on this machine: compare every key")
        for user in users:
            screen.ask(_line(f"you are {user}, whose secret key gpg has here"))


def question(asked: Question, screen: Screen) -> None:
    """Who it is, what they can do, and who brought that."""
    screen.ask((_line(_title(asked)), "bold"))
    for label, text in _rows(asked):
        screen.ask("  ", (label.ljust(_LABEL), "dim"), _line(text))
    for text in _some([brought(source) for source in asked.sources]):
        screen.ask("  ", ("commit".ljust(_LABEL), "dim"), _line(text))


def brought(source: Source) -> str:
    """The commit that brought something into a file."""
    if not source.commit:
        return f"none: {source.file} is not committed as it is here"
    author, subject = _short(source.author), _short(source.subject)
    return f"{source.commit} {author}, {source.day}: {subject} ({source.file})"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _some(texts: Sequence[str]) -> list[str]:
    """The first of these, and how many more there are."""
    more = len(texts) - _MOST
    return (
        [*map(_short, texts)]
        if more <= 0
        else [*map(_short, texts[:_MOST]), f"and {more} more"]
    )


def grouped(fingerprint: str) -> str:
    """A fingerprint as people read it."""
    return " ".join(fingerprint[at : at + _GROUP] for at in range(0, len(fingerprint), _GROUP))


def _title(asked: Question) -> str:
    if asked.key_before and asked.has_new_key:
        return f"{asked.person}: ANOTHER KEY than on {asked.key_before[1]}"
    if asked.has_new_key and asked.known_as:
        return f"{asked.person}: you know this key as that of {asked.known_as}"
    if asked.has_new_key:
        return f"{asked.person}: a key that you have not confirmed"
    return f"{asked.person}: the same key as before"


def _rows(asked: Question) -> list[tuple[str, str]]:
    rows = [("key", grouped(asked.key) or "none")]
    if asked.key_before and asked.has_new_key:
        rows.append(("before", grouped(asked.key_before[0])))
    if any(fact.kind is FactKind.LEVEL for fact in asked.facts) and asked.level_before:
        rows.append(("level", f"{asked.level}, before: {asked.level_before}"))
    else:
        rows.append(("level", asked.level or "not vetted"))
    rows += [("checked", text) for text in _some(asked.vouched)]
    if asked.secrets:
        rows.append(("gets", ", ".join(_some(asked.secrets))))
    for label, kind in (("reads", FactKind.READER), ("gatekeeper", FactKind.GATEKEEPER)):
        if names := [fact.about for fact in asked.facts if fact.kind is kind]:
            rows.append((label, ", ".join(_some(names))))
    if any(fact.kind is FactKind.ROSTER for fact in asked.facts):
        rows.append(("gatekeeper", "of the whole registry"))
    for when in sorted({gone.day for gone in asked.gone.values()}):
        rows.append(("ALARM", f"this was taken away on {when}, and is back"))
    return rows


def _line(text: str) -> str:
    return clean(" ".join(text.split()))
