"""What differs from what the user remembers.

Someone who was taken away and is back without the user having been shown it is an alarm, unless
the files are merely older than that: an old branch or checkout.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from ocs.model.trust import Difference, Fact, FactKind, Gone, Remembered

_ONE_EACH = (FactKind.KEY, FactKind.LEVEL, FactKind.ROSTER)
# Whether the first commit is in the history of the second.
LeadsTo = Callable[[str, str], bool]


class State(NamedTuple):
    """The facts that the files here state, and those of the default branch, with the commits.

    Where there is no default branch that others share, both are those of the files here.
    """

    here: Collection[Fact]
    shared: Collection[Fact]
    head: str = ""
    shared_head: str = ""


def differences(
    state: State, remembered: Remembered, known: Mapping[Fact, date], leads_to: LeadsTo
) -> Iterator[Difference]:
    """What the registry states and the user has not confirmed, and what is gone of the *known*."""
    stated = {*state.here, *state.shared}
    for fact in sorted(stated - remembered.facts.keys()):
        before = remembered.value(*fact) if fact.kind in _ONE_EACH else None
        undone = remembered.gone.get(fact)
        if undone and not _is_back(fact, undone, state, leads_to):
            undone = None
        yield Difference(fact, fact in state.here, fact in state.shared, before, undone)
    yield from gone(stated, known)


def gone(stated: Collection[Fact], facts: Mapping[Fact, date]) -> Iterator[Difference]:
    """What is remembered and not stated any more; a value that another one replaced is not gone."""
    replaced = {(fact.kind, fact.about) for fact in stated if fact.kind in _ONE_EACH}
    for fact in sorted(facts.keys() - set(stated)):
        if (fact.kind, fact.about) not in replaced:
            yield Difference(fact, is_here=False, is_shared=False)


def _is_back(fact: Fact, undone: Gone, state: State, leads_to: LeadsTo) -> bool:
    """Is this fact back, rather than the files older than its end?"""
    if fact not in state.here:
        return leads_to(undone.commit, state.shared_head)
    if not undone.commit:
        return True
    is_older = leads_to(state.head, undone.commit)
    return not is_older and (fact in state.shared or leads_to(undone.commit, state.head))


def in_words(difference: Difference) -> str:
    """What a difference means, in a sentence without the record's name."""
    fact = difference.fact
    before, since = difference.before or ("", None)
    match fact.kind:
        case FactKind.KEY if difference.is_gone:
            return f"the key of {fact.about} is gone"
        case FactKind.KEY if before:
            return f"another key of {fact.about} than on {since}: {before} → {fact.value}"
        case FactKind.KEY:
            return f"the key of {fact.about} is new: {fact.value}"
        case FactKind.LEVEL if difference.is_gone:
            return f"{fact.about} is not vetted any more, or suspended"
        case FactKind.LEVEL:
            return f"level: {before or 'none'} → {fact.value}"
        case FactKind.ROSTER if difference.is_gone:
            return f"{fact.about} is no gatekeeper of this registry any more"
        case FactKind.ROSTER if difference.before:
            was, now = before or "none", fact.value or "none"
            return f"another key of the gatekeeper {fact.about} than on {since}: {was} → {now}"
        case FactKind.ROSTER:
            return f"{fact.about} becomes gatekeeper of this registry"
        case FactKind.GATEKEEPER if difference.is_gone:
            return f"{fact.value} is no gatekeeper of {fact.about} any more"
        case FactKind.GATEKEEPER:
            return f"{fact.value} becomes gatekeeper of {fact.about}"
        case FactKind.READER if difference.is_gone:
            return f"{fact.value} is no reader of {fact.about} any more"
        case FactKind.READER:
            return f"{fact.value} becomes a reader of {fact.about}"


def is_known_in_words(fact: Fact) -> str:
    """What a confirmed fact says."""
    match fact.kind:
        case FactKind.KEY:
            return f"the key of {fact.about} is {fact.value}"
        case FactKind.LEVEL:
            return f"{fact.about} is {fact.value}"
        case FactKind.ROSTER:
            return f"{fact.about} is gatekeeper of this registry"
        case FactKind.GATEKEEPER:
            return f"{fact.value} is gatekeeper of {fact.about}"
        case FactKind.READER:
            return f"{fact.value} reads {fact.about}"
