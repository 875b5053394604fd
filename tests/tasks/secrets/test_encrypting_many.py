"""Many secrets are encrypted anew a few ahead, and asked for, failed at and stopped as if one by one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.replacing import UNFINISHED
from ocs.errors import KeyringError
from ocs.rules.records.schema import Schemas
from ocs.tasks.secrets import encrypting, revoking
from ocs.tasks.secrets.secrets import audit
from ocs.tasks.secrets.vault import Vault
from ocs.workspace import keyrings
from tests import crew as crews
from tests import gpg
from tests.crew import Crew, git, put
from tests.gpg import needs_gpg
from tests.remembering import remember
from tests.tasks.secrets.test_encrypting import TODAY

pytestmark = needs_gpg
COUNT = 30
NAMES = [f"house/door-{number:02}" for number in range(COUNT)]
MARKER = b"plaintext-marker-4402"
SYNC = (sys.executable, "-m", "ocs", "secret", "sync", "--yes")
# Writes down when it asks and when that is over, answers so often, and is cancelled then.
PINENTRY = """#!/bin/sh
echo OK
while read -r line; do
  case "$line" in
    GETPIN*)
      echo asked >> {log}; sleep 0.1; echo answered >> {log}
      if [ "$(grep -c asked {log})" -le {answers} ]; then echo D abc; echo OK
      else echo ERR 83886179 cancelled; fi ;;
    BYE*) echo OK; exit ;;
    *) echo OK ;;
  esac
done
"""


def written(crew: Crew, root: Path, count: int = COUNT) -> Files:
    """A registry in git with so many secrets, which Lena is to read and cannot."""
    files = crew.write(root)
    for name in NAMES[:count]:
        crew.secret(files, name, MARKER, "lena")
        data = crew.bound(files, name, MARKER + name.encode(), "amara", "joost")
        put(root, f"secrets/{name}.gpg", data)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "begin")):
        git(root, *arguments)
    remember(root)
    return files


@pytest.fixture
def at_the_keyboard(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
    for variable in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{variable}_NAME", "Amara")
        monkeypatch.setenv(f"GIT_{variable}_EMAIL", "amara@x.example")


@pytest.fixture
def files(crew: Crew, tmp_path: Path, at_the_keyboard: None) -> Files:
    return written(crew, tmp_path / "registry")


def opened(files: Files, schemas: Schemas) -> Vault:
    return Vault(Files(files.root), schemas, keyrings(TODAY), TODAY, remember(files.root))


def ciphertexts(files: Files) -> Mapping[str, bytes]:
    return {name: (files.root / f"secrets/{name}.gpg").read_bytes() for name in NAMES}


def of_this_process() -> set[str]:
    """The processes that this one has begun and that are not over."""
    tasks = Path("/proc/self/task").iterdir()
    return {child for task in tasks for child in (task / "children").read_text().split()}


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Iterator[None]:
    before = threading.active_count(), of_this_process()
    yield
    assert (threading.active_count(), of_this_process()) == before


def test_each_keeps_what_it_says_and_all_are_written_in_the_order_of_the_plan(
    crew: Crew, files: Files, schemas: Schemas
) -> None:
    plan = revoking.plan_sync(opened(files, schemas))
    done = encrypting.carry_out(plan, opened(files, schemas))
    assert list(done.files) == [f"secrets/{name}.gpg" for name in NAMES]
    for name, data in ciphertexts(files).items():
        assert crew.decrypt("lena", data) == MARKER + name.encode()
    assert audit(Files(files.root), schemas, TODAY).findings == ()
    assert git(files.root, "status", "--short") == ""


def test_who_is_taken_out_of_many_and_let_into_others_is_done_in_one_commit(
    crew: Crew, files: Files, schemas: Schemas
) -> None:
    for name in NAMES[3:20]:
        put(
            files.root,
            f"secrets/{name}.gpg",
            crew.encrypt(name.encode(), "amara", "joost", "lena", "sam"),
        )
    plan = revoking.plan_sync(opened(files, schemas))
    assert [each.how.value for each in plan.steps] == ["anew"] * 3 + ["less"] * 17 + [
        "anew"
    ] * 10
    done = encrypting.carry_out(plan, opened(files, schemas))
    assert list(done.files) == [f"secrets/{name}.gpg" for name in NAMES]
    assert audit(Files(files.root), schemas, TODAY).findings == ()
    assert git(files.root, "rev-list", "--count", "HEAD").strip() == "3"


def test_what_cannot_be_decrypted_ends_it_and_what_came_before_is_written_and_committed(
    crew: Crew, files: Files, schemas: Schemas
) -> None:
    broken = files.root / f"secrets/{NAMES[7]}.gpg"
    data = broken.read_bytes()
    broken.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    before = ciphertexts(files)
    with pytest.raises(KeyringError, match=f"cannot decrypt {NAMES[7]}: the file is damaged"):
        encrypting.carry_out(
            revoking.plan_sync(opened(files, schemas)), opened(files, schemas)
        )
    after = ciphertexts(files)
    assert [name for name in NAMES if after[name] != before[name]] == NAMES[:7]
    assert all(crew.decrypt("lena", after[name]) for name in NAMES[:7])
    assert git(files.root, "show", "--format=", "--name-only").split() == [
        f"secrets/{name}.gpg" for name in NAMES[:7]
    ]
    assert not (files.root / UNFINISHED).exists()


def test_what_is_not_for_the_user_is_left_and_the_rest_is_done(
    crew: Crew, files: Files, schemas: Schemas
) -> None:
    for name in NAMES[5:7]:
        put(files.root, f"secrets/{name}.gpg", crew.encrypt(b"x" + name.encode(), "joost"))
    done = encrypting.carry_out(
        revoking.plan_sync(opened(files, schemas)), opened(files, schemas)
    )
    assert [each.secret for each in done.skipped] == NAMES[5:7]
    assert list(done.files) == [
        f"secrets/{name}.gpg" for name in NAMES if name not in NAMES[5:7]
    ]


def test_few_open_files_are_enough(crew: Crew, files: Files) -> None:
    asked = ("sh", "-c", 'ulimit -n 64; exec "$@"', "sh", *SYNC)
    done = subprocess.run(asked, cwd=files.root, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(crew.decrypt("lena", data) for data in ciphertexts(files).values())


# Ctrl-C reaches everything at the terminal; another program's `kill -INT` reaches ocs alone.
@pytest.mark.parametrize("interrupt", [os.killpg, os.kill])
def test_interrupted_in_the_middle_it_leaves_whole_files_and_no_process(
    interrupt: Callable[[int, int], None], crew: Crew, files: Files
) -> None:
    before = ciphertexts(files)
    third = files.root / f"secrets/{NAMES[2]}.gpg"
    process = subprocess.Popen(
        SYNC,
        cwd=files.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while third.read_bytes() == before[NAMES[2]] and process.poll() is None:
        time.sleep(0.001)
    interrupt(process.pid, signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    left = in_session(process.pid)
    after = ciphertexts(files)
    new = [name for name in NAMES if after[name] != before[name]]
    assert process.returncode == 130, said
    assert 3 <= len(new) < COUNT
    assert new == NAMES[: len(new)]
    assert all(crew.decrypt("lena", after[name]) == MARKER + name.encode() for name in new)
    assert left == []
    assert MARKER not in said
    committed = git(files.root, "log", "--format=", "--name-only", "HEAD~1..").split()
    # The last one may have been written and not be known to be.
    assert committed in ([f"secrets/{name}.gpg" for name in some] for some in (new, new[:-1]))
    for _ in range(
        2
    ):  # what was interrupted is finished first, if it was in the middle of one
        subprocess.run(SYNC, cwd=files.root, capture_output=True, check=False)
    assert all(crew.decrypt("lena", data) for data in ciphertexts(files).values())


def in_session(session: int) -> list[str]:
    """The programs that run in a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, fields = stat.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields.split()[3] == str(session):
            found.append(name)
    return found


