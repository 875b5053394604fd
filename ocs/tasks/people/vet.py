"""Plans that record the checks of a person, and that suspend one."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ocs.adapters.files import Files
from ocs.errors import InvalidRecordError, OcsError
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
    """A gatekeeper has checked a person, who gets the level once enough people have.

    Raises OcsError for an unknown level, somebody who is no gatekeeper, and a check of oneself.
    """
    registry = load(files, schemas).registry
    person = find(registry, KIND["person"], name).id
    policy = registry.policy.vetting
    if level not in policy.levels:
        raise OcsError(
            f"there is no level '{level}'",
            did_you_mean(level, policy.levels) or f"use {one_of(policy.levels)}",
        )
    checker = _gatekeeper(by, person, registry)
    vetting = _readable(person, registry)
    document = registry.by_kind["vetting"].get(person)
    tree: dict[str, Tree] = dict(document.tree) if document else {}
    edits: list[Edit] = []
    for kind in checks:
        check = {"kind": kind, "by": checker, "date": today.isoformat()}
        edits.append(addition(applied(tree, edits), "checks", check))
    checkers = {check.by for check in (vetting.checks if vetting else ())} | {checker}
    alone = policy.levels.index(KNOWN) if KNOWN in policy.levels else 0
    is_supported = (
        policy.levels.index(level) <= alone or len(checkers - {person}) >= policy.checkers
    )
    sentences: tuple[str, ...] = ()
    new_level = vetting.level if vetting else policy.levels[min(alone, 1)]
    subject = f"vetting/{person}: {listed(checks, 'and')} by {checker}"
    if is_supported:
        new_level = level
        subject += f", {level}"
    else:
        again = f"`ocs vet {person} --level {level} --check KIND --by GATEKEEPER`"
        sentences = (
            f"{person} becomes {level} after checks by {policy.checkers} different people. "
            f"Ask another gatekeeper to run {again}",
        )
        subject += f"; {level} waits for another check"
    if vetting is None or new_level != vetting.level:
        edits += [Set(("level",), new_level), Set(("since",), today.isoformat())]
    if is_supported or vetting is None:
        edits.append(Set(("expires",), _expiry(today, policy.lasts).isoformat()))
    plan = plan_of(_VETTING, person, edits, registry, files, schemas, today)
    return replace(plan, subject=subject, sentences=sentences)


def plan_suspend(
    name: str, because: str | None, today: date, *, files: Files, schemas: Schemas
) -> EditPlan:
    """A person is trusted with nothing from today on. One gatekeeper is enough."""
    registry = load(files, schemas).registry
    person = find(registry, KIND["person"], name).id
    vetting = _readable(person, registry)
    if vetting is None:
        raise OcsError(f"{person} was never vetted", "there is nothing to suspend")
    if vetting.suspended is not None:
        raise OcsError(f"{person} has already been suspended since {vetting.suspended.since}")
    suspension = {"since": today.isoformat(), **({"because": because} if because else {})}
    sentence = f"now end their access to secrets: `ocs access end {person}`"
    edits = [Set(("suspended",), suspension)]
    subject = f"vetting/{person}: suspended{f', {because}' if because else ''}"
    plan = plan_of(_VETTING, person, edits, registry, files, schemas, today)
    findings = (finding for finding in plan.findings if finding.code not in LEFT_TO_BE_DONE)
    return replace(plan, findings=tuple(findings), subject=subject, sentences=(sentence,))


def _readable(person: str, registry: Registry) -> Vetting | None:
    vetting = vetting_of(person, registry)
    if vetting is None and person in registry.ids("vetting"):
        raise InvalidRecordError(_VETTING.file(person))
    return vetting


def _gatekeeper(by: str, person: str, registry: Registry) -> str:
    checker = find(registry, KIND["person"], by).id
    if checker == person:
        raise OcsError(
            f"{person} cannot check their own vetting", "let another gatekeeper check"
        )
    gatekeepers = [gatekeeper.person for gatekeeper in registry.gatekeepers]
    if checker not in gatekeepers:
        raise OcsError(
            f"{checker} is not a gatekeeper of this registry",
            f"use --by {one_of(gatekeepers)}",
        )
    return checker


def _expiry(today: date, lasts: str) -> date:
    """The day on which a vetting of today expires that lasts `24 months`."""
    match = _LASTS.fullmatch(lasts)
    if match is None:
        raise OcsError(
            f"ocs.yaml says that a vetting lasts '{lasts}'",
            "write for example 24 months in ocs.yaml",
        )
    months = today.month - 1 + int(match[1]) * (12 if match[2] == "year" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
