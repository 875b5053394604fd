"""What a plan for secrets does, what stands against it, and what was done. Never what is in a
secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocs.model.ciphertext import file_of
from ocs.model.secretplan import Obstacle, SecretPlan, SecretsDone, Skipped
from ocs.output.console import Screen, clean
from ocs.output.records import fieldedits
from ocs.output.registry.findings import listed_as_json

_MOST_NAMED = 4
_VERBS = {"new": "encrypts ", "anew": "encrypts ", "less": "shortens ", "kept": "keeps    "}


def uncommitted(files: Sequence[str], screen: Screen) -> None:
    """What was written before and not committed."""
    if files:
        more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
        named = clean(", ".join(files[:_MOST_NAMED]))
        screen.say(f"not committed yet: {named}{more}; see `git diff`, and commit it")


def planned(plan: SecretPlan, screen: Screen, prefix: str) -> None:
    """The records' lines, the ciphertexts with their readers, and what stands against it."""
    fieldedits.changes(plan.edits.changes, screen, prefix)
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
        fieldedits.refused(plan.edits, screen, prefix)
    _refused(plan.obstacles, screen)
    if plan.is_possible:
        for sentence in plan.said:
            screen.say(clean(sentence))
        if plan.decryptions > 1:
            screen.say(
                f"{plan.decryptions} secrets are decrypted with your key, one after the other"
            )


def _refused(obstacles: Sequence[Obstacle], screen: Screen) -> None:
    for obstacle in obstacles:
        screen.out(("refused  ", "bold red"), clean(" ".join(obstacle.message.split("\n"))))
        screen.out(("  = ", "dim"), clean(" ".join(obstacle.hint.split("\n"))))
    if obstacles:
        people = len({each.person for each in obstacles})
        who = "one person" if people == 1 else f"{people} people"
        screen.fail(
            f"nothing was written: this cannot be encrypted to {who}",
            "mend that, or leave somebody out with --without PERSON",
        )


def done(
    plan: SecretPlan, result: SecretsDone | None, screen: Screen, *, commits: bool
) -> None:
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


def _skipped(plan: SecretPlan, result: SecretsDone | None) -> list[Skipped]:
    return [*plan.skipped, *(result.skipped if result else ())]


def as_json(plan: SecretPlan, result: SecretsDone | None) -> dict[str, Any]:
    """A plan and what became of it as a value of plain types."""
    return {
        "written": list(result.files) if result else [],
        **fieldedits.commit_as_json(result.commit if result else None),
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
            {"person": each.person, "message": each.message, "hint": each.hint}
            for each in plan.obstacles
        ],
        # A file beside the places stood here first, and stays.
        "findings": [
            {**row, "file": finding.place.file}
            for row, finding in zip(
                listed_as_json(plan.edits.findings), plan.edits.findings, strict=True
            )
        ],
        "said": list(plan.said),
    }
