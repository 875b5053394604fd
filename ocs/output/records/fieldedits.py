"""What a plan of edits does: each file with its lines removed and added, and what that means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ocs.model.change import Change, Commit
from ocs.model.plan import EditPlan
from ocs.output.console import Screen, clean
from ocs.output.registry import findings

_STYLES = {"-": "red", "+": "green"}


def outcome(
    plan: EditPlan, commit: Commit | None, screen: Screen, prefix: str, *, dry_run: bool
) -> None:
    """The findings, or what the plan means and what comes next; *prefix* leads to the registry."""
    if plan.findings:
        refused(plan, screen, prefix)
        return
    for sentence in plan.sentences:
        screen.say(clean(sentence))
    if commit is not None:
        committed(commit, screen)
        return
    screen.say(
        "nothing was written (--dry-run)"
        if dry_run
        else "next: check it with `git diff`, and commit it"
    )


def committed(commit: Commit, screen: Screen) -> None:
    """The commit, or why there is none."""
    if commit.id:
        screen.say(f"committed as {commit.id}; to share it, run `git push`")
    else:
        screen.say(clean(f"written, but not committed: {' '.join(commit.why_not.split())}"))


def changes(changes: Iterable[Change], screen: Screen, prefix: str) -> None:
    """Each file with its lines removed and added."""
    for change in changes:
        how, file = "changed" if change.before else "new", prefix + change.file
        if change.was:
            how, file = "renamed", f"{prefix}{change.was} to {file}"
        screen.out((how.ljust(9), "dim"), clean(file))
        for sign, line in _lines(change):
            screen.out((f"  {sign} {clean(line)}".rstrip(), _STYLES[sign]))


def refused(plan: EditPlan, screen: Screen, prefix: str) -> None:
    """The errors that the plan would add, so that nothing is written."""
    findings.as_text(plan.findings, plan.records, screen, prefix)
    screen.fail(
        "nothing was written: the change would add errors to the registry",
        "fix the errors above, or change your command",
    )


def as_json(plan: EditPlan, commit: Commit | None, *, dry_run: bool) -> dict[str, Any]:
    """A plan of edits and what became of it, for programs."""
    return {
        "dry_run": dry_run,
        "written": plan.is_possible and not dry_run,
        **commit_as_json(commit),
        "changes": changes_as_json(plan.changes),
        "said": list(plan.sentences),
        "findings": findings.listed_as_json(plan.findings),
    }


def commit_as_json(commit: Commit | None) -> dict[str, Any]:
    return {
        "commit": commit.id if commit else None,
        "not_committed_because": (commit.why_not or None) if commit else None,
    }


def changes_as_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {
            "file": change.file,
            "was": change.was,
            "lines": [f"{sign} {line}" for sign, line in _lines(change)],
        }
        for change in changes
    ]


def _lines(change: Change) -> Iterator[tuple[str, str]]:
    """Lines removed, each with `-`, and lines added, each with `+`."""
    from difflib import SequenceMatcher

    old, new = (
        data.decode("utf-8", "replace").splitlines() for data in (change.before, change.after)
    )
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, to, to_last in matcher.get_opcodes():
        if tag != "equal":
            yield from (("-", line) for line in old[first:last])
            yield from (("+", line) for line in new[to:to_last])
