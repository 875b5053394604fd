"""Each check of access to secrets finds what it is there for, at its place, and nothing else."""

from __future__ import annotations

import pytest

from tests.rules.sound import (
    AMARA_TWICE,
    ORG,
    SOUND,
    Cases,
    Judge,
    assert_found,
    assert_silent,
    of_cases,
)

CASES: Cases = {
    "secret-without-access": [
        (
            "== secrets/river/other.gpg\n-----BEGIN PGP MESSAGE-----\n",
            "secrets/river/other.gpg",
            "river/other has no access record",
        )
    ],
    "access-without-secret": [
        (
            "== secrets/river/other.gpg\n-----BEGIN PGP MESSAGE-----\n",
            "access/river/login.yaml",
            "there is no secret river/login",
        )
    ],
    "suspended-reader": [
        (
            "== vetting/joost.yaml\nlevel: known\nsuspended: {since: 2026-11-20}\n",
            "ocs.yaml:2:41 orgs/river.yaml:3:22",
            "joost has been suspended since 2026-11-20, but can still read secrets",
        ),
        (
            f"{AMARA_TWICE}== vetting/amara.yaml\nlevel: vetted\nsuspended: {{since: 2026-11-20}}\n"
            "== ocs.yaml\nname: X\ngatekeepers: [{person: joost}, {person: lena}]\n"
            "== orgs/river.yaml\nname: X\nsensitivity: high\ngatekeepers: [joost, lena]\n"
            "== communities/walks.yaml\nname: River Walks\ngatekeepers: [ama]\n"
            "== access/walks/list.yaml\npurpose: x\nreaders: [{person: ama}]\n",
            "access/walks/list.yaml:2:20 communities/walks.yaml:2:15",
            "amara has been suspended since 2026-11-20, but can still read secrets",
        ),
    ],
    "reader-not-vetted": [
        (
            "== access/river/login.yaml\npurpose: x\nreaders: [{person: joost}]\n",
            "access/river/login.yaml:2:20",
            "joost reads river/login, but was never vetted",
        ),
        (
            "== vetting/lena.yaml\nlevel: known\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login, but has the level known instead of vetted",
        ),
        (
            "== vetting/lena.yaml\nlevel: known\nsuspended: {since: 2026-11-21}\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login, but has the level known instead of vetted",
        ),
        (
            ORG.replace("sensitivity: high\n", "") + "== vetting/lena.yaml\nlevel: vouched\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login, but has the level vouched instead of vetted",
        ),
        (
            ORG.replace("high", "hihg") + "== vetting/lena.yaml\nlevel: vouched\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login, but has the level vouched instead of vetted",
        ),
    ],
    "conflict-of-interest": [
        (
            "== people/lena.yaml\nname: Lena\nconflicts: [{with: river}]\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login, but has a conflict with river",
        ),
        (
            ORG
            + "suppliers: [{id: hoster}]\n== people/lena.yaml\nname: Lena\nconflicts: [{with: hoster}]\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login, but has a conflict with hoster",
        ),
        (
            "== orgs/river.yaml\nname: [\n== people/lena.yaml\nname: Lena\nconflicts: [{with: river}]\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login, but has a conflict with river",
        ),
        (
            "== people/lena.yaml\nname: Lena\nformerly: [len]\nconflicts: [{with: river}]\n"
            "== access/river/login.yaml\npurpose: x\nreaders: [{person: len}]\n",
            "access/river/login.yaml:2:20",
            "lena reads river/login, but has a conflict with river",
        ),
        (
            "== people/joost.yaml\nname: Joost\nconflicts: [{with: river}]\n"
            "== access/river/other.yaml\npurpose: x\n",
            "orgs/river.yaml:3:22",
            "joost reads river/login, but has a conflict with river",
        ),
    ],
    "access-ended": [
        (
            "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-19}]\n",
            "access/river/login.yaml:2:33",
            "the access of lena to river/login ended on 2026-11-19",
        )
    ],
    "rotation-overdue": [
        (
            "== access/river/login.yaml\npurpose: x\nrotate_by: 2026-11-19\n",
            "access/river/login.yaml:2:12",
            "the rotation of river/login was due on 2026-11-19",
        )
    ],
    "few-readers": [
        (
            "== access/walks/list.yaml\npurpose: x\n",
            "access/walks/list.yaml",
            "nobody can read walks/list",
        ),
        (
            f"{AMARA_TWICE}== access/walks/list.yaml\npurpose: x\nreaders: [{{person: amara}}, {{person: ama}}]\n",
            "access/walks/list.yaml",
            "only amara can read walks/list",
        ),
    ],
}
SILENT: dict[str, list[str]] = {
    "suspended-reader": [
        "== vetting/joost.yaml\nlevel: known\nsuspended: {since: 2026-11-21}\n",
        "== vetting/lena.yaml\nlevel: known\nsuspended: {since: 2026-11-01}\n"
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-19}]\n",
    ],
    "reader-not-vetted": [
        "== vetting/lena.yaml\nlevel: vouched\n" + ORG.replace("high", "medium"),
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: joost, until: 2026-11-19}]\n",
        "== people/lena.yaml\nname: Lena\nformerly: [len]\n"
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: len}]\n",
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lenna}]\n",
        "== vetting/lena.yaml\nlevel: veted\n",
        "== vetting/lena.yaml\nlevel: [\n",
        "== vetting/lena.yaml\nlevel: vetted\nsuspended: {since: 2026-11-20}\n",
        "== vetting/lena.yaml\nlevel: vetted\nsuspended: {since: 2026-11-21}\n",
    ],
    "conflict-of-interest": [
        "== people/lena.yaml\nname: Lena\nconflicts: [{with: walks}]\n",
        "== people/lena.yaml\nnam: Lena\nconflicts: [{with: river}]\n",
        "== people/lena.yaml\nname: Lena\nconflicts: [{with: river}]\n"
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-19}]\n",
    ],
    "access-ended": [
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-20}]\n"
    ],
    "rotation-overdue": ["== access/river/login.yaml\npurpose: x\nrotate_by: 2026-11-20\n"],
    "few-readers": [
        "== orgs/river.yaml\nname: [\n",
        "== access/rivr/login.yaml\npurpose: x\n",
        "== communities/walks.yaml\nname: River Walks\ngatekeepers: [amara]\n"
        "== access/walks/list.yaml\npurpose: x\nreaders: [{person: lena}]\n",
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


def test_the_checks_say_nothing_of_a_sound_registry(judge: Judge) -> None:
    assert not {finding.code for finding in judge(SOUND)} & CASES.keys()
