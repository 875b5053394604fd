"""Each check of gatekeepers and what reviews ask for finds what it is there for, at its place, and nothing else."""

from __future__ import annotations

import pytest

from tests.rules.sound import (
    AMARA_TWICE,
    BOTH,
    LEADS,
    ORG,
    Cases,
    Judge,
    assert_found,
    assert_silent,
    of_cases,
)

CASES: Cases = {
    "threshold": [
        (
            "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}, {person: joost}]\nthreshold: 2\n",
            "ocs.yaml:3:12",
            "the threshold is 2, but there are 2 gatekeepers",
        ),
        (
            "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nthreshold: 2\n",
            "ocs.yaml:3:12",
            "the threshold is 2, but there are 1 gatekeepers",
        ),
        (
            "== ocs.yaml\nname: X\nthreshold: 1\n",
            "ocs.yaml:2:12",
            "the threshold is 1, but there are 0 gatekeepers",
        ),
    ],
    "review-setting": [
        (
            "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nreview: {archived: {gatekeepers: 2}}\n",
            "ocs.yaml:3:20",
            "'archived' would need 2 gatekeepers, of 1 in all",
        ),
        (
            "== ocs.yaml\nname: X\nreview:\n  parents: {notice: 6 days}\n",
            "ocs.yaml:3:12",
            "'parents' needs 7 days of notice anyway",
        ),
    ],
    "not-a-gatekeeper": [
        (
            "== orgs/river.yaml\nname: X\nsensitivity: high\ngatekeepers: [amara, lena]\n",
            "orgs/river.yaml:3:22",
            "lena is no gatekeeper of this registry",
        ),
        (
            LEADS + f"leads: {BOTH}\ngatekeepers: [amara, lena]\n",
            "communities/walks.yaml:4:22",
            "lena is no gatekeeper of this registry",
        ),
    ],
}
SILENT: dict[str, list[str]] = {
    "review-setting": [
        "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nreview: {parents: {gatekeepers: 1, notice: 7 days}}\n"
    ],
    "threshold": ["== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nthreshold: 1\n"],
    "not-a-gatekeeper": [
        AMARA_TWICE + ORG.replace("amara", "ama"),
        ORG.replace("joost", "jost"),
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
