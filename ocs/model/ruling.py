"""An answer on whether something is allowed, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    YES = "yes"
    ASK = "ask"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Referral:
    """Somebody who can say more: how to reach them, and the secret with their number."""

    who: str
    reach: str | None = None
    call_back: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """May *who* ask for *action* on behalf of *subject*? It is true only where the answer is yes.

    The first of the `reasons` says how they stand to each other. `ask` names whom to ask
    instead, or before. `known_by` says by which account the person is known, where one was given.
    """

    answer: Permission
    who: str
    action: str
    subject: str
    reasons: tuple[str, ...]
    ask: tuple[Referral, ...] = ()
    call_back: str | None = None
    known_by: str | None = None

    def __bool__(self) -> bool:
        return self.answer is Permission.YES
