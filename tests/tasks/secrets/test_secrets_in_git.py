"""Git shows what changed in secrets to those who can read them, keeps nothing of it, and conflicts are explained."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.packets import read_message
from tests.crew import Crew, everything_written, git, put, remove, short_folder
from tests.gpg import needs_gpg
from tests.remembering import remember

pytestmark = needs_gpg
LOGIN = "secrets/river/login.gpg"
MARKER = "marker-kelp-7391"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def files(crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A registry in git with one secret that was changed once, of Lena who sits at the keyboard."""
    monkeypatch.setenv("GNUPGHOME", crew.homes["lena"].path)
    monkeypatch.setenv(
        "PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Lena")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "lena@x.example")
    found = crew.write(tmp_path / "registry")
    put(found.root, ".gitattributes", b"* text=auto eol=lf\n*.gpg binary\n")
    git(found.root, "init", "-q", "-b", "main")
    for content in (f"{MARKER}\nuser: root\n", f"{MARKER}-new\nuser: root\n"):
        crew.secret(found, "river/login", content.encode(), "lena")
        commit(found)
    remember(found.root)
    return found


@pytest.fixture
def run(files: Files) -> Run:
    def as_process(
        *arguments: str, input: str = "", **env: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ocs", *arguments],
            input=input,
            cwd=files.root,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **env},
        )

    return as_process


@pytest.fixture
def fixed(run: Run) -> None:
    assert run("doctor", "--fix").returncode == 0


def commit(files: Files, message: str = "more") -> None:
    git(files.root, "add", "-A")
    git(files.root, "commit", "-qm", message)


def changed(files: Files) -> list[str]:
    """The lines that git says to differ in the secret since the commit before."""
    told = git(files.root, "diff", "HEAD~1", "--", LOGIN)
    return [line for line in told.splitlines() if re.match("[+-](?!--|\\+\\+)", line)]


def test_where_nothing_was_set_git_prints_no_ciphertext(crew: Crew, files: Files) -> None:
    """Git takes for text what has no NUL, and prints it, unless it is told that it is none."""
    while b"\0" in (data := crew.encrypt(b"x", "lena")):
        pass
    put(files.root, LOGIN, data)
    assert git(files.root, "diff", "--", LOGIN).endswith(
        f"Binary files a/{LOGIN} and b/{LOGIN} differ\n"
    )


