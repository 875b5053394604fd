"""The answers to a question about somebody."""

from __future__ import annotations

from random import Random

from ocs.errors import NotConfirmedError
from ocs.model.trust import Question
from ocs.rules.trust.questions import choices, tail


def ends_of_keys(question: Question, random: Random) -> list[str]:
    """The ends of keys to choose from, of which one is that of the person's key."""
    return choices(question.key, _before(question), random)


def check_key(question: Question, chosen: str | None) -> None:
    """Raises NotConfirmedError unless the end of the person's key was chosen."""
    person = question.person
    if chosen != tail(question.key, _before(question)):
        raise NotConfirmedError(
            f"this is not the end of the key that the registry has for {person}",
            f"nothing was encrypted. Ask {person} by telephone for their fingerprint. If it "
            f"differs, tell the other gatekeepers, and see `git log -- keys/{person}.asc`",
        )


def _before(question: Question) -> str | None:
    return question.key_before[0] if question.key_before else None


def check(question: Question, *, is_right: bool) -> None:
    """Raises NotConfirmedError unless the user says that this is right."""
    if not is_right:
        raise NotConfirmedError(
            f"you did not confirm {question.person}",
            "nothing was encrypted. Ask who made these commits, and revert what is wrong, or "
            "leave people out with --without PERSON",
        )
