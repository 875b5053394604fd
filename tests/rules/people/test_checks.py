"""Each check of people finds what it is there for, at its place, and nothing else."""

from __future__ import annotations

import pytest

from tests.rules.sound import AMARA_TWICE, Cases, Judge, assert_found, assert_silent, of_cases

CASES: Cases = {
    "vetting-expired": [
        (
            "== vetting/lena.yaml\nlevel: known\nexpires: 2026-11-19\n== access/river/login.yaml\npurpose: x\n",
            "vetting/lena.yaml:2:10",
            "the vetting of lena expired on 2026-11-19",
        )
    ],
    "vetting-expires-soon": [
        (
            "== vetting/joost.yaml\nlevel: known\nexpires: 2026-11-20\n",
            "vetting/joost.yaml:2:10",
            "the vetting of joost expires on 2026-11-20",
        ),
        (
            "== vetting/joost.yaml\nlevel: known\nexpires: 2027-01-19\n",
            "vetting/joost.yaml:2:10",
            "the vetting of joost expires on 2027-01-19",
        ),
    ],
    "few-checkers": [
        (
            "== vetting/joost.yaml\nlevel: vouched\nchecks: [{kind: met, by: amara, date: 2026-01-03}, "
            "{kind: called, by: amara, date: 2026-01-04}]\n",
            "vetting/joost.yaml:1:8",
            "joost is vouched, which needs 2 different checkers, not 1",
        ),
        (
            f"{AMARA_TWICE}== vetting/joost.yaml\nlevel: vouched\nchecks: [{{kind: met, by: amara, "
            "date: 2026-01-03}, {kind: called, by: ama, date: 2026-01-04}]\n",
            "vetting/joost.yaml:1:8",
            "joost is vouched, which needs 2 different checkers, not 1",
        ),
        (
            "== ocs.yaml\nname: X\nvetting: {levels: [seen, trusted]}\n"
            "== vetting/joost.yaml\nlevel: trusted\nchecks: [{kind: met, by: amara, date: 2026-01-03}]\n"
            "== vetting/lena.yaml\nlevel: seen\n",
            "vetting/joost.yaml:1:8",
            "joost is trusted, which needs 2 different checkers, not 1",
        ),
    ],
    "checked-by-themself": [
        (
            "== vetting/joost.yaml\nlevel: known\nchecks: [{kind: met, by: joost, date: 2026-01-03}]\n",
            "vetting/joost.yaml:2:26",
            "joost is listed as a checker of their own vetting",
        ),
        (
            f"{AMARA_TWICE}== vetting/amara.yaml\nlevel: known\n"
            "checks: [{kind: met, by: ama, date: 2026-01-03}]\n",
            "vetting/amara.yaml:2:26",
            "amara is listed as a checker of their own vetting",
        ),
    ],
}
SILENT: dict[str, list[str]] = {
    "vetting-expired": ["== vetting/joost.yaml\nlevel: known\nexpires: 2026-11-20\n"],
    "vetting-expires-soon": ["== vetting/joost.yaml\nlevel: known\nexpires: 2027-01-20\n"],
    "few-checkers": [
        "== vetting/joost.yaml\nlevel: known\nchecks: [{kind: met, by: amara, date: 2026-01-03}]\n"
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
