"""The files by which changes are judged, and paths that a disk takes for others: A10 and A11."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.git.objects import Objects
from ocs.model.review import Review
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.commitfiles import proposed
from ocs.tasks.registry.validate import validate
from ocs.tasks.review.review import Given, review
from tests.proposing import (
    REGISTRY,
    TODAY,
    Proposal,
    codes,
    git,
    kinds,
    missing,
    proposal,
    refused,
    said,
)


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
    # Who opened it does not review it, in a comment either, as long as others can.
    assert missing(pr.review("joost", "mirela", opened_by="joost")) == ["2 gatekeepers"]


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


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("communities/.gitattributes", "what judges changes"),
        ("problems/AGENTS.md", "what judges changes"),
        ("people/tool.sh", "what judges changes"),
        ("access/food/notes.txt", "anything else"),
    ],
)
def test_a_file_that_lies_among_records_already_is_judged_as_any_other(
    file: str, kind: str, tmp_path: Path, schemas: Schemas
) -> None:
    """A stray file has the same fault before and after, and is no record: nobody was asked."""
    pr = proposal(tmp_path / "other", schemas, f"{REGISTRY}== {file}\nx\n")
    assert kinds(pr.change((file, "x", "y")).review()) == [kind]
    assert missing(pr.review()) != []
    (pr.root / file).unlink()
    assert kinds(pr.commit().review()) == [kind]


def test_a_file_that_becomes_a_program_changes(tmp_path: Path, schemas: Schemas) -> None:
    pr = proposal(tmp_path / "other", schemas, f"{REGISTRY}== .ci/run\necho\n")
    before = pr.change(("README.md", "", "x")).head
    (pr.root / ".ci/run").chmod(0o755)
    pr.commit()
    assert "what judges changes" in kinds(pr.review())
    # Nobody agrees to that by a commit at which it was no program.
    assert "2 gatekeepers" in missing(pr.review("joost", "mirela", at=before))
    assert missing(pr.review("joost", "mirela")) == []


@pytest.mark.parametrize("file", ["notes.md", "LICENSE", "docs/picture.png"])
def test_a_link_or_a_repository_is_no_document(
    file: str, tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY.replace("threshold: 2\n", "threshold: 2\nalso: [docs]\n")
    pr = proposal(tmp_path / "link", schemas, base)
    (pr.root / file).parent.mkdir(exist_ok=True)
    (pr.root / file).symlink_to("../.git")
    pr.commit()
    assert kinds(pr.review()) == ["what judges changes"]
    pr = proposal(tmp_path / "repository", schemas, base)
    git(pr.root, "update-index", "--add", "--cacheinfo", f"160000,{pr.head},{file}")
    git(pr.root, "commit", "-q", "-m", "x")
    assert kinds(pr.review()) == ["what judges changes"]


def test_only_a_key_is_the_key_of_an_applicant(pr: Proposal) -> None:
    """Nobody must agree to a new person with a key; a program is none, nor is a link."""
    pr.change(("people/zed.yaml", "", "name: Zed\n"), ("keys/zed", "", "#!/bin/sh\n"))
    assert kinds(pr.review()) == ["applicant", "anything else"]
    (pr.root / "keys/zed").unlink()
    (pr.root / "keys/zed.asc").symlink_to("../people/bo.yaml")
    assert kinds(pr.commit().review()) == ["applicant", "key or account"]


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A repository in which the registry is in the folder `help/registry`; branch `pr`."""
    root = tmp_path / "whole"
    inner = root / "help" / "registry"
    inner.mkdir(parents=True)
    git(root, "init", "-q", "-b", "main", ".")
    proposing = (REGISTRY + "== README.md\nx\n").strip().split("\n== ")
    for part in proposing:
        path, _, content = part.removeprefix("== ").partition("\n")
        (inner / path).parent.mkdir(parents=True, exist_ok=True)
        (inner / path).write_text(content.rstrip("\n") + "\n", encoding="utf-8")
    for file in (".github/workflows/ocs.yml", "src/main.py", "Makefile"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("x\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "base")
    git(root, "checkout", "-q", "-b", "pr")
    return inner


def _review_within(inner: Path, schemas: Schemas, *reviews: tuple[str, str]) -> Review:
    given = Given("github", reviews, None, date(2026, 1, 1))
    with Objects(inner) as objects:
        return review("main", "pr", given, TODAY, objects=objects, schemas=schemas)


@pytest.mark.parametrize(
    "file",
    [
        ".github/workflows/ocs.yml",
        ".gitattributes",
        "help/.gitattributes",
        "Makefile",
        "docs/CODEOWNERS",
        "src/AGENTS.md",
    ],
)
def test_the_judges_files_lie_above_a_registry_in_a_folder(
    file: str, inner: Path, schemas: Schemas
) -> None:
    """The workflow lies at the top of the repository, wherever the registry is."""
    root = inner.parents[1]
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text("evil\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    found = _review_within(inner, schemas)
    path = os.path.relpath(root / file, inner)
    assert kinds(found) == ["what judges changes"]
    assert said(found)[0].startswith(f"{path}, which can control programs")
    assert missing(found) == ["2 gatekeepers"]
    head = git(root, "rev-parse", "pr")
    assert _review_within(inner, schemas, ("2", head), ("3", head))
    # What the base has taken back since is not agreed to any more.
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "pr", "-m", "merged")
    git(root, "revert", "-m", "1", "HEAD", "--no-edit")
    git(root, "checkout", "-q", "pr")
    git(root, "merge", "-q", "main", "-m", "newest")
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text("evil\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "again")
    assert missing(_review_within(inner, schemas, ("2", head), ("3", head))) == [
        "2 gatekeepers"
    ]


def test_the_code_beside_a_registry_in_a_folder_is_free(inner: Path, schemas: Schemas) -> None:
    root = inner.parents[1]
    (root / "src/main.py").write_text("y\n")
    (root / "README.md").write_text("y\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    assert _review_within(inner, schemas)


@pytest.mark.parametrize("folder", ["Help/registry", "help/REGISTRY", "help/registry."])
def test_a_twin_of_the_registrys_own_folder_is_refused(
    folder: str, inner: Path, schemas: Schemas
) -> None:
    root = inner.parents[1]
    (root / folder / "vetting").mkdir(parents=True)
    (root / folder / "vetting" / "bo.yaml").write_text("x\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    assert codes(_review_within(inner, schemas)) == {"same-on-some-disks"}
