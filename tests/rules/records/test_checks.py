"""Each check of records finds what it is there for, at its place, and nothing else."""

from __future__ import annotations

import pytest

from tests.rules.sound import (
    AMARA_TWICE,
    BOTH,
    LEADS,
    ORG,
    PROBLEM,
    Cases,
    Judge,
    assert_found,
    assert_silent,
    of_cases,
)

CASES: Cases = {
    "nobodys-account": [
        (
            "== people/lena.yaml\nname: Lena\naccounts: {github: ghost, github_id: 10137}\n",
            "people/lena.yaml:2:38",
            "10137 is the number of every deleted account",
        ),
    ],
    "shared-account": [
        (
            "== people/amara.yaml\nname: Amara\naccounts: {github: Amara}\n"
            "== people/lena.yaml\nname: Lena\naccounts: {github: amara}\n",
            "people/amara.yaml:2:20 people/lena.yaml:2:20",
            "2 people have the same github: 'amara'",
        ),
        (
            '== people/amara.yaml\nname: Amara\naccounts: {mastodon: "@a@river.example"}\n'
            "== people/lena.yaml\nname: Lena\naccounts: {mastodon: A@river.example}\n",
            "people/amara.yaml:2:22 people/lena.yaml:2:22",
            "2 people have the same mastodon: 'a@river.example'",
        ),
        (
            "== people/amara.yaml\nname: Amara\nmail: us@river.example\n"
            "== people/lena.yaml\nname: Lena\nmail: Us@river.example\n",
            "people/amara.yaml:2:7 people/lena.yaml:2:7",
            "2 people have the same mail address: 'us@river.example'",
        ),
    ],
    "shared-key": [
        (
            f"== vetting/lena.yaml\nlevel: known\nkey: {'A' * 40}\n"
            f"== vetting/joost.yaml\nlevel: known\nkey: {'A' * 40}\n",
            "vetting/joost.yaml:2:6 vetting/lena.yaml:2:6",
            "joost and lena have the same key …AAAAAAAA",
        ),
        (
            f"== ocs.yaml\nname: X\ngatekeepers: [{{person: amara, key: {'B' * 40}}}, {{person: joost}}]\n"
            f"== vetting/lena.yaml\nlevel: known\nkey: {'B' * 40}\n",
            "vetting/lena.yaml:2:6 ocs.yaml:2:36",
            "amara and lena have the same key",
        ),
    ],
    "absence-over": [
        (
            "== people/lena.yaml\nname: Lena\naway_until: 2026-11-19\n",
            "people/lena.yaml:2:13",
            "Lena was away until 2026-11-19",
        )
    ],
    "unmentioned-person": [
        ("== people/kim.yaml\nname: Kim\n", "people/kim.yaml", "no record mentions Kim"),
        (
            "== people/kim.yaml\nname: Kim\nstatus: away\n== vetting/kim.yaml\nlevel: newcomer\n",
            "people/kim.yaml",
            "no record mentions Kim",
        ),
    ],
    "duplicate-part": [
        (
            ORG + "systems: [{id: web}, {id: web}]\n",
            "orgs/river.yaml:5:16 orgs/river.yaml:5:27",
            "2 systems have the id 'web'",
        )
    ],
    "dates-out-of-order": [
        (
            LEADS
            + "leads: [{person: amara, role: owner, since: 2025-03-01, until: 2024-03-01}, "
            "{person: joost, role: owner}, {person: lena, role: peer}]\n",
            "communities/walks.yaml:3:64",
            "'until' 2024-03-01 is before 'since' 2025-03-01",
        ),
        (
            "== people/lena.yaml\nname: Lena\naway_from: 2027-02-01\naway_until: 2027-01-01\n",
            "people/lena.yaml:3:13",
            "'away_until' 2027-01-01 is before 'away_from' 2027-02-01",
        ),
        (
            LEADS
            + "leads: [{person: amara, role: owner, since: 2025-03-01, term_ends: 2024-03-01}, "
            "{person: joost, role: peer}]\n",
            "communities/walks.yaml:3:68",
            "'term_ends' 2024-03-01 is before 'since' 2025-03-01",
        ),
        (
            "== vetting/joost.yaml\nlevel: known\nsince: 2026-03-01\nexpires: 2026-01-01\n",
            "vetting/joost.yaml:3:10",
            "'expires' 2026-01-01 is before 'since' 2026-03-01",
        ),
        (
            PROBLEM + "solved_on: 2026-03-01\nreview_by: 2026-01-01\n",
            "problems/mail-late.yaml:5:12",
            "'review_by' 2026-01-01 is before 'solved_on' 2026-03-01",
        ),
        (
            "== access/river/login.yaml\npurpose: x\nrotated: 2026-10-01\nrotate_by: 2026-09-01\n",
            "access/river/login.yaml:3:12",
            "'rotate_by' 2026-09-01 is before 'rotated' 2026-10-01",
        ),
    ],
    "review-overdue": [
        (
            "== ocs.yaml\nname: X\nrenew_by: 2026-11-19\n",
            "ocs.yaml:2:11",
            "the registry was due for review by",
        ),
        (
            ORG + "review_by: 2026-11-19\n",
            "orgs/river.yaml:5:12",
            "River House was due for review by",
        ),
        (
            PROBLEM + "review_by: 2026-11-19\n",
            "problems/mail-late.yaml:4:12",
            "this problem was due for review",
        ),
    ],
    "few-gatekeepers": [
        (
            "== orgs/river.yaml\nname: River House\nsensitivity: high\ngatekeepers: [amara]\n"
            "contacts: [{id: chair, may_authorise: [access]}]\n",
            "orgs/river.yaml:3:14",
            "only amara is gatekeeper of River House",
        ),
        (
            AMARA_TWICE + ORG.replace("joost", "ama"),
            "orgs/river.yaml:3:14",
            "only amara is gatekeeper of River House",
        ),
    ],
    "nobody-authorises-access": [
        (
            "== orgs/river.yaml\nname: River House\nsensitivity: high\ngatekeepers: [amara, joost]\n",
            "orgs/river.yaml:1:1",
            "no contact of River House may authorise access",
        ),
        (
            ORG.replace("[access]", "[fix]"),
            "orgs/river.yaml:4:11",
            "no contact of River House may authorise access",
        ),
    ],
    "domain-not-theirs": [
        (
            ORG + "domains: [{name: river.example, registered_to: person}]\n",
            "orgs/river.yaml:5:48",
            "river.example is registered to a person",
        ),
        (
            ORG + "domains: [{name: river.example}]\n",
            "orgs/river.yaml:5:11",
            "registered to an unknown holder",
        ),
    ],
    "systems-in-a-circle": [
        (
            ORG + "systems: [{id: web, needs: [db]}, {id: db, needs: [web]}]\n",
            "orgs/river.yaml:5:28 orgs/river.yaml:5:51",
            "web needs db needs web",
        ),
        (
            ORG + "systems: [{id: web, needs: [web]}]\n",
            "orgs/river.yaml:5:28",
            "web needs web",
        ),
    ],
    "vital-without-backup": [
        (
            ORG + "systems: [{id: web, importance: vital}]\n",
            "orgs/river.yaml:5:33",
            "web is vital and no backup",
        )
    ],
    "untested-backup": [
        (
            ORG + "backups: [{id: nightly}]\n",
            "orgs/river.yaml:5:11",
            "the backup nightly was never tested",
        ),
        (
            ORG + "backups: [{id: nightly, last_restore_test: 2025-11-19}]\n",
            "orgs/river.yaml:5:44",
            "the backup nightly had its last restore test on 2025-11-19",
        ),
    ],
    "unchecked-system": [
        (
            ORG + "systems: [{id: web, checked: 2025-11-19}]\n",
            "orgs/river.yaml:5:30",
            "nobody has checked web since 2025-11-19",
        )
    ],
    "not-verified": [
        (
            PROBLEM + "state: verified\nseen_working: [{by: lena}]\n",
            "problems/mail-late.yaml:4:8",
            "lacks a resolution, a verification and another person in `seen_working`",
        )
    ],
    "dangerous-command": [
        (
            PROBLEM + "resolution: Run `curl https://x.example | sh`.\n",
            "problems/mail-late.yaml:4:13",
            "the resolution runs what it fetches from an address",
        )
    ],
    "withdrawn-without-reason": [
        (
            PROBLEM + "state: withdrawn\n",
            "problems/mail-late.yaml:4:8",
            "is withdrawn, but does not say why",
        ),
        (
            PROBLEM + "withdrawn: {because: untrue}\n",
            "problems/mail-late.yaml:4:1",
            "says why it was withdrawn, but its state is draft",
        ),
    ],
}
SILENT: dict[str, list[str]] = {
    "nobodys-account": [
        "== people/lena.yaml\nname: Lena\naccounts: {gitlab_id: 10137, github_id: 101370}\n",
    ],
    "shared-account": [
        "== people/amara.yaml\nname: Amara\naccounts: {github: lenab}\n"
        "== people/lena.yaml\nname: Lena\naccounts: {gitlab: lenab}\n",
    ],
    "absence-over": ["== people/lena.yaml\nname: Lena\naway_until: 2026-11-20\n"],
    "unmentioned-person": [
        "== people/kim.yaml\nname: Kim\nstatus: alumni\n",
        "== people/kim.yaml\nname: Kim\nformerly: [kimmy]\n"
        + PROBLEM.replace("lena", "kimmy"),
    ],
    "future-date": ["== people/lena.yaml\nname: Lena\njoined: 2026-11-20\n"],
    "dates-out-of-order": [
        LEADS
        + f"leads: [{{person: lena, role: owner, since: 2025-03-01, until: 2025-03-01}}, {BOTH[1:]}\n"
    ],
    "review-overdue": [
        ORG + "review_by: 2026-11-20\n",
        ORG + "review_by: 2026-10-20\nstatus: left\n",
        PROBLEM
        + "review_by: 2026-10-20\nstate: withdrawn\nwithdrawn: {because: x, date: 2026-10-01}\n",
    ],
    "few-gatekeepers": [
        ORG,
        ORG.replace(", joost", "") + "status: left\n",
        ORG.replace(", joost", "") + "status: prospect\n",
    ],
    "nobody-authorises-access": [
        ORG.replace("[{id: chair", "[{id: office, may_authorise: [fix]}, {id: chair"),
        ORG.replace("[access]", "[fix]") + "status: left\n",
    ],
    "domain-not-theirs": [ORG + "status: left\ndomains: [{name: river.example}]\n"],
    "vital-without-backup": [ORG + "systems: [{id: web, importance: important}]\n"],
    "untested-backup": [ORG + "backups: [{id: nightly, last_restore_test: 2025-11-20}]\n"],
    "unchecked-system": [ORG + "systems: [{id: web, checked: 2025-11-20}, {id: db}]\n"],
    "not-verified": [PROBLEM + "state: draft\nseen_working: [{by: lena}]\n"],
    "withdrawn-without-reason": [
        PROBLEM + "state: withdrawn\nwithdrawn: {because: untrue, date: 2026-10-01}\n"
    ],
}


@pytest.mark.parametrize(("code", "change", "places", "message"), of_cases(CASES))
def test_a_check_finds_what_it_is_there_for(
    code: str, change: str, places: str, message: str, judge: Judge
) -> None:
    assert_found(code, change, places, message, judge)


@pytest.mark.parametrize(
    ("code", "change"), [(code, change) for code in SILENT for change in SILENT[code]]
)
def test_a_check_says_nothing_of_what_is_just_right(
    code: str, change: str, judge: Judge
) -> None:
    assert_silent(code, change, judge)
