"""Vetting: who checked what about a person, and taking trust away at once. Each is a plan of
edits.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.edit import Edit, Set, addition, applied
from ocs.model.kinds import KIND
from ocs.model.plan import EditPlan
from ocs.model.record import Tree
from ocs.model.registry import Registry
from ocs.model.vetting import Vetting
from ocs.rules.nearest import did_you_mean, listed, one_of
from ocs.rules.people.vetting import KNOWN, LEFT_TO_BE_DONE
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.readers import vetting_of
from ocs.tasks.records.fieldedits import find, plan_of
from ocs.tasks.registry.load import load

_VETTING = KIND["vetting"]
_LASTS = re.compile(r"([0-9]{1,3}) (month|year)s?")


def plan_vet(
    name: str,
    level: str,
    checks: Sequence[str],
    by: str,
    today: date,
    *,
    files: Files,
    schemas: Schemas,
) -> EditPlan:
    """A gatekeeper has checked a person, who gets a level as soon as enough different people
    have.

    Raises OcsError for an unknown level, somebody who is no gatekeeper, and whoever checks
    themself.
    """
    registry = load(files, schemas).registry
    person = find(registry, KIND["person"], name).id
    policy = registry.policy.vetting
    if level not in policy.levels:
        raise OcsError(
            f"there is no level '{level}'",
            did_you_mean(level, policy.levels) or f"one of {one_of(policy.levels)}",
        )
    checker = _gatekeeper(by, person, registry)
    vetting = _readable(person, registry)
    document = registry.by_kind["vetting"].get(person)
    tree: dict[str, Tree] = dict(document.tree) if document else {}
    changes: list[Edit] = []
    for kind in checks:
        changes.append(
            addition(
                applied(tree, changes),
                "checks",
                {"kind": kind, "by": checker, "date": today.isoformat()},
            )
        )
    checkers = {check.by for check in (vetting.checks if vetting else ())} | {checker}
    alone = policy.levels.index(KNOWN) if KNOWN in policy.levels else 0
    is_supported = (
        policy.levels.index(level) <= alone or len(checkers - {person}) >= policy.checkers
    )
    said = []
    if not is_supported:
        again = f"`ocs vet {person} --level {level} --check KIND --by GATEKEEPER`"
        said.append(
            f"{person} becomes {level} once {policy.checkers} different people have checked: "
            f"somebody else than {checker} runs {again}"
        )
    given = (
        level if is_supported else vetting.level if vetting else policy.levels[min(alone, 1)]
    )
    if vetting is None or given != vetting.level:
        changes += [Set(("level",), given), Set(("since",), today.isoformat())]
    if is_supported or vetting is None:
        changes.append(Set(("expires",), _ends(today, policy.lasts).isoformat()))
    subject = f"vetting/{person}: {listed(checks, 'and')} by {checker}"
    subject += f", {level}" if is_supported else f"; {level} waits for another check"
    return plan_of(
        _VETTING, person, changes, registry, files, schemas, today, subject=subject, said=said
    )


def plan_suspend(
    name: str, because: str | None, today: date, *, files: Files, schemas: Schemas
) -> EditPlan:
    """A person is trusted with nothing from today on. One gatekeeper suffices."""
    registry = load(files, schemas).registry
    person = find(registry, KIND["person"], name).id
    vetting = _readable(person, registry)
    if vetting is None:
        raise OcsError(f"{person} was never vetted", "so there is nothing to suspend")
    if vetting.suspended is not None:
        raise OcsError(f"{person} is suspended since {vetting.suspended.since} already")
    suspension = {"since": today.isoformat(), **({"because": because} if because else {})}
    said = [f"now take them out of what they can read: `ocs access end {person}`"]
    changes = [Set(("suspended",), suspension)]
    subject = f"vetting/{person}: suspended{f', {because}' if because else ''}"
    made = plan_of(
        _VETTING, person, changes, registry, files, schemas, today, subject=subject, said=said
    )
    findings = tuple(
        finding for finding in made.findings if finding.code not in LEFT_TO_BE_DONE
    )
    return replace(made, findings=findings)


def _readable(person: str, registry: Registry) -> Vetting | None:
    if person in registry.ids("vetting") and vetting_of(person, registry) is None:
        file = _VETTING.file(person)
        raise OcsError(
            f"{file} is not as it should be", f"mend it first: `ocs validate {file}` says how"
        )
    return vetting_of(person, registry)


def _gatekeeper(by: str, person: str, registry: Registry) -> str:
    checker = find(registry, KIND["person"], by).id
    if checker == person:
        raise OcsError(f"{person} cannot check themself", "let another gatekeeper check")
    gatekeepers = [gatekeeper.person for gatekeeper in registry.gatekeepers]
    if checker not in gatekeepers:
        raise OcsError(
            f"{checker} is no gatekeeper of this registry",
            f"one of {one_of(gatekeepers)} checks",
        )
    return checker


def _ends(today: date, lasts: str) -> date:
    """The day on which a vetting of today ends that lasts `24 months`."""
    found = _LASTS.fullmatch(lasts)
    if found is None:
        raise OcsError(
            f"ocs.yaml says that a vetting lasts '{lasts}'", "write for example 24 months"
        )
    months = today.month - 1 + int(found[1]) * (12 if found[2] == "year" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
