"""A plan for secrets, its obstacles, and what was done. Never what is in a secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ocs.model.ciphertext import file_of
from ocs.model.secretplan import Obstacle, SecretPlan, SecretsDone, Skipped
from ocs.output.console import Screen, clean
from ocs.output.records import fieldedits
from ocs.output.registry.findings import listed_as_json

_MOST_NAMED = 4
_VERBS = {"new": "encrypts ", "anew": "encrypts ", "less": "reduces  ", "kept": "keeps    "}
_TO = {"new": "to", "anew": "to", "less": "to the readers", "kept": "for"}


def uncommitted(files: Sequence[str], screen: Screen) -> None:
    """Files that were written before and not committed."""
    if files:
        more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
        named = clean(", ".join(files[:_MOST_NAMED]))
        screen.say(f"not committed yet: {named}{more}; see `git diff`, and commit it")


def planned(plan: SecretPlan, screen: Screen, prefix: str) -> None:
    """The lines of records, the ciphertexts with their readers, and the obstacles."""
    fieldedits.changes(plan.edits.changes, screen, prefix)
    for step in plan.steps:
        screen.out(
            (_VERBS[step.how], "dim"),
            clean(f"{prefix}{file_of(step.secret)} {_TO[step.how]} {', '.join(step.readers)}"),
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
                f"ocs decrypts {plan.decryptions} secrets with your key, one after the other"
            )


def _refused(obstacles: Sequence[Obstacle], screen: Screen) -> None:
    for obstacle in obstacles:
        screen.out(("refused  ", "bold red"), clean(obstacle.message.replace("\n", " ")))
        screen.out(("  = ", "dim"), clean(obstacle.hint.replace("\n", " ")))
    if obstacles:
        people = len({obstacle.person for obstacle in obstacles})
        who = "1 reader" if people == 1 else f"{people} readers"
        screen.fail(
            f"nothing was written: ocs cannot encrypt to {who} (see above)",
            "fix the problems above, or leave readers out with --without PERSON",
        )


def done(
    plan: SecretPlan, result: SecretsDone | None, screen: Screen, *, commits: bool
) -> None:
    """What was done; *result* is None where the plan was not carried out."""
    if result is None and plan.is_empty:
        screen.say("nothing was written" if plan.skipped else "there is nothing to do")
    elif result is None:
        screen.say("nothing was written (--dry-run)")
    elif result.commit:
        fieldedits.committed(result.commit, screen)
    elif not commits and result.files:
        screen.say("written, and not committed (--no-commit)")
    for skipped in _skipped(plan, result):
        what = "gets no new readers" if skipped.is_less else "stays as it was"
        screen.fail(clean(f"{skipped.secret} {what}: {skipped.because}"), skipped.hint)


def unconfirmed(reasons: Mapping[str, str], screen: Screen) -> None:
    """The secrets that may hold something else, by name, and why."""
    for secret, reason in reasons.items():
        screen.warn(f"{secret} may hold something else: {reason}")


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
            {"secret": skipped.secret, "because": skipped.because, "hint": skipped.hint}
            for skipped in _skipped(plan, result)
        ],
        "changes": fieldedits.changes_as_json(plan.edits.changes),
        "obstacles": [
            {"person": obstacle.person, "message": obstacle.message, "hint": obstacle.hint}
            for obstacle in plan.obstacles
        ],
        # `file` is older than `places`, and stays for programs that read it.
        "findings": [
            {**row, "file": finding.place.file}
            for row, finding in zip(
                listed_as_json(plan.edits.findings), plan.edits.findings, strict=True
            )
        ],
        "said": list(plan.said),
    }
