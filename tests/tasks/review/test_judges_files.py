"""The files by which changes are judged, and paths that a disk takes for others: A10 and A11."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocs.adapters.git.objects import Objects
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.commitfiles import proposed
from ocs.tasks.registry.validate import validate
from tests.proposing import REGISTRY, TODAY, Proposal, codes, kinds, missing, proposal, refused


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


@pytest.mark.parametrize(
    "file",
    [
        ".github/workflows/ocs.yml",
        ".gitlab-ci.yml",
        ".gitattributes",
        ".gitmodules",
        ".forgejo/workflows/ocs.yml",
        ".mailmap",
        "CODEOWNERS",
        "codeowners",
        "keys/.gitattributes",
        "secrets/.gitattributes",
        "secrets/food/.gitignore",
        "azure-pipelines.yml",
        "Jenkinsfile",
        "Makefile",
        "netlify.toml",
        "CNAME",
        "requirements.txt",
        "CLAUDE.md",
    ],
)
def test_one_gatekeeper_alone_does_not_change_the_judge(file: str, pr: Proposal) -> None:
    """A10: the threshold and a majority, and opening it does not count."""
    pr.change((file, "", "x"))
    assert kinds(pr.review()) == ["what judges changes"]
    assert missing(pr.review("joost")) == ["2 gatekeepers"]
    assert missing(pr.review("joost", opened_by="mirela")) == ["2 gatekeepers"]
    assert missing(pr.review("ana", "bo", "cy", opened_by="joost")) == ["2 gatekeepers"]
    assert missing(pr.review("joost", "mirela")) == []


def test_documents_take_one_gatekeeper_as_before(pr: Proposal) -> None:
    pr.change(("README.md", "", "x"), ("LICENSE", "", "x"), ("secrets/.gpg-id", "", "x"))
    assert set(kinds(pr.review())) == {"anything else", "access"}
    assert missing(pr.review("joost")) == []


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("Vetting/bo.yaml", "vetting"),
        ("PEOPLE/eve.yaml", "people"),
        ("vett\N{ZERO WIDTH NON-JOINER}ing/bo.yaml", "vetting"),
        ("vetting./bo.yaml", "vetting"),
        ("\N{FULLWIDTH LATIN SMALL LETTER V}etting/bo.yaml", "vetting"),
        ("acce\N{LATIN SMALL LETTER LONG S}s/food/login.yaml", "access"),
        ("OCS.yaml", "ocs.yaml"),
        ("access/Food/login.yaml", "access/food"),
        ("people/Bo.yaml", "people/bo.yaml"),
    ],
)
def test_a_path_that_a_disk_takes_for_another_one_is_refused(
    file: str, other: str, pr: Proposal
) -> None:
    """A11: on a disk without case the file falls on the real one."""
    review = pr.change((file, "", "level: vetted\n")).review("amara", "joost", "mirela")
    assert "same-on-some-disks" in codes(review)
    assert f"and '{other}' are the same on disks" in refused(review)


def test_nobody_is_told_to_delete_the_real_folder_beside_its_twin(pr: Proposal) -> None:
    pr.change(("people /eve.yaml", "", "name: Eve\n"), ("people/bo.yaml", "", "name: Bob\n"))
    findings = pr.review("amara", "joost", "mirela").refusals
    hints = {finding.hint for finding in findings if finding.code == "same-on-some-disks"}
    assert hints == {"rename or delete 'people '"}


def test_two_new_paths_may_be_twins_of_one_another(pr: Proposal) -> None:
    pr.change(("notes.md", "", "x"), ("Notes.md", "", "y"))
    assert codes(pr.review("amara", "joost", "mirela")) == {"same-on-some-disks"}


@pytest.mark.parametrize("folder", ["peple", "Vetting", "COMMUN~1", "notes"])
def test_unknown_folders_are_refused_and_found_in_the_proposed_tree(
    folder: str, pr: Proposal
) -> None:
    pr.change((f"{folder}/bo.yaml", "", "level: vetted\n"))
    assert "unknown-folder" in codes(pr.review("amara", "joost", "mirela"))
    with Objects(pr.root) as objects:
        head = proposed(pr.root, "pr", "main", objects)
        report = validate(head.files, pr.schemas, TODAY, head.changed, deleted=head.deleted)
    assert [(found.code, found.place.file) for found in report.findings] == [
        ("unknown-folder", folder)
    ]


def test_a_folder_in_also_is_known_unless_it_is_the_twin_of_another(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY.replace("threshold: 2\n", "threshold: 2\nalso: [notes, Vetting]\n")
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(("notes/minutes.md", "", "x"))
    assert pr.review("amara")
    pr.change(("Vetting/bo.yaml", "", "level: vetted\n"))
    assert codes(pr.review("amara", "joost")) == {"same-on-some-disks", "unknown-folder"}
