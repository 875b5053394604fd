"""What a plan for secrets does, what stands against it, and what was done. Never what is in a
secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ocs.model.change import Change
from ocs.model.ciphertext import file_of
from ocs.model.finding import Finding
from ocs.output.console import Screen, clean
from ocs.output.records import fieldedits
from ocs.rules.secrets.readers import Obstacle

_MOST_NAMED = 4
_VERBS = {"new": "encrypts ", "anew": "encrypts ", "less": "shortens ", "kept": "keeps    "}


class Step(Protocol):
    """What becomes of the ciphertext of a secret."""

    @property
    def secret(self) -> str: ...
    @property
    def how(self) -> str: ...
    @property
    def readers(self) -> tuple[str, ...]: ...
    @property
    def gains(self) -> tuple[str, ...]: ...
    @property
    def loses(self) -> tuple[str, ...]: ...


class Edits(Protocol):
    """What becomes of records."""

    @property
    def changes(self) -> tuple[Change, ...]: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def records(self) -> int: ...


class File(Protocol):
    """A file of which only the bytes matter."""

    @property
    def path(self) -> str: ...


class Skipped(Protocol):
    """A secret that stays as it was: why, and what mends that."""

    @property
    def secret(self) -> str: ...
    @property
    def because(self) -> str: ...
    @property
    def hint(self) -> str | None: ...


class Plan(Protocol):
    """What is to be done to secrets."""

    @property
    def steps(self) -> Sequence[Step]: ...
    @property
    def edits(self) -> Edits: ...
    @property
    def others(self) -> Sequence[File]: ...
    @property
    def obstacles(self) -> tuple[Obstacle, ...]: ...
    @property
    def said(self) -> tuple[str, ...]: ...
    @property
    def skipped(self) -> Sequence[Skipped]: ...
    @property
    def decryptions(self) -> int: ...
    @property
    def is_empty(self) -> bool: ...


class Done(Protocol):
    """What was done."""

    @property
    def files(self) -> tuple[str, ...]: ...
    @property
    def commit(self) -> fieldedits.Committed | None: ...
    @property
    def skipped(self) -> Sequence[Skipped]: ...


def uncommitted(files: Sequence[str], screen: Screen) -> None:
    """What was written before and not committed."""
    if files:
        more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
        named = clean(", ".join(files[:_MOST_NAMED]))
        screen.say(f"not committed yet: {named}{more}; see `git diff`, and commit it")


def planned(plan: Plan, screen: Screen, prefix: str) -> None:
    """The records' lines, the ciphertexts with their readers, and what stands against it."""
    fieldedits.show(plan.edits.changes, screen, prefix)
    for step in plan.steps:
        screen.out(
            (_VERBS[step.how], "dim"),
            clean(f"{prefix}{file_of(step.secret)} to {', '.join(step.readers)}"),
        )
        for sign, words, style in (("+", step.gains, "green"), ("-", step.loses, "red")):
            for word in words:
                screen.out((f"  {sign} {clean(word)}", style))
    for file in plan.others:
        screen.out(("writes   ", "dim"), clean(prefix + file.path))
    if plan.edits.findings:
        fieldedits.refused(plan.edits.findings, plan.edits.records, screen, prefix)
    _refused(plan.obstacles, screen)
    if not plan.obstacles and not plan.edits.findings:
        for sentence in plan.said:
            screen.say(clean(sentence))
        if plan.decryptions > 1:
            screen.say(
                f"{plan.decryptions} secrets are decrypted with your key, one after the other"
            )


def _refused(obstacles: Sequence[Obstacle], screen: Screen) -> None:
    for obstacle in obstacles:
        screen.out(("refused  ", "bold red"), clean(" ".join(obstacle.message.split("\n"))))
        screen.out(("  = ", "dim"), clean(" ".join(obstacle.mend.split("\n"))))
    if obstacles:
        people = len({each.person for each in obstacles})
        who = "one person" if people == 1 else f"{people} people"
        screen.fail(
            f"nothing was written: this cannot be encrypted to {who}",
            "mend that, or leave somebody out with --without PERSON",
        )


def done(plan: Plan, result: Done | None, screen: Screen, *, commits: bool) -> None:
    """What became of it; None where it was not carried out."""
    if result is None:
        screen.say(
            "nothing was written (--dry-run)"
            if not plan.is_empty
            else _NOTHING[bool(plan.skipped)]
        )
    elif result.commit:
        fieldedits.committed(result.commit, screen)
    elif not commits and result.files:
        screen.say("written, and not committed (--no-commit)")
    for each in _skipped(plan, result):
        screen.fail(clean(f"{each.secret} stays as it was: {each.because}"), each.hint)


_NOTHING = {False: "there is nothing to do", True: "there is nothing else to do"}


def _skipped(plan: Plan, result: Done | None) -> list[Skipped]:
    return [*plan.skipped, *(result.skipped if result else ())]


def as_json(plan: Plan, result: Done | None) -> dict[str, Any]:
    """A plan and what became of it as a value of plain types."""
    commit = result.commit if result else None
    return {
        "written": list(result.files) if result else [],
        "commit": commit.id if commit else None,
        "not_committed_because": (commit.why_not or None) if commit else None,
        "secrets": [
            {
                "secret": step.secret,
                "how": str(step.how),
                "readers": list(step.readers),
                "gains": list(step.gains),
                "loses": list(step.loses),
            }
            for step in plan.steps
        ],
        "skipped": [
            {"secret": each.secret, "because": each.because, "hint": each.hint}
            for each in _skipped(plan, result)
        ],
        "changes": fieldedits.changes_as_json(plan.edits.changes),
        "obstacles": [
            {"person": each.person, "message": each.message, "hint": each.mend}
            for each in plan.obstacles
        ],
        "findings": [
            {"code": each.code, "message": each.message, "file": each.place.file}
            for each in plan.edits.findings
        ],
        "said": list(plan.said),
    }
