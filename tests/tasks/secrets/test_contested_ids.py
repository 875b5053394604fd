"""An old id that two records claim names nobody, and no secret is encrypted to either of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.rules.records.schema import Schemas
from ocs.tasks.secrets import granting
from ocs.tasks.secrets.vault import Vault
from ocs.workspace import keyrings
from tests.crew import Crew, git, put
from tests.gpg import needs_gpg
from tests.remembering import remember

pytestmark = needs_gpg
TODAY = date.today()
SECRET = b"plaintext-marker-2113\n"
LOGIN = "secrets/river/login.gpg"
CLAIM = "people/sam and people/zelena claim the id 'lena', so ocs cannot tell who has it"
MEND = "find with `git log` who wrote 'lena' under `formerly:` by mistake, and remove it there"


@pytest.fixture
def root(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lena is called zelena now, and reads river/login by her old id, which Sam claims, too."""
    monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Amara")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "amara@x.example")
    root = tmp_path / "registry"
    files = crew.write(root)
    crew.secret(files, "river/login", SECRET, "lena")
    crew.secret(files, "house/wifi", SECRET, also=("mallory",))
    for name in ("people/lena.yaml", "vetting/lena.yaml", "keys/lena.asc"):
        (root / name).rename(root / name.replace("lena", "zelena"))
    put(root, "people/zelena.yaml", b"name: Lena\nformerly: [lena]\n")
    put(root, "people/sam.yaml", b"name: Sam\nformerly: [lena]\n")
    commit(root)
    return root


def commit(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "begin")


def ocs(root: Path, *arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    remember(root)
    return subprocess.run(
        [sys.executable, "-m", "ocs", *arguments],
        input=input,
        cwd=root,
        capture_output=True,
        check=False,
        env=dict(os.environ),
    )


def planned(root: Path, schemas: Schemas) -> Vault:
    return Vault(Files(root), schemas, keyrings(TODAY), TODAY, remember(root))


def test_sync_changes_nothing_of_a_secret_with_a_reader_whom_two_claim_to_be(
    crew: Crew, root: Path
) -> None:
    before, other = (root / LOGIN).read_bytes(), (root / "secrets/house/wifi.gpg").read_bytes()
    done = ocs(root, "secret", "sync", "--yes", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["skipped"] == [
        {"secret": "river/login", "because": CLAIM, "hint": MEND}
    ]
    assert (root / LOGIN).read_bytes() == before
    assert crew.decrypt("sam", before) is None
    # The others need not wait for it.
    assert (root / "secrets/house/wifi.gpg").read_bytes() != other
    assert LOGIN not in git(root, "show", "--format=", "--name-only")


def test_sync_without_that_reader_leaves_the_secret_alone_too(root: Path) -> None:
    before = (root / LOGIN).read_bytes()
    ocs(root, "secret", "sync", "--yes", "--without", "lena")
    assert (root / LOGIN).read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["rotate", "river/login"],
        ["grant", "river/login", "sam"],
        ["add", "river/new", "--to", "lena", "--purpose", "x"],
    ],
)
def test_nothing_is_encrypted_to_an_id_that_two_claim(
    root: Path, arguments: list[str]
) -> None:
    head = git(root, "rev-parse", "HEAD")
    done = ocs(root, "secret", *arguments, input=b"other\n")
    assert done.returncode == 1
    assert CLAIM in done.stdout.decode()
    assert MEND in " ".join(done.stdout.decode().split())
    assert git(root, "status", "--short") == ""
    assert git(root, "rev-parse", "HEAD") == head


def test_a_reader_whose_id_another_one_claims_to_have_had_is_not_encrypted_to(
    root: Path, schemas: Schemas
) -> None:
    put(root, "people/sam.yaml", b"name: Sam\nformerly: [zelena]\n")
    put(root, "people/zelena.yaml", b"name: Lena\nformerly: [lena]\n")
    plan = granting.plan_rotate("river/login", planned(root, schemas))
    assert [each.message for each in plan.obstacles] == [
        "people/zelena and people/sam claim the id 'zelena', so ocs cannot tell who has it"
    ]


def test_an_old_id_of_one_person_alone_still_names_them(root: Path, schemas: Schemas) -> None:
    put(root, "people/sam.yaml", b"name: Sam\n")
    plan = granting.plan_rotate("river/login", planned(root, schemas))
    assert plan.is_possible
    assert "zelena" in plan.steps[0].readers


@pytest.mark.parametrize("mallory", ["orgs", "communities"])
def test_an_owner_whom_two_claim_to_be_is_nobody(
    root: Path, schemas: Schemas, mallory: str
) -> None:
    (root / "orgs/river.yaml").rename(root / "orgs/stream.yaml")
    record = (
        b"name: Stream\nsensitivity: high\ngatekeepers: [amara, joost]\nformerly: [river]\n"
    )
    put(root, "orgs/stream.yaml", record)
    put(
        root,
        f"{mallory}/evil.yaml",
        b"name: Evil\ngatekeepers: [mallory]\nformerly: [river]\n",
    )
    with pytest.raises(
        OcsError, match=r"evil.* claim the id 'river', so ocs cannot tell who has it"
    ):
        granting.plan_rotate("river/login", planned(root, schemas))
    before = (root / LOGIN).read_bytes()
    ocs(root, "secret", "sync", "--yes")
    assert (root / LOGIN).read_bytes() == before


def test_an_owner_is_never_the_one_who_only_claims_its_id(
    root: Path, schemas: Schemas
) -> None:
    put(root, "people/sam.yaml", b"name: Sam\n")
    put(root, "orgs/evil.yaml", b"name: Evil\ngatekeepers: [mallory]\nformerly: [river]\n")
    vault = planned(root, schemas)
    assert vault.owner("river/login").id == "river"
    plan = granting.plan_rotate("river/login", vault)
    assert [each.message for each in plan.obstacles] == [
        "orgs/river and orgs/evil claim the id 'river', so ocs cannot tell who has it"
    ]
