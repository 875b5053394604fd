"""What an import or export does, and its report: what did not go over, alike things counted
together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from ocs.model.foreign import Alike
from ocs.output.console import Screen, clean

# So many of the places of things that are alike are named.
_MOST_PLACES = 3


class Changed(Protocol):
    """A file that is written: all of it where it is new, else these fields."""

    @property
    def file(self) -> str: ...
    @property
    def is_new(self) -> bool: ...
    @property
    def fields(self) -> tuple[str, ...]: ...


def imported(
    changes: Sequence[Changed],
    unchanged: int,
    report: Iterable[Alike],
    screen: Screen,
    *,
    dry_run: bool,
) -> None:
    """Each file that is written, then the report."""
    for change in changes:
        about = "" if change.is_new else f": {', '.join(change.fields)}"
        screen.out(
            ("new      " if change.is_new else "changed  ", "dim"), clean(change.file + about)
        )
    _report(report, screen)
    new = sum(change.is_new for change in changes)
    told = f"{_records(new)} new, {len(changes) - new} changed, {unchanged} as before"
    screen.say(f"{told}; nothing was written (--dry-run)" if dry_run else told)


def exported(
    file: str,
    communities: int,
    people: int,
    report: Iterable[Alike],
    screen: Screen,
    *,
    dry_run: bool,
) -> None:
    """What is in the file, and what has no place there."""
    _report(report, screen)
    told = f"{clean(file)}: {_records(communities + people)}"
    screen.say(f"{told}; nothing was written (--dry-run)" if dry_run else told)


def imported_as_json(
    changes: Iterable[Changed], unchanged: int, report: Iterable[Alike], *, dry_run: bool
) -> dict[str, Any]:
    """An import as a value of plain types."""
    return {
        "dry_run": dry_run,
        "changes": [
            {"file": change.file, "new": change.is_new, "fields": list(change.fields)}
            for change in changes
        ],
        "unchanged": unchanged,
        "report": _report_as_json(report),
    }


def exported_as_json(
    file: str, communities: int, people: int, report: Iterable[Alike], *, dry_run: bool
) -> dict[str, Any]:
    """An export as a value of plain types."""
    counts = {"communities": communities, "people": people}
    return {"dry_run": dry_run, "file": file, **counts, "report": _report_as_json(report)}


def _report(report: Iterable[Alike], screen: Screen) -> None:
    for each in report:
        count = f" ({len(each.places)} times)" if len(each.places) > 1 else ""
        screen.out(
            (f"{each.code}: ", "bold"), clean(_in_line(f"{each.what}{count}: {each.why}"))
        )
        named = [_in_line(place) for place in each.places if place]
        if named:
            more = (
                f" and {len(named) - _MOST_PLACES} more" if len(named) > _MOST_PLACES else ""
            )
            screen.out(("     = ", "dim"), clean(f"{'; '.join(named[:_MOST_PLACES])}{more}"))
        if each.hint:
            screen.out(("     = ", "dim"), clean(each.hint))


def _report_as_json(report: Iterable[Alike]) -> list[dict[str, Any]]:
    return [
        {
            "code": each.code,
            "what": each.what,
            "why": each.why,
            "hint": each.hint,
            "count": len(each.places),
            "places": list(each.places),
        }
        for each in report
    ]


def _in_line(text: str) -> str:
    return " ".join(text.split())


def _records(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'}"
