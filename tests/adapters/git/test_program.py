"""Git has one start, and each of its guards holds."""

from __future__ import annotations

import ast
import os
import struct
import subprocess
from pathlib import Path

import pytest

from ocs.adapters.git import program
from ocs.adapters.git.changes import changes_since
from ocs.adapters.git.commits import commit, uncommitted, user_mail
from ocs.adapters.git.objects import Objects
from ocs.adapters.git.program import ask
from ocs.adapters.git.versions import History
from tests.conftest import ROOT
from tests.proposing import git

ONE_START = ROOT / "ocs/adapters/git/program.py"
# They take the name of a program and do not start it.
_NO_START = {"Examined", "_advice", "_missing", "_ok", "has", "install"}


def starts_of_git(text: str) -> list[int]:
    """The lines at which a module starts git: it loads GitPython, or `git` is the first word of
    a list or a call.
    """
    found = []
    for node in ast.walk(ast.parse(text)):
        words: list[ast.expr] = []
        if isinstance(node, ast.Import):
            found += [node.lineno for name in node.names if name.name.split(".")[0] == "git"]
        elif isinstance(node, ast.ImportFrom):
            found += [node.lineno] if (node.module or "").split(".")[0] == "git" else []
        elif isinstance(node, ast.List | ast.Tuple):
            words = node.elts
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            words = [] if name in _NO_START else node.args
        first = words[0] if words else None
        if isinstance(first, ast.JoinedStr) and first.values:
            first = first.values[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            word = first.value.partition(" ")[0]
            name = getattr(getattr(node, "func", None), "attr", "")
            is_started = word == first.value or name in ("run", "Popen", "system", "popen")
            found += [node.lineno] if word.rpartition("/")[2] == "git" and is_started else []
    return found


def test_nothing_else_starts_git() -> None:
    starts = {
        path.relative_to(ROOT).as_posix(): lines
        for path in sorted((ROOT / "ocs").rglob("*.py"))
        if (lines := starts_of_git(path.read_text()))
    }
    assert starts.keys() == {ONE_START.relative_to(ROOT).as_posix()}, starts


@pytest.mark.parametrize(
    "text",
    [
        "import git",
        "def f():\n    from git import Repo",
        "from git.repo import Repo",
        'subprocess.run(["git", "status"])',
        'command = ("git", *words)',
        'machine.ask("git", "config")',
        'os.execvp("git", words)',
        'os.posix_spawnp("/usr/bin/git", words, {})',
        'subprocess.run("git status", shell=True)',
        'os.system(f"git -C {folder} status")',
        'subprocess.run(words, executable="x") or shutil.which("git")',
    ],
)
def test_a_start_of_git_is_seen(text: str) -> None:
    assert starts_of_git(text)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A repository of two commits; `base` is the first."""
    root = tmp_path / "here"
    root.mkdir()
    git(root, "init", "-q", "-b", "main", ".")
    for name, value in {"user.name": "Ana", "user.email": "ana@x.example"}.items():
        git(root, "config", name, value)
    for text in ("1", "2"):
        (root / "a.yaml").write_text(f"a: {text}\n")
        git(root, "add", "-A")
        git(root, "commit", "-qm", text)
        if text == "1":
            git(root, "branch", "base")
    return root


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a mark beside itself."""
    script = tmp_path / "trap"
    script.write_text(f"#!/bin/sh\necho $0 >> {tmp_path}/trapped\n")
    script.chmod(0o755)
    return script


@pytest.mark.parametrize("place", [".git/hooks", "elsewhere"])
def test_no_hook_runs_at_a_commit(here: Path, trap: Path, place: str) -> None:
    hooks = here / place
    hooks.mkdir(exist_ok=True)
    for name in (
        "pre-commit prepare-commit-msg commit-msg post-commit reference-transaction "
        "post-index-change pre-auto-gc"
    ).split():
        (hooks / name).symlink_to(trap)
    if place == "elsewhere":
        git(here, "config", "core.hooksPath", str(hooks))
    (here / "a.yaml").write_text("a: 3\n")
    assert commit(here, ["a.yaml"], "three").id
    assert not (trap.parent / "trapped").exists()
    git(here, "commit", "--allow-empty", "-qm", "by hand")
    assert (trap.parent / "trapped").exists()


@pytest.mark.parametrize("by", ["the repository", "the user"])
def test_attributes_from_outside_the_tree_do_not_change_what_is_committed(
    here: Path, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = here.parent / "outside" / "git" / "attributes"
    outside.parent.mkdir(parents=True)
    outside.write_text("* text\n")
    if by == "the repository":
        git(here, "config", "core.attributesFile", str(outside))
    else:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(here.parent / "outside"))
    (here / "a.yaml").write_bytes(b"a: 3\r\n")
    assert git(here, "hash-object", "a.yaml") != git(
        here, "hash-object", "--no-filters", "a.yaml"
    )
    assert commit(here, ["a.yaml"], "three").id
    assert git(here, "rev-parse", "HEAD:a.yaml") == git(
        here, "hash-object", "--no-filters", "a.yaml"
    )


@pytest.mark.parametrize("name", ["x", "two words", "a.b", "", "Ü"])
def test_no_filter_of_any_name_runs(here: Path, trap: Path, name: str) -> None:
    for key in ("clean", "smudge"):
        git(here, "config", f"filter.{name}.{key}", str(trap))
    git(here, "config", f"filter.{name}.required", "true")
    (here / ".gitattributes").write_text(f"* filter={name}\n")
    (here / "a.yaml").write_text("a: 3\n")
    assert uncommitted(here, ["a.yaml"]) == ["a.yaml"]
    assert changes_since(here, "base").changed == {"a.yaml", ".gitattributes"}
    assert commit(here, ["a.yaml"], "three").id
    assert not (trap.parent / "trapped").exists()


def test_a_commit_is_signed_as_the_user_has_set_and_not_as_the_repository(
    here: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = here.parent / "own"
    own.write_text("#!/bin/sh\necho $* >> $0.ran\ncat > /dev/null\necho sig\n"
                   "echo '[GNUPG:] SIG_CREATED ' >&2\n")  # fmt: skip
    own.chmod(0o755)
    for name, value in {
        "commit.gpgSign": "true",
        "gpg.format": "ssh",
        "gpg.program": str(trap),
        "gpg.openpgp.program": str(trap),
        "gpg.x509.program": str(trap),
        "gpg.ssh.program": str(trap),
        "gpg.ssh.defaultKeyCommand": str(trap),
        "user.signingKey": "of-the-repository",
    }.items():
        git(here, "config", name, value)
    (here / "a.yaml").write_text("a: 3\n")
    assert commit(here, ["a.yaml"], "three").id
    assert "gpgsig" not in git(here, "cat-file", "-p", "HEAD")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(here.parent / "settings"))
    git(here, "config", "--global", "commit.gpgSign", "true")
    git(here, "config", "--global", "gpg.program", str(own))
    (here / "a.yaml").write_text("a: 4\n")
    assert commit(here, ["a.yaml"], "four").id
    assert "gpgsig sig" in git(here, "cat-file", "-p", "HEAD")
    git(here, "config", "--global", "user.signingKey", "mine")
    (here / "a.yaml").write_text("a: 5\n")
    assert commit(here, ["a.yaml"], "five").id
    ran = Path(f"{own}.ran").read_text().splitlines()
    assert [line.partition("-bsau ")[2] for line in ran] == ["Ana <ana@x.example>", "mine"]
    assert not (trap.parent / "trapped").exists()


@pytest.mark.parametrize("age", ["new", "old"])
@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("none::x", {"alias.remote-none": "!{}"}),
        ("::x", {"alias.remote-": "!{}"}),
        ("ext::{}", {"protocol.ext.allow": "always"}),
        ("ssh://x/y", {"core.sshCommand": "{}"}),
        ("git://x/y", {"core.gitProxy": "{}"}),
        ("{}", {"remote.origin.uploadpack": "{}", "protocol.file.allow": "always"}),
    ],
)
def test_nothing_is_fetched_by_any_protocol(
    here: Path, trap: Path, url: str, settings: dict[str, str], age: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if age == "old":  # a git that does not know this guard
        monkeypatch.delitem(program._ENVIRONMENT, "GIT_NO_LAZY_FETCH")
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url,
        **settings,
    }.items():
        git(here, "config", name, value.format(trap))
    tree = git(here, "rev-parse", "base^{tree}")
    (here / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(Exception, match=r"git |cannot read git's history"):
        History(here, ["."]).versions()
    with (
        Objects(here) as objects,
        pytest.raises(Exception, match=r"git (has no|cannot report on)"),
    ):
        objects.snapshot(objects.revision("base").commit)
    assert not (trap.parent / "trapped").exists()
    with pytest.raises(subprocess.CalledProcessError):
        git(here, "cat-file", "-p", tree)
    assert (trap.parent / "trapped").exists()


def test_a_registry_that_looks_like_a_repository_brings_no_settings(
    here: Path, trap: Path
) -> None:
    registry = here / "registry"
    for name in ("objects", "refs"):
        (registry / name).mkdir(parents=True)
    (registry / "HEAD").write_text("ref: refs/heads/main\n")
    (registry / "config").write_text(
        f"[core]\nbare = false\nworktree = .\nfsmonitor = {trap}\n[user]\nemail = e@x.example\n"
    )
    (registry / "a.yaml").write_text("a: 1\n")
    assert user_mail(registry) is None
    assert uncommitted(registry, ["a.yaml"]) == []
    assert commit(registry, ["a.yaml"], "x").id is None
    assert not (trap.parent / "trapped").exists()


def test_a_path_is_no_pattern(here: Path) -> None:
    (here / "a.yaml").write_text("a: 3\n")
    assert uncommitted(here, ["*.yaml"]) == []
    assert commit(here, ["*.yaml"], "all").id is None


def without_parents(root: Path) -> None:
    """A commit-graph in which no commit has a parent."""
    git(root, "commit-graph", "write", "--reachable")
    file = root / ".git/objects/info/commit-graph"
    data = bytearray(file.read_bytes())
    at = data.index(b"CDAT")
    start, end = (
        struct.unpack(">Q", data[place : place + 8])[0] for place in (at + 4, at + 16)
    )
    for row in range(start, end, 36):
        data[row + 20 : row + 28] = struct.pack(">II", 0x70000000, 0x70000000)
    file.chmod(0o644)
    file.write_bytes(data)


@pytest.mark.parametrize("means", ["a graft", "a replaced commit", "a commit-graph"])
def test_history_is_what_was_committed(here: Path, means: str) -> None:
    head = git(here, "rev-parse", "main")
    if means == "a graft":
        (here / ".git/info/grafts").write_text(f"{head}\n")
    elif means == "a replaced commit":
        git(here, "replace", "--graft", head)
    else:
        without_parents(here)
    assert git(here, "rev-list", "--count", "main") == "1"
    history = History(here, ["."])
    assert history.parents()[head] == [git(here, "rev-parse", "base")]
    assert [version.before != "" for version in history.versions()] == [True, False]
    with Objects(here) as objects:
        base = objects.revision("base").commit
        assert objects.merged(base, head).read("a.yaml", 100) == b"a: 2\n"
    assert changes_since(here, "base").changed == {"a.yaml"}


@pytest.mark.parametrize(
    "setting",
    [
        "log.showRoot=false",
        "log.diffMerges=off",
        "diff.orderFile=/nowhere",
        "diff.renames=copy",
    ],
)
def test_no_setting_hides_what_was_committed(here: Path, setting: str) -> None:
    git(here, "checkout", "-q", "-b", "side", "base")
    git(here, "mv", "a.yaml", "b.yaml")
    git(here, "commit", "-qm", "move")
    git(here, "merge", "-q", "-s", "ours", "-m", "merge", "main")
    before = History(here, ["."]).versions()
    assert len(before) == 6
    git(here, "config", *setting.split("="))
    assert History(here, ["."]).versions() == before


def test_variables_that_lead_elsewhere_or_name_programs_are_not_handed_on(
    here: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_PROXY_COMMAND", "GIT_CONFIG",
                 "GIT_DIR", "GIT_INDEX_FILE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"):  # fmt: skip
        monkeypatch.setenv(name, str(trap))
    before = dict(os.environ)
    assert changes_since(here, "base").changed == {"a.yaml"}
    assert ask(here, "config", "user.name") == "Ana\n"
    assert dict(os.environ) == before
    assert not (trap.parent / "trapped").exists()
