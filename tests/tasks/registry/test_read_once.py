"""A command reads the registry once: what a plan would change is judged by the same value."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.yamlfile import parsing
from ocs.errors import OcsError
from ocs.model.edit import Set
from ocs.model.plan import EditPlan
from ocs.model.secret import Plaintext
from ocs.rules.records.schema import Schemas
from ocs.tasks.communities import leadedits
from ocs.tasks.people.vet import plan_vet
from ocs.tasks.records import fieldedits
from ocs.tasks.records.problem import plan_confirm
from ocs.tasks.registry.carryout import carry_out as carry_out_plan
from ocs.tasks.registry.load import load
from ocs.tasks.secrets.encrypting import carry_out
from ocs.tasks.secrets.granting import plan_add, plan_grant, plan_rotate
from ocs.tasks.secrets.revoking import plan_revoke, plan_sync
from ocs.tasks.secrets.vault import Vault
from ocs.workspace import keyrings
from tests.conftest import EXAMPLE_REGISTRY
from tests.crew import git
from tests.remembering import memories, remember

# A day on which nothing of the example is over.
TODAY = date(2026, 11, 20)
SECRET = "riverside-food-bank/server1-ssh"
PROBLEM = "nextcloud-file-locked-423"


class CountedFiles(Files):
    """Files that count how often each is read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads: Counter[str] = Counter()

    def read(self, path: str, most_bytes: int) -> bytes:
        self.reads[path] += 1
        return super().read(path, most_bytes)


@pytest.fixture
def files(tmp_path: Path) -> CountedFiles:
    root = tmp_path / "registry"
    shutil.copytree(EXAMPLE_REGISTRY, root)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        git(root, *command)
    remember(root)
    return CountedFiles(root)


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each text is parsed."""
    counts: Counter[str] = Counter()
    decode = parsing.decode

    def counted(data: bytes) -> str:
        text = decode(data)
        counts[text] += 1
        return text

    monkeypatch.setattr(parsing, "decode", counted)
    return counts


def vault(files: Files, schemas: Schemas) -> Vault:
    return Vault(files, schemas, keyrings(TODAY), TODAY, memories(files.root))


def test_a_secret_is_added_with_one_reading(
    files: CountedFiles, schemas: Schemas, parses: Counter[str]
) -> None:
    work = vault(files, schemas)
    plan = plan_add("riverside-food-bank/wiki-admin", work, purpose="the wiki", to=["lena"])
    assert carry_out(plan, work, Plaintext(b"a password"), commits=False).files
    assert set(files.reads.values()) == {1}
    assert set(parses.values()) == {1}
    assert 80 < files.reads.total() <= 100
    assert 80 < parses.total() <= 90


def setting(files: Files, schemas: Schemas) -> leadedits.Setting:
    return leadedits.Setting(files, schemas, TODAY)


PLANS: dict[str, Callable[[Files, Schemas], EditPlan]] = {
    "grant": lambda files, schemas: (
        plan_grant(SECRET, ["lena"], vault(files, schemas), until=date(2027, 1, 31)).edits
    ),
    "revoke": lambda files, schemas: (
        plan_revoke(SECRET, ["lena"], vault(files, schemas)).edits
    ),
    "rotate": lambda files, schemas: plan_rotate(SECRET, vault(files, schemas)).edits,
    "sync": lambda files, schemas: plan_sync(vault(files, schemas)).edits,
    "handover": lambda files, schemas: (
        leadedits.plan_handover(
            "open-map-hispano",
            "luis-gomez",
            None,
            None,
            None,
            stays=False,
            at=setting(files, schemas),
        ).plan
    ),
    "problem confirm": lambda files, schemas: plan_confirm(
        PROBLEM, "lena", None, TODAY, files=files, schemas=schemas
    ),
    "vet": lambda files, schemas: plan_vet(
        "sam", "known", ["identity-seen"], "amara", TODAY, files=files, schemas=schemas
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_no_plan_reads_a_record_twice(
    name: str, files: CountedFiles, schemas: Schemas, parses: Counter[str]
) -> None:
    plan = PLANS[name](files, schemas)
    assert plan.is_possible
    assert plan.changes or name == "sync"
    # The ciphertext that changes is read for what it says, and for its bytes.
    own = f"secrets/{SECRET}.gpg"
    assert [file for file, times in files.reads.items() if times > 1 and file != own] == []
    # Editing parses what it edits, and what it has made of it, to see that it is right.
    edited = {data for file in plan.replacements for data in (file.before, file.data) if data}
    twice = {text.encode() for text, times in parses.items() if times > 1}
    assert twice <= edited
    assert files.reads.total() > 80


def test_a_plan_is_refused_for_a_file_that_was_changed_after_it_was_read(
    files: CountedFiles, schemas: Schemas
) -> None:
    plan = PLANS["problem confirm"](files, schemas)
    file = files.root / "problems" / f"{PROBLEM}.yaml"
    file.write_bytes(file.read_bytes() + b"# changed\n")
    with pytest.raises(OcsError, match=f"problems/{PROBLEM}.yaml changed while ocs ran"):
        carry_out_plan(plan, files.root)
    assert file.read_bytes().endswith(b"# changed\n")


def test_what_was_wrong_before_hinders_no_plan_and_what_becomes_wrong_has_its_line(
    files: CountedFiles, schemas: Schemas
) -> None:
    (files.root / "people" / "sam.yaml").write_text("name: Sam\nmail: nonsense\n")
    registry = load(files, schemas).registry
    file = f"problems/{PROBLEM}.yaml"
    fine = fieldedits.plan(
        {file: [Set(("tags",), ["files"])]}, registry, files, schemas, TODAY
    )
    assert fine.findings == ()
    worse = fieldedits.plan(
        {file: [Set(("related",), ["nothing-of-this-name"])]}, registry, files, schemas, TODAY
    )
    (finding,) = worse.findings
    assert finding.place.file == file
    assert finding.place.span is not None
    assert "nothing-of-this-name" in finding.place.span.text
