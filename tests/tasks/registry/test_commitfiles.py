"""A commit is judged as the folder is in which it was checked out, and nothing of it is checked out."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.git.objects import Objects
from ocs.adapters.workers import FEWEST
from ocs.errors import OcsError
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.commitfiles import Proposed, proposed
from ocs.tasks.registry.validate import Report, validate
from tests.conftest import EXAMPLE_REGISTRY
from tests.proposing import Proposal, git, proposal

TODAY = date(2026, 11, 20)


def judged(
    root: Path, schemas: Schemas, revision: str = "pr", since: str | None = None
) -> Report:
    with Objects(root) as objects:
        found: Proposed = proposed(root, revision, since, objects)
        return validate(found.files, schemas, TODAY, found.changed, deleted=found.deleted)


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


@pytest.mark.parametrize("below", ["", "our/registry"])
def test_a_commit_is_judged_as_its_files_are(
    below: str, tmp_path: Path, schemas: Schemas
) -> None:
    top = tmp_path / "top"
    root = top / below
    shutil.copytree(EXAMPLE_REGISTRY, root)
    (root / "people" / "lena.yaml").unlink()
    (root / "people" / "evil.yaml").write_text("name: [\n")
    (root / "problems" / "link.yaml").symlink_to("/etc/passwd")
    (root / "out").symlink_to("/etc")
    (root / "in").symlink_to("people")
    (root / "secrets" / "riverside-food-bank").mkdir(parents=True, exist_ok=True)
    (root / "secrets" / "riverside-food-bank" / "plain.gpg").write_text(
        "the password\n" * 1000
    )
    (root / "unknown").mkdir()
    (root / "unknown" / "x.yaml").write_text("name: x\n")
    git(top, "init", "-q", ".")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "all")
    expected = validate(Files(root), schemas, TODAY)
    assert {
        "unknown-person",
        "unreadable-yaml",
        "not-ciphertext",
        "link-outside",
        "unknown-folder",
    } <= {each.code for each in expected.findings}
    assert judged(root, schemas, "HEAD") == expected
    git(top, "rm", "-r", "-q", ".")
    root.mkdir(parents=True, exist_ok=True)
    assert judged(root, schemas, "HEAD") == expected


def test_so_many_that_several_processes_judge_them(pr: Proposal) -> None:
    for number in range(FEWEST + 10):
        text = f"title: Mail {number}\nsymptoms: [{{seen: x}}]\n"
        (pr.root / "problems" / f"mail-{number}.yaml").write_text(text)
    (pr.root / "problems" / "mail-77.yaml").write_text("title: Mail 77\n")
    pr.commit()
    expected = validate(Files(pr.root), pr.schemas, TODAY)
    assert judged(pr.root, pr.schemas) == expected
    assert [
        each.code for each in expected.findings if each.place.file == "problems/mail-77.yaml"
    ]


def test_only_what_merging_would_change_is_told(pr: Proposal) -> None:
    pr.change(("people/cy.yaml", "name: Cy", "nmae: Cy"))
    git(pr.root, "checkout", "-q", "main")
    pr.change(
        ("people/bo.yaml", "name: Bo", "nmae: Bo"), ("people/new.yaml", "", "name: New\n")
    )
    told = judged(pr.root, pr.schemas, "pr", "main")
    assert {each.place.file for each in told.findings} == {"people/cy.yaml"}
    assert {each.place.file for each in judged(pr.root, pr.schemas, "main").findings} >= {
        "people/bo.yaml"
    }


def test_what_names_a_record_that_the_branch_deletes_is_told(pr: Proposal) -> None:
    git(pr.root, "rm", "-q", "people/cy.yaml")
    pr.commit()
    (found,) = judged(pr.root, pr.schemas, "pr", "main").findings
    assert (found.code, found.place.file) == ("unknown-person", "communities/waters.yaml")


def test_what_is_no_registry_any_more_is_not_found_to_be_good(pr: Proposal) -> None:
    git(pr.root, "rm", "-q", "ocs.yaml")
    pr.commit()
    with pytest.raises(OcsError, match=r"no ocs\.yaml"):
        judged(pr.root, pr.schemas, "pr", "main")


def test_links_are_told_apart_by_where_they_lead(pr: Proposal) -> None:
    for name, target in {
        "a": "../x",
        "b": "people/../..",
        "c": "/etc",
        "d": "people",
        "e": ".",
    }.items():
        (pr.root / name).symlink_to(target)
    pr.commit()
    outside = [
        each for each in judged(pr.root, pr.schemas).findings if each.code == "link-outside"
    ]
    assert sorted(each.place.file for each in outside) == ["a", "b", "c"]