@pytest.fixture(scope="module")
def guarded() -> Iterator[Crew]:
    """Amara's key has a passphrase, and her agent forgets it at once."""
    with crews.crew() as made:
        made.homes["amara"].close()
        home = made.homes["amara"] = gpg.Home()
        made.keys["amara"] = home.make("Amara", passphrase="abc")
        made.certificates["amara"] = home.export(made.keys["amara"])
        made.all.gpg("--import", input=made.certificates["amara"])
        yield made


@pytest.mark.parametrize("answers", [6, 2])
def test_one_passphrase_is_asked_for_at_a_time_and_none_behind_one_that_was_refused(
    answers: int,
    guarded: Crew,
    schemas: Schemas,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home, log, program = guarded.homes["amara"], tmp_path / "log", tmp_path / "pinentry"
    program.write_text(PINENTRY.format(log=log, answers=answers))
    program.chmod(0o700)
    home.configure_agent(
        f"pinentry-program {program}", "default-cache-ttl 0", "max-cache-ttl 0"
    )
    monkeypatch.setenv("GNUPGHOME", home.path)
    files = written(guarded, tmp_path / "registry", 6)
    plan = revoking.plan_sync(opened(files, schemas))
    assert plan.decryptions == 6
    if answers == 6:
        encrypting.carry_out(plan, opened(files, schemas), commits=False)
    else:
        with pytest.raises(KeyringError, match="you cancelled the question"):
            encrypting.carry_out(plan, opened(files, schemas), commits=False)
    assert log.read_text().split() == ["asked", "answered"] * min(answers + 1, 6)
    changed = git(files.root, "diff", "--name-only").split()
    assert changed == [f"secrets/{name}.gpg" for name in NAMES[:answers]]
