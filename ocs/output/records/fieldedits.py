"""What a plan of edits does: each file with the lines that go and come, and what that means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from ocs.model.change import Change
from ocs.model.finding import Finding
from ocs.output.console import Screen, clean
from ocs.output.registry import findings as found


class Committed(Protocol):
    """A commit that was made; `id` is None where none could be, and `why_not` says why."""

    @property
    def id(self) -> str | None: ...
    @property
    def why_not(self) -> str: ...


_STYLES = {"-": "red", "+": "green"}


def planned(
    changes: Iterable[Change],
    said: Iterable[str],
    findings: Sequence[Finding],
    records: int,
    commit: Committed | None,
    screen: Screen,
    prefix: str,
    *,
    dry_run: bool,
) -> None:
    """Each file with its lines, what was found, and what comes next; *prefix* leads to the
    registry.
    """
    show(changes, screen, prefix)
    if findings:
        refused(findings, records, screen, prefix)
        return
    for sentence in said:
        screen.say(clean(sentence))
    if commit is not None:
        committed(commit, screen)
        return
    screen.say(
        "nothing was written (--dry-run)"
        if dry_run
        else "next: look at it with `git diff`, and commit it"
    )


def committed(commit: Committed, screen: Screen) -> None:
    """The commit that was made, or why none could be."""
    if commit.id:
        screen.say(f"committed as {commit.id}; others have it once you `git push`")
    else:
        screen.say(clean(f"written, and not committed: {' '.join(commit.why_not.split())}"))


def show(changes: Iterable[Change], screen: Screen, prefix: str) -> None:
    """Each file with the lines that go and come."""
    for change in changes:
        if change.was:
            screen.out(
                ("renamed  ", "dim"), clean(f"{prefix}{change.was} to {prefix}{change.file}")
            )
        else:
            screen.out(
                ("changed  " if change.before else "new      ", "dim"),
                clean(prefix + change.file),
            )
        for sign, line in _lines(change):
            screen.out((f"  {sign} {clean(line)}".rstrip(), _STYLES[sign]))


def refused(findings: Sequence[Finding], records: int, screen: Screen, prefix: str) -> None:
    """What would be wrong then, for which nothing is written."""
    found.as_text(findings, records, screen, prefix)
    screen.fail(
        "nothing was written, since the registry would be worse than before",
        "say it otherwise, or mend that first",
    )


def planned_as_json(
    changes: Iterable[Change],
    said: Iterable[str],
    findings: Sequence[Finding],
    records: int,
    commit: Committed | None,
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """A plan of edits as a value of plain types."""
    return {
        "dry_run": dry_run,
        "written": not dry_run and not findings,
        "commit": commit.id if commit else None,
        "not_committed_because": (commit.why_not or None) if commit else None,
        "changes": changes_as_json(changes),
        "said": list(said),
        "findings": found.as_json(findings, records)["findings"],
    }


def changes_as_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Each file with the lines that go and come, as a value of plain types."""
    return [
        {
            "file": change.file,
            "was": change.was,
            "lines": [f"{sign} {line}" for sign, line in _lines(change)],
        }
        for change in changes
    ]


def _lines(change: Change) -> Iterator[tuple[str, str]]:
    """The lines that go, each with `-`, and those that come, each with `+`."""
    from difflib import SequenceMatcher

    old, new = (
        data.decode("utf-8", "replace").splitlines() for data in (change.before, change.after)
    )
    for what, first, last, to, to_last in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if what != "equal":
            yield from (("-", line) for line in old[first:last])
            yield from (("+", line) for line in new[to:to_last])
