"""What an import or export does, and its report: what did not go over, alike things counted
together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocs.model.foreign import Alike
from ocs.model.plan import ExportPlan, ImportPlan
from ocs.output.console import Screen, clean

# So many of the places of things that are alike are named.
_MOST_PLACES = 3


def imported(plan: ImportPlan, screen: Screen, *, dry_run: bool) -> None:
    """Each file that is written, then the report."""
    for change in plan.changes:
        about = "" if change.is_new else f": {', '.join(change.fields)}"
        screen.out(
            ("new      " if change.is_new else "changed  ", "dim"), clean(change.file + about)
        )
    _report(plan.report, screen)
    new = sum(change.is_new for change in plan.changes)
    changed = len(plan.changes) - new
    told = f"{_records(new)} new, {changed} changed, {plan.unchanged} as before"
    screen.say(f"{told}; nothing was written (--dry-run)" if dry_run else told)


def exported(plan: ExportPlan, file: str, screen: Screen, *, dry_run: bool) -> None:
    """What is in the *file*, and what has no place there."""
    _report(plan.report, screen)
    told = f"{clean(file)}: {_records(plan.communities + plan.people)}"
    screen.say(f"{told}; nothing was written (--dry-run)" if dry_run else told)


def imported_as_json(plan: ImportPlan, *, dry_run: bool) -> dict[str, Any]:
    """An import as a value of plain types."""
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
    """An export as a value of plain types."""
    return {
        "dry_run": dry_run,
        "file": file,
        "communities": plan.communities,
        "people": plan.people,
        "report": _report_as_json(plan.report),
    }


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
