"""What an import or export does, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocs.model.foreign import Alike
from ocs.model.plan import ExportPlan, ImportPlan
from ocs.output.console import Screen, clean

_MOST_PLACES = 3


def imported(plan: ImportPlan, screen: Screen, *, dry_run: bool) -> None:
    """Each file that is written, then the report."""
    for change in plan.changes:
        if change.is_new:
            screen.out(("new      ", "dim"), clean(change.file))
        else:
            fields = ", ".join(change.fields)
            screen.out(("changed  ", "dim"), clean(f"{change.file}: {fields}"))
    _report(plan.report, screen)
    if plan.is_empty:
        screen.say("nothing in this file can be imported")
        return
    new = sum(change.is_new for change in plan.changes)
    changed = len(plan.changes) - new
    _summary(
        f"{_records(new)} new, {changed} changed, {plan.unchanged} unchanged", screen, dry_run
    )


def exported(plan: ExportPlan, file: str, screen: Screen, *, dry_run: bool) -> None:
    """What is in the *file*, and what is left out."""
    _report(plan.report, screen)
    _summary(f"{clean(file)}: {_records(plan.communities + plan.people)}", screen, dry_run)


def imported_as_json(plan: ImportPlan, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "changes": [
            {"file": change.file, "new": change.is_new, "fields": list(change.fields)}
            for change in plan.changes
        ],
        "unchanged": plan.unchanged,
        "report": _report_as_json(plan.report),
    }


def exported_as_json(plan: ExportPlan, file: str, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "file": file,
        "communities": plan.communities,
        "people": plan.people,
        "report": _report_as_json(plan.report),
    }


def _summary(text: str, screen: Screen, dry_run: bool) -> None:
    screen.say(f"{text}; nothing was written (--dry-run)" if dry_run else text)


def _report(report: Iterable[Alike], screen: Screen) -> None:
    for note in report:
        count = f" ({len(note.places)} times)" if len(note.places) > 1 else ""
        screen.out(
            (f"{note.code}: ", "bold"), clean(_in_line(f"{note.what}{count}: {note.why}"))
        )
        places = [_in_line(place) for place in note.places if place]
        if places:
            more = len(places) - _MOST_PLACES
            text = "; ".join(places[:_MOST_PLACES]) + (f" and {more} more" if more > 0 else "")
            screen.out(("     = ", "dim"), clean(text))
        if note.hint:
            screen.out(("     = ", "dim"), clean(note.hint))


def _report_as_json(report: Iterable[Alike]) -> list[dict[str, Any]]:
    return [
        {
            "code": note.code,
            "what": note.what,
            "why": note.why,
            "hint": note.hint,
            "count": len(note.places),
            "places": list(note.places),
        }
        for note in report
    ]


def _in_line(text: str) -> str:
    return " ".join(text.split())


def _records(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'}"
