"""A small registry of which there is nothing to report, and what one change makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ocs.model.finding import Finding

TODAY = date(2026, 11, 20)
# What `judge` gives: the findings of a registry that stands as text.
Judge = Callable[[str], tuple[Finding, ...]]
# For each code the changes that it is found in, its places there, and a part of its message.
Cases = dict[str, list[tuple[str, str, str]]]

# A small registry of which nothing is to be said. Each case below changes or adds some of its files.
SOUND = """\
== ocs.yaml
name: Helping Hands
gatekeepers: [{person: amara}, {person: joost}]
== people/amara.yaml
name: Amara
== people/joost.yaml
name: Joost
== people/lena.yaml
name: Lena
== vetting/lena.yaml
level: vetted
since: 2026-01-10
expires: 2028-01-10
checks: [{kind: met, by: amara, date: 2026-01-03}, {kind: called, by: joost, date: 2026-01-04}]
== orgs/river.yaml
name: River House
sensitivity: high
gatekeepers: [amara, joost]
contacts: [{id: chair, may_authorise: [access]}]
systems: [{id: cloud, importance: vital, checked: 2026-08-20, secrets: [login]}]
backups: [{id: nightly, covers: [cloud], last_restore_test: 2026-03-15}]
domains: [{name: river.example, registered_to: organisation, expires: 2027-05-11}]
== access/river/login.yaml
purpose: to get in
rotate_by: 2027-03-01
readers: [{person: lena, until: 2026-12-31}]
== communities/walks.yaml
name: River Walks
reviewed: 2026-09-30
leads: [{person: amara, role: owner, since: 2025-03-01}, {person: joost, role: peer, since: 2025-03-01}]
resources: [{name: walks.example, type: domain, custodian: amara, deputy: joost}]
== problems/mail-late.yaml
title: Mail is late
state: verified
symptoms: [{seen: Mail is late}]
resolution: Wait.
verification: It came.
solved_by: [lena]
seen_working: [{by: joost}]
review_by: 2027-03-15
"""

LEADS = "== communities/walks.yaml\nname: River Walks\nreviewed: 2026-09-30\n"
BOTH = "[{person: amara, role: owner}, {person: joost, role: peer}]"
ORG = """\
== orgs/river.yaml
name: River House
sensitivity: high
gatekeepers: [amara, joost]
contacts: [{id: chair, may_authorise: [access]}]
"""
# Somebody with two names, the second one of old.
AMARA_TWICE = "== people/amara.yaml\nname: Amara\nformerly: [ama]\n"
PROBLEM = "== problems/mail-late.yaml\ntitle: Mail is late\nsymptoms: [{seen: x}]\nsolved_by: [lena]\n"


def changed(registry: str, change: str) -> str:
    """The registry with the files of *change* in the place of its own."""
    files = {part.partition("\n")[0]: part for part in registry.split("== ")[1:]}
    files |= {part.partition("\n")[0]: part for part in change.split("== ")[1:]}
    return "".join(f"== {part}" for part in files.values())


def of_cases(cases: Cases) -> list[tuple[str, str, str, str]]:
    """Every case with its code, as parameters of a test."""
    return [(code, *case) for code, of_code in cases.items() for case in of_code]


def assert_found(code: str, change: str, places: str, message: str, judge: Judge) -> None:
    """The check finds one thing in the sound registry with this change, at these places."""
    (finding,) = [finding for finding in judge(changed(SOUND, change)) if finding.code == code]
    shown = [
        f"{place.file}:{place.span.line}:{place.span.column}" if place.span else place.file
        for place in finding.places
    ]
    assert " ".join(shown) == places
    assert message in finding.message


def assert_silent(code: str, change: str, judge: Judge) -> None:
    """The check finds nothing in the sound registry with this change."""
    assert code not in [finding.code for finding in judge(changed(SOUND, change))]
