"""Ids that the registry names before there is a record: whoever takes one takes what it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.rules.records.schema import Schemas
from tests.proposing import REGISTRY, kinds, missing, proposal, refused, said

RIVER = "communities/river.yaml"
LEO = ("people/leo.yaml", "", "name: Leo\naccounts: {github: leo, github_id: 99}\n")
VETTING = """\
== vetting/leo.yaml
level: known
since: 2026-01-01
expires: 2028-01-01
checks: [{kind: call, by: amara, date: 2026-01-01}]
"""


def _base(old: str, new: str) -> str:
    assert old in REGISTRY
    return REGISTRY.replace(old, new)


@pytest.mark.parametrize(
    ("base", "where"),
    [
        (_base("readers: [{person: bo}]", "readers: [{person: leo}]"), "access/food/login"),
        (REGISTRY + VETTING, "vetting/leo"),
        (
            _base("{person: cy, role: owner}", "{person: leo, role: owner}"),
            "communities/waters",
        ),
        (_base("{person: mirela}", "{person: mirela}, {person: leo}"), "ocs"),
        (_base("custodian: ana, deputy: bo", "custodian: leo"), "communities/river"),
        (_base("gatekeepers: [amara, joost]", "gatekeepers: [leo, joost]"), "orgs/food"),
        (
            _base("title: Mail waits\n", "title: Mail waits\nsolved_by: [leo]\n"),
            "problems/mail-waits",
        ),
    ],
)
def test_a_stranger_does_not_become_somebody_of_whom_records_speak(
    base: str, where: str, tmp_path: Path, schemas: Schemas
) -> None:
    """A new person is free, and an id without a record was free with all that it has."""
    pr = proposal(tmp_path / "registry", schemas, base).change(LEO)
    assert kinds(pr.review()) == ["former ids", "applicant"]
    assert said(pr.review())[0] == f"people/leo is new, but this names it already: {where}"
    assert missing(pr.review("joost", opened_by="99")) == ["2 gatekeepers"]
    assert missing(pr.review("joost", "mirela")) == []


def test_the_owner_of_secrets_that_are_there_already_is_no_free_new_community(
    tmp_path: Path, schemas: Schemas
) -> None:
    login = "== access/club/login.yaml\npurpose: the login\nreaders: [{person: bo}]\n"
    pr = proposal(tmp_path / "registry", schemas, REGISTRY + login)
    pr.change(
        (
            "communities/club.yaml",
            "",
            "name: Club\nstatus: active\npart_of: [evil]\nleads: [{person: eve, role: owner}]\n",
        )
    )
    assert kinds(pr.review("eve")) == ["former ids", "new community"]
    assert missing(pr.review("eve")) == ["2 gatekeepers"]


def test_many_records_that_speak_of_somebody_are_counted(
    tmp_path: Path, schemas: Schemas
) -> None:
    more = "".join(
        f"== problems/wait-{letter}.yaml\ntitle: W\nsymptoms: [{{seen: W.}}]\nsolved_by: [leo]\n"
        for letter in "abcde"
    )
    pr = proposal(tmp_path / "registry", schemas, REGISTRY + more).change(LEO)
    assert said(pr.review())[0].endswith(
        "already: problems/wait-a, problems/wait-b, problems/wait-c and 2 more"
    )


def test_a_person_of_whom_nobody_speaks_is_free_as_before(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(tmp_path / "registry", schemas)
    assert pr.change(LEO, (RIVER, "speaks_for: [hosting]}", "speaks_for: [hosting, leo]}"))
    assert "former ids" not in kinds(pr.review())


def test_an_error_that_one_file_has_hides_none_in_another_one(
    tmp_path: Path, schemas: Schemas
) -> None:
    """A record with an error has no leads to compare, so a swap of leads was not said."""
    broken = "== problems/odd.yaml\ntitle: X\nsymptoms: [{seen: Y.}]\nfoo: 1\n"
    pr = proposal(tmp_path / "registry", schemas, REGISTRY + broken)
    pr.change(
        ("problems/odd.yaml", "Y.", "Z."),
        (RIVER, "name: River", "foo: 1\nname: River"),
        (RIVER, "person: ana", "person: eve"),
    )
    assert "no field 'foo'" in refused(pr.review("amara", "joost", "mirela", "ana"))


def test_nobody_vouches_for_a_problem_that_could_not_be_read(
    tmp_path: Path, schemas: Schemas
) -> None:
    broken = "== problems/odd.yaml\ntitle: X\nsymptoms: [{seen: Y.}]\nfoo: 1\n"
    pr = proposal(tmp_path / "registry", schemas, REGISTRY + broken)
    fixed = "state: verified\ncause: c\nresolution: r\nverification: v\n"
    fixed += (
        "solved_by: [ana]\nsolved_on: 2026-01-01\nseen_working: [{by: bo, date: 2026-02-01}]"
    )
    pr.change(("problems/odd.yaml", "foo: 1", fixed))
    assert missing(pr.review("cy")) == [
        "ana, or 1 gatekeeper",
        "bo, or 1 gatekeeper",
        "one of those who saw it work",
    ]
