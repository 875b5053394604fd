"""Work with many secrets, beside pass, git-secret and a loop of gpg: `python -m benchmarks
secrets`.

Real keys, and ciphertexts for ten readers each. What a machine that is busy otherwise makes of
it tells the processor time; that of gpg-agent, which decrypts for all of them, is in none of
it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from datetime import date
from functools import cached_property
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import NamedTuple

from benchmarks.measure import OCS, PYTHON, found
from benchmarks.trust import remember
from ocs.adapters.files import Files
from ocs.adapters.keyring import Keyring
from ocs.adapters.packets import read_certificate
from ocs.model.secret import Plaintext
from ocs.rules.secrets.bodies import body_name
from ocs.tasks.secrets.bodies import origin_of
from ocs.workspace import keyrings

DAY = date(2026, 11, 20)
READERS, OWNERS = 10, 20
PASSPHRASE = "made up for this"
SIZES = (10, 200, 1000)
# Git-secret takes minutes for more, and so does everybody who decrypts with a passphrase.
MOST_FOR_GIT_SECRET, MOST_WITH_PASSPHRASE = 200, 10
GPG = "gpg --batch --quiet --trust-model always"


class Took(NamedTuple):
    """Seconds: on the clock, and of processors."""

    clock: float
    processor: float


class Bench:
    """Ten people with keys; the first is at the keyboard, and a gatekeeper as the second is."""

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        self.folder, self.passphrase = folder, passphrase
        self.people = [f"person-{number}" for number in range(READERS)]
        self.home, others = folder / "own", folder / "others"
        for home in (self.home, others):
            home.mkdir(parents=True, mode=0o700)
            (home / "gpg-agent.conf").write_text(
                "default-cache-ttl 99999\nmax-cache-ttl 99999\n"
            )
        for number, person in enumerate(self.people):
            home, secret = (others, "") if number else (self.home, passphrase)
            made = ("--passphrase", secret, "--faked-system-time", "20250201T120000!")
            self.gpg(
                home,
                *made,
                "--quick-gen-key",
                f"{person} <{person}@x.example>",
                "future-default",
                "default",
                "never",
            )
        self.gpg(self.home, "--import", given=self.gpg(others, "--export"))
        self.certificates = [
            self.gpg(self.home, "--export", f"={person} <{person}@x.example>")
            for person in self.people
        ]
        self.outlines = [read_certificate(each) for each in self.certificates]
        self.keys = [each.fingerprint for each in self.outlines]
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("GIT_", "PYTHONDONT"))
            },
            "GNUPGHOME": str(self.home),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_STATE_HOME": str(folder / "state"),
            "PASSWORD_STORE_GPG_OPTS": "--trust-model=always",
            "PASSWORD_STORE_DIR": "secrets",
            **{
                f"GIT_{role}_{what}": "amara@x.example"
                for role in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }

    def gpg(self, home: Path, *arguments: str, given: bytes = b"") -> bytes:
        easy = [
            "--batch",
            "--quiet",
            "--no-tty",
            "--pinentry-mode",
            "loopback",
            "--trust-model",
            "always",
        ]
        command = ["gpg", "--homedir", str(home), *easy, *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout

    def unlock(self) -> None:
        """Give the agent the passphrase, as somebody does once a day."""
        message = self.gpg(self.home, "--recipient", self.keys[0], "--encrypt", given=b"x")
        self.gpg(self.home, "--passphrase", self.passphrase, "--decrypt", given=message)

    def registry(
        self, secrets: int, *, readers: int = READERS, recorded: int = READERS
    ) -> Path:
        """A registry of so many secrets that *readers* can read and *recorded* are to read, in
        git.
        """
        root = self.folder / f"registry-{secrets}-{readers}-{recorded}"
        if root.exists():
            shutil.rmtree(root)
        root.mkdir(parents=True)
        # The same commit each time, since the ciphertexts are kept and say to which it belongs.
        then = {f"GIT_{who}_DATE": "2026-01-01T00:00:00Z" for who in ("AUTHOR", "COMMITTER")}
        for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "root"]):
            environment = {**self.environment, **then}
            subprocess.run(["git", *arguments], cwd=root, env=environment, check=True)
        gatekeepers = "".join(
            f"  - person: {self.people[each]}\n    key: {self.keys[each]}\n" for each in (0, 1)
        )
        ids = "".join(f"{self.keys[each]}\n" for each in (0, 1)).encode()
        files = {
            "ocs.yaml": f"name: Many\ngatekeepers:\n{gatekeepers}".encode(),
            "secrets/.gpg-id": ids,
        }
        for person, key, certificate in zip(
            self.people, self.keys, self.certificates, strict=True
        ):
            files[f"keys/{person}.asc"] = certificate
            files[f"people/{person}.yaml"] = f"name: {person}\n".encode()
            files[f"vetting/{person}.yaml"] = f"level: known\nkey: {key}\n".encode()
        named = "".join(
            f"  - person: {person}\n    because: needs it\n"
            for person in self.people[2:recorded]
        )
        for owner in range(OWNERS):
            text = (
                f"name: Org {owner}\nsensitivity: low\ngatekeepers: "
                f"[{self.people[0]}, {self.people[1]}]\n"
            )
            files |= {
                f"orgs/org-{owner}.yaml": text.encode(),
                f"secrets/org-{owner}/.gpg-id": ids,
            }
        for number in range(secrets):
            name = f"org-{number % OWNERS}/secret-{number}"
            files[f"access/{name}.yaml"] = (
                f"purpose: x\nrotated: {DAY}\nreaders:\n{named}".encode()
            )
            files[f"secrets/{name}.gpg"] = self.ciphertext(number, readers, root, name)
        for path, data in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        for arguments in (["add", "-A"], ["commit", "-qm", "begin"]):
            subprocess.run(["git", *arguments], cwd=root, env=self.environment, check=True)
        remember(root, self.folder / "state" / "ocs" / "trust")
        return root

    def ciphertext(self, number: int, readers: int, root: Path, secret: str) -> bytes:
        keep = self.folder / f"ciphertexts-{readers}"
        keep.mkdir(exist_ok=True)
        file = keep / str(number)
        if not file.exists():
            content = Plaintext(b"password-%d\nuser: root\n" % number)
            name = body_name(origin_of(Files(root)).new, secret)
            file.write_bytes(self.keyring.encrypt(content, self.keys[:readers], name))
        return file.read_bytes()

    @cached_property
    def keyring(self) -> Keyring:
        return keyrings(DAY, [self.folder / "cache"])(self.outlines)

    def timed(self, command: str, folder: Path) -> Took:
        """Run a line of shell. Raises CalledProcessError."""
        before, begun = getrusage(RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            ["sh", "-ec", command],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            check=False,
        )
        after, ended = getrusage(RUSAGE_CHILDREN), time.perf_counter()
        if done.returncode:
            raise subprocess.CalledProcessError(
                done.returncode, command, done.stdout, done.stderr
            )
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Took(ended - begun, used)

    def close(self) -> None:
        for home in (self.home, self.folder / "others"):
            subprocess.run(
                ["gpgconf", "--homedir", str(home), "--kill", "all"],
                capture_output=True,
                check=False,
            )


Row = tuple[str, str, Took | None, str]


def run(registry: Path) -> None:
    """Measure; the registry that is given is not looked at."""
    programs = found("gpg", "pass", "git-secret")
    if "gpg" not in programs:
        return
    for passphrase in ("", PASSPHRASE):
        with tempfile.TemporaryDirectory(prefix="ocs-b-", dir="/tmp") as folder:
            bench = Bench(Path(folder), passphrase)
            try:
                _print(_rows(bench, set(programs)), bool(passphrase))
            finally:
                bench.close()


def _rows(bench: Bench, programs: set[str]) -> list[Row]:
    rows: list[Row] = []
    if bench.passphrase:
        bench.unlock()
    else:
        rows += _audits(bench, programs)
    for count in SIZES:
        rows += _encrypted_anew(bench, programs, count)
    rows += _revoked(bench)
    return [*rows, *_shown(bench, programs)]


def _audits(bench: Bench, programs: set[str]) -> list[Row]:
    root = bench.registry(1000)
    work = "audit 1,000 secrets"
    listing = f"find secrets -name '*.gpg' -exec {GPG} --list-only --list-packets {{}} \\;"
    rows: list[Row] = [
        (
            work,
            "ocs secret audit",
            bench.timed(f"{OCS} secret audit --on {DAY}", root),
            "0.4 s",
        )
    ]
    rows.append((work, "gpg --list-packets, file by file", bench.timed(listing, root), ""))
    init = f"rm secrets/*/.gpg-id; pass init {' '.join(bench.keys)}"
    return [
        *rows,
        (
            work,
            "pass init, which changes nothing",
            _peer("pass", programs, bench, init, root),
            "",
        ),
    ]


def _encrypted_anew(bench: Bench, programs: set[str], count: int) -> list[Row]:
    """Another reader comes to all of them."""
    is_much = bool(bench.passphrase) and count > MOST_WITH_PASSPHRASE
    if is_much:
        return []

    def fresh() -> Path:
        return bench.registry(count, readers=READERS - 1)

    to = " ".join(f"-r {key}" for key in bench.keys)
    loop = (
        f"for f in secrets/*/*.gpg; do {GPG} -d $f | {GPG} --yes {to} -o $f.new "
        "-e; mv $f.new $f; done"
    )
    init = f"rm secrets/*/.gpg-id; pass init {' '.join(bench.keys)}"
    work = f"encrypt {count:,} secrets anew"
    sync = bench.timed(f"{OCS} secret sync --yes --quiet --on {DAY}", fresh())
    plain = bench.timed(loop, fresh())
    rows: list[Row] = [
        (work, "ocs secret sync, checked, flushed, committed", sync, "the gpg loop"),
        (work, "a loop of gpg", plain, ""),
        (work, "pass init", _peer("pass", programs, bench, init, fresh()), ""),
    ]
    if count > MOST_FOR_GIT_SECRET:
        return [*rows, (work, "git-secret: not measured, it takes too long", None, "")]
    return [
        *rows,
        (work, "git-secret tell, reveal, hide", _git_secret(bench, programs, count), ""),
    ]


def _git_secret(bench: Bench, programs: set[str], count: int) -> Took | None:
    if "git-secret" not in programs:
        return None
    root = bench.folder / f"git-secret-{count}"
    (root / "plain").mkdir(parents=True)
    for number in range(count):
        (root / "plain" / str(number)).write_text(f"password-{number}\nuser: root\n")
    mails = [f"{person}@x.example" for person in bench.people]
    bench.timed(
        f"git init -q; git secret init; git secret tell {' '.join(mails[:-1])}; git "
        "secret add -i plain/*; "
        "git secret hide",
        root,
    )
    return bench.timed(
        f"git secret tell {mails[-1]}; git secret reveal -f; git secret hide", root
    )


def _revoked(bench: Bench) -> list[Row]:
    took = bench.timed(
        f"{OCS} access end {bench.people[-1]} --yes --quiet --on {DAY}", bench.registry(1000)
    )
    return [("revoke one reader from 1,000 secrets", "ocs access end, committed", took, "4 s")]


def _shown(bench: Bench, programs: set[str]) -> list[Row]:
    root = bench.registry(10)
    work = "show one secret of 10"
    commands = {
        "python -c pass": f"{PYTHON} -c pass",
        "gpg -d": f"{GPG} -d secrets/org-0/secret-0.gpg",
        "pass show": "pass show org-0/secret-0",
        "ocs secret show": f"{OCS} secret show org-0/secret-0",
    }
    commands = {
        name: each
        for name, each in commands.items()
        if name != "pass show" or "pass" in programs
    }
    runs = {
        name: [bench.timed(each, root) for _ in range(10)][1:]
        for name, each in commands.items()
    }
    medians = {
        name: Took(
            median(each.clock for each in taken), median(each.processor for each in taken)
        )
        for name, taken in runs.items()
    }
    bound = {"ocs secret show": "python + gpg -d + 90 ms"}
    return [(work, name, took, bound.get(name, "")) for name, took in medians.items()]


def _peer(
    program: str, programs: set[str], bench: Bench, command: str, folder: Path
) -> Took | None:
    return bench.timed(command, folder) if program in programs else None


def _print(rows: list[Row], is_protected: bool) -> None:
    print(f"\nTen readers each; the key {'has a' if is_protected else 'has no'} passphrase\n")
    print(f"{'':38}{'':48}{'clock':>10}{'processor':>11}  to reach")
    for work, how, took, bound in rows:
        times = (
            f"{took.clock:8.2f} s{took.processor:9.2f} s" if took else f"{'-':>10}{'-':>11}"
        )
        print(f"{work:38}{how:48}{times}  {bound}".rstrip())