def test_what_is_set_is_added_to_what_is_there(files: Files, run: Run) -> None:
    attributes = files.root / ".git/info/attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("*.x -text")
    for _ in range(2):
        assert run("doctor", "--fix").returncode == 0
        assert attributes.read_text() == "*.x -text\n*.gpg diff=ocs-secret\n"
    tree = files.root.parent / "tree"
    git(files.root, "worktree", "add", "-q", str(tree))
    told = subprocess.run(
        [sys.executable, "-m", "ocs", "doctor", "-C", str(tree)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "shows what changed in the secrets" in told.stdout


@pytest.mark.usefixtures("fixed")
def test_a_reader_sees_the_lines_that_changed(files: Files) -> None:
    assert changed(files) == [f"-{MARKER}", f"+{MARKER}-new"]
    assert f"+{MARKER}-new" in git(files.root, "log", "-p", "--", LOGIN)


@pytest.mark.usefixtures("fixed")
def test_git_keeps_nothing_of_what_a_secret_says_and_ocs_leaves_nothing(
    files: Files, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = short_folder()
    git(files.root, "config", "core.bigFileThreshold", "1")
    monkeypatch.setenv("TMPDIR", str(scratch))
    try:
        for _ in range(2):
            git(files.root, "log", "-p")
        assert "refs/notes" not in git(files.root, "for-each-ref")
        every = ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"]
        objects = subprocess.run(every, cwd=files.root, capture_output=True, check=True).stdout
        assert MARKER.encode() not in objects
        for path, data in everything_written(files.root, scratch, os.environ["HOME"]).items():
            assert MARKER.encode() not in data, path
    finally:
        remove(scratch)


def test_a_cache_that_was_asked_for_elsewhere_is_off(
    files: Files, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").write_text(
        '[diff "ocs-secret"]\n\ttextconv = ocs secret textconv\n\tcachetextconv = true\n'
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "own"))
    assert "ocs doctor --fix" in run("doctor").stdout
    assert "set diff.ocs-secret.cachetextconv = false" in run("doctor", "--fix").stderr
    git(files.root, "log", "-p")
    assert "refs/notes" not in git(files.root, "for-each-ref")
    again = run("doctor", "--fix")
    assert "ocs doctor --fix" not in again.stdout
    assert "there was nothing to set" in again.stderr


@pytest.mark.usefixtures("fixed")
def test_who_cannot_read_it_sees_that_it_differs(
    files: Files, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GNUPGHOME", crew.homes["sam"].path)
    before, after = changed(files)
    assert re.fullmatch(r"-\(encrypted to 3 keys, none of them yours; [0-9a-f]{12}\)", before)
    assert after[1:] != before[1:]
    monkeypatch.setenv("GNUPGHOME", "/nonexistent/home")
    assert len(changed(files)) == 2


@pytest.mark.usefixtures("fixed")
def test_nothing_is_hidden_behind_it_that_is_no_secret(files: Files) -> None:
    put(files.root, ".gitattributes", b"* diff=ocs-secret\n")
    record = files.root / "access/river/login.yaml"
    record.write_text(record.read_text().replace("lena", "sam"))
    told = git(files.root, "diff", "--", "access")
    assert "-  - person: lena" in told
    assert "+  - person: sam" in told


@pytest.mark.usefixtures("fixed")
@pytest.mark.parametrize("content", [b"\x1b[31m\x1b]0;owned\x07red\n", "\u202eabc\n".encode()])
def test_nothing_in_a_secret_steers_the_terminal(
    content: bytes, crew: Crew, files: Files
) -> None:
    put(files.root, LOGIN, crew.encrypt(content, "lena"))
    told = git(files.root, "diff", "--", LOGIN)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", told)
    assert "\N{REPLACEMENT CHARACTER}" in told


@pytest.mark.usefixtures("fixed")
def test_what_is_no_text_is_told_to_differ(crew: Crew, files: Files) -> None:
    put(files.root, LOGIN, crew.encrypt(bytes(2000), "lena"))
    commit(files)
    put(files.root, LOGIN, crew.encrypt(bytes(1999), "lena"))
    told = git(files.root, "diff", "--", LOGIN)
    assert re.search(
        r"-\(login.gpg holds no text, but 2,000 bytes: [0-9a-f]{12}\)", told.replace("a_", "")
    )
    assert "1,999 bytes" in told


def test_a_repository_of_nobody_is_not_set(files: Files, run: Run, tmp_path: Path) -> None:
    remove(files.root / ".git")
    done = run("doctor", "--fix")
    assert done.returncode == 2
    assert "is not in a git repository of yours" in done.stderr


def test_what_other_programs_need_is_of_gatekeepers_whose_keys_are_named(
    crew: Crew, files: Files, run: Run
) -> None:
    from ocs.adapters.packets import as_text

    put(files.root, "keys/joost.asc", as_text(crew.certificates["mallory"]))
    told = run("doctor", "--fix").stdout
    assert f"gpg --import {files.root}/keys/amara.asc\n" in told
    assert f"export PASSWORD_STORE_DIR={files.root}/secrets\n" in told
    assert "export PASSWORD_STORE_GPG_OPTS=--trust-model=always\n" in told


def merge(crew: Crew, files: Files, *, armored: bool = False, deletes: str = "") -> None:
    """Two branches change the secret, or one of them deletes it, and git cannot merge them."""
    more = ("--armor",) if armored else ()
    if armored:
        put(files.root, ".gitattributes", b"")
        put(
            files.root,
            LOGIN,
            crew.encrypt(b"before\n", "amara", "joost", "lena", options=more),
        )
        commit(files)
    for branch in ("other", "main"):
        git(files.root, "checkout", "-q", *(["-b"] if branch == "other" else []), branch)
        if deletes == branch:
            (files.root / LOGIN).unlink()
        else:
            put(
                files.root,
                LOGIN,
                crew.encrypt(f"{branch}\n".encode(), "amara", "joost", "lena", options=more),
            )
        commit(files, branch)
    done = subprocess.run(
        ["git", "merge", "-q", "other"], cwd=files.root, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert LOGIN in git(files.root, "ls-files", "--unmerged")


def mend(hint: str, which: str, files: Files) -> None:
    """Do what a hint says."""
    commands = [each for each in re.findall("`(git [^`]+)`", hint) if "rebase" not in each]
    side = next(each for each in commands if which in each)
    for command in (side, f"git add {LOGIN}", "git commit --no-edit"):
        if command.startswith(("git commit", side)) or command in commands:
            git(files.root, *command.split()[1:])


WRITING = (
    ("edit", "river/login"),
    ("grant", "river/login", "sam"),
    ("revoke", "river/login", "lena", "--yes"),
    ("rotate", "river/login", "--yes"),
)


def test_a_conflict_is_explained_and_mended_by_what_is_said(
    crew: Crew, files: Files, run: Run
) -> None:
    merge(crew, files)
    before = (files.root / LOGIN).read_bytes()
    explained = "two branches changed river/login, and git cannot merge it"
    for arguments in WRITING:
        refused = run("secret", *arguments, input="x\n", EDITOR="false")
        assert refused.returncode == 2
        assert f"error: {explained}\n" in refused.stderr
    shown = run("secret", "show", "river/login")
    assert (shown.returncode, shown.stdout) == (0, "main\n")
    assert f"error: {explained}; this is the version here" in shown.stderr
    for command in (("secret", "audit"), ("validate",)):
        told = run(*command)
        assert told.returncode == 1
        assert f"{LOGIN}: error: {explained} [conflicting-ciphertext]" in told.stdout
    for command in (("secret", "sync", "--yes"), ("access", "end", "lena", "--yes")):
        left = run(*command)
        assert left.returncode == 1
        assert explained in left.stderr
    assert (files.root / LOGIN).read_bytes() == before
    mend(left.stderr, "--ours", files)
    assert run("secret", "sync", "--yes").returncode == 0
    assert run("secret", "audit").returncode == 0


def test_a_conflict_within_the_file_is_explained(crew: Crew, files: Files, run: Run) -> None:
    """Where nothing says that ciphertexts are no texts, git writes both into one file."""
    merge(crew, files, armored=True)
    assert b"<<<<<<<" in (files.root / LOGIN).read_bytes()
    for arguments in (
        ("show", "river/login"),
        *WRITING,
        ("exec", "river/login", "--", "true"),
    ):
        told = run("secret", *arguments, input="x\n", EDITOR="false")
        assert (told.returncode, told.stdout) == (2, "")
        assert "error: two branches changed river/login" in told.stderr
        assert f"git checkout --ours {LOGIN}" in told.stderr
    for command in (("secret", "audit"), ("validate",)):
        told = run(*command)
        findings = re.findall(rf"{LOGIN}.*?: error: .*\[(.*)\]", told.stdout)
        assert findings == ["conflicting-ciphertext"]
    left = run("secret", "sync", "--yes")
    assert left.returncode == 1
    hint = left.stderr
    git(files.root, "checkout", "--theirs", LOGIN)
    assert f"git add {LOGIN}" in hint
    git(files.root, "add", LOGIN)
    git(files.root, "commit", "--no-edit")
    assert run("secret", "show", "river/login").stdout == "other\n"
    assert run("secret", "audit").returncode == 0


@pytest.mark.parametrize("deletes", ["main", "other"])
def test_a_secret_that_one_branch_deleted_is_explained(
    deletes: str, crew: Crew, files: Files, run: Run
) -> None:
    merge(crew, files, deletes=deletes)
    told = run("secret", "audit")
    assert "one branch changed river/login and another deleted it" in told.stdout
    assert f"`git add {LOGIN}`, or not with `git rm {LOGIN}`" in told.stdout
    assert run("secret", "grant", "river/login", "sam").returncode == 2
    git(files.root, "add", LOGIN)
    git(files.root, "commit", "--no-edit")
    assert read_message((files.root / LOGIN).read_bytes()).recipients
    assert run("secret", "audit").returncode == 0
