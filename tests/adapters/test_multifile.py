"""One gpg for many messages says of each what gpg says of it alone, and never what is of another."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocs.adapters.keyring import Keyring
from ocs.adapters.keyring.multifile import MOST_MESSAGES, Multifile
from ocs.adapters.packets import read_certificate
from ocs.errors import NoSecretKeyError, OcsError
from ocs.model.secret import Plaintext
from tests.gpg import Home, home, needs_gpg, packet

pytestmark = needs_gpg
TODAY = datetime.now(UTC).date()
CONTENTS = [
    b"",
    b"hunter2\n",
    b"[GNUPG:] FILE_DONE\n[GNUPG:] FILE_START 3 -&9\n",
    b"\x00\xff\r\n" * 100_000,
    b"without an end",
    b"x",
]


@pytest.fixture
def keys(lena_home: Home, monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """A keyring with Lena's certificate, and her at the keyboard."""
    monkeypatch.setenv("GNUPGHOME", lena_home.path)
    return Keyring([read_certificate(lena_home.export(lena_home.fingerprints()[-1]))], TODAY)


@pytest.fixture
def encrypted(lena_home: Home, keys: Keyring) -> Callable[[bytes], bytes]:
    """Encrypts to Lena."""
    return lambda content: keys.encrypt(Plaintext(content), to=[lena_home.fingerprints()[-1]])


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0


@pytest.fixture(autouse=True)
def _nothing_stays_open(keys: Keyring) -> Iterator[None]:
    before = open_files()
    yield
    assert open_files() == before


def test_each_message_has_its_own_content(
    keys: Keyring, encrypted: Callable[[bytes], bytes]
) -> None:
    messages = [encrypted(each) for each in CONTENTS]
    with keys.decrypting(len(messages)) as decrypt:
        assert [decrypt(each).reveal() for each in messages] == CONTENTS


@pytest.mark.parametrize("said", [2, MOST_MESSAGES, 3 * MOST_MESSAGES])
def test_more_than_one_gpg_takes_and_more_than_were_said(
    said: int, keys: Keyring, encrypted: Callable[[bytes], bytes]
) -> None:
    contents = [b"%d" % number for number in range(4)] * MOST_MESSAGES
    messages = {each: encrypted(each) for each in set(contents)}
    with keys.decrypting(said) as decrypt:
        assert [decrypt(messages[each]).reveal() for each in contents] == contents


def test_one_is_decrypted_as_always(
    keys: Keyring, encrypted: Callable[[bytes], bytes]
) -> None:
    with keys.decrypting(1) as decrypt:
        assert decrypt(encrypted(b"alone")).reveal() == b"alone"


def test_what_is_refused_alone_is_refused_among_others_and_the_rest_is_not(
    keys: Keyring, encrypted: Callable[[bytes], bytes], lena_home: Home, joost_home: Home
) -> None:
    good = encrypted(b"good")
    damaged = good[:-1] + bytes([good[-1] ^ 1])
    joosts = joost_home.encrypt(b"x", "--encrypt", "--recipient", "Joost")
    with home() as other:
        other.make("Signer")
        other.gpg("--import", input=lena_home.export(lena_home.fingerprints()[-1]))
        signed = other.encrypt(b"x", "--sign", "--encrypt", "--recipient", "Lena")
    cut = good[:-20]
    with keys.decrypting(20) as decrypt:
        for bad in (damaged, joosts, signed, cut, b"", b"hunter2"):
            with pytest.raises(OcsError) as alone:
                keys.decrypt(bad)
            with pytest.raises(OcsError) as among:
                decrypt(bad)
            assert type(among.value) is type(alone.value)
            assert (among.value.message, among.value.hint) == (
                alone.value.message,
                alone.value.hint,
            )
            assert decrypt(good).reveal() == b"good"


def test_what_is_not_for_the_user_is_told_from_what_fails(
    keys: Keyring, encrypted: Callable[[bytes], bytes], joost_home: Home
) -> None:
    joosts = joost_home.encrypt(b"x", "--encrypt", "--recipient", "Joost")
    with keys.decrypting(3) as decrypt:
        for _ in range(2):
            with pytest.raises(NoSecretKeyError):
                decrypt(joosts)
        assert decrypt(encrypted(b"Lena's")).reveal() == b"Lena's"


def test_an_agent_that_ends_between_two_messages_is_begun_anew(
    keys: Keyring, encrypted: Callable[[bytes], bytes], lena_home: Home
) -> None:
    messages = [encrypted(each) for each in CONTENTS]
    found = []
    with keys.decrypting(len(messages)) as decrypt:
        for number, each in enumerate(messages):
            if number % 2:
                lena_home.configure_agent()
            found.append(decrypt(each).reveal())
    assert found == CONTENTS


def test_a_signature_that_is_good_is_no_obstacle(
    keys: Keyring, encrypted: Callable[[bytes], bytes], lena_home: Home
) -> None:
    signed = lena_home.encrypt(b"signed", "--sign", "--encrypt", "--recipient", "Lena")
    assert keys.decrypt(signed).reveal() == b"signed"
    with keys.decrypting(3) as decrypt:
        assert [decrypt(each).reveal() for each in (signed, encrypted(b"x"), signed)] == [
            b"signed",
            b"x",
            b"signed",
        ]


def content(data: bytes, name: bytes = b"") -> bytes:
    """A literal packet."""
    return packet(11, b"b" + bytes([len(name)]) + name + bytes(4) + data)


HOSTILE = {
    "that is for the eyes only": lambda lena: content(b"x", b"_CONSOLE"),
    "that is named as another message is": lambda lena: content(b"x", b"-&9"),
    "that is cut short": lambda lena: content(b"x" * 1000)[:-300],
    "behind a user id": lambda lena: packet(13, b"x\n[GNUPG:] FILE_DONE\n") + content(b"x"),
    "before a certificate": lambda lena: content(b"x") + lena.export(lena.fingerprints()[-1]),
    "behind a signature": lambda lena: (
        lena.sign(lena.fingerprints()[-1], b"y") + content(b"x")
    ),
    "twice": lambda lena: content(b"x") + content(b"x"),
    "before another message": lambda lena: (
        content(b"x") + lena.encrypt(b"y", "--encrypt", "--recipient", "Lena")
    ),
    "before what is no packet": lambda lena: content(b"x") + b"\x00\x01",
    "that is not there": lambda lena: b"",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_content_in_no_way_that_gpg_writes_is_taken_as_alone_and_adds_nothing_to_the_next(
    what: str, keys: Keyring, encrypted: Callable[[bytes], bytes], lena_home: Home
) -> None:
    options = ("--no-literal", "--compress-algo", "none", "--encrypt", "--recipient", "Lena")
    hostile = lena_home.encrypt(HOSTILE[what](lena_home), *options)
    good = encrypted(b"good")

    def outcome(decrypt: Callable[[bytes], Plaintext]) -> object:
        try:
            return decrypt(hostile).reveal()
        except OcsError as error:
            return type(error)

    with keys.decrypting(4) as decrypt:
        for _ in range(2):
            assert outcome(decrypt) == outcome(keys.decrypt)
            assert decrypt(good).reveal() == b"good"


def test_what_holds_no_content_is_told_so(keys: Keyring, lena_home: Home) -> None:
    empty = lena_home.encrypt(
        b"", "--no-literal", "--compress-algo", "none", "--encrypt", "--recipient", "Lena"
    )
    with pytest.raises(OcsError, match="not one content"):
        keys.decrypt(empty)


def test_one_gpg_decrypts_many(
    keys: Keyring,
    encrypted: Callable[[bytes], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    messages = [encrypted(b"%d" % number) for number in range(MOST_MESSAGES)]
    calls = tmp_path / "calls"
    real = shutil.which("gpg")
    (tmp_path / "gpg").write_text(f'#!/bin/sh\necho "$*" >> {calls}\nexec {real} "$@"\n')
    (tmp_path / "gpg").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with keys.decrypting(len(messages)) as decrypt:
        assert [decrypt(each).reveal() for each in messages] == [
            b"%d" % number for number in range(MOST_MESSAGES)
        ]
    decrypting = [call for call in calls.read_text().splitlines() if "--decrypt" in call]
    assert len(decrypting) == 1


def test_left_early_it_ends_gpg(keys: Keyring, encrypted: Callable[[bytes], bytes]) -> None:
    with keys.decrypting(MOST_MESSAGES) as decrypt:
        assert decrypt(encrypted(b"x")).reveal() == b"x"
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def stand_in(folder: Path, text: str) -> str:
    """A program that is asked as gpg is, and knows where to tell its status."""
    program = folder / "gpg"
    program.write_text(
        f"#!{sys.executable}\nimport os, sys\nstatus = int(sys.argv[sys.argv.index('--status-fd') + 1])\n{text}\n"
    )
    program.chmod(0o700)
    return str(program)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("sys.exit(7)", 7),
        ("os.write(status, b'[GNUPG:] FILE_START 3 -&3\\n[GNUPG:] DECRYPTION_OKAY\\n')", -1),
        ("os.kill(os.getpid(), 9)", -9),
    ],
)
def test_where_gpg_ends_early_it_has_failed_at_this_message_and_at_the_next(
    text: str, status: int, tmp_path: Path
) -> None:
    program = Multifile([stand_in(tmp_path, text)], dict(os.environ), 5)
    try:
        for _ in range(2):
            told = program.decrypt(b"x" * 300_000)
            assert told.returncode == status
            assert told.failed
    finally:
        program.close()


def test_where_no_more_files_may_be_open_that_is_said_and_none_stays_open(
    keys: Keyring, encrypted: Callable[[bytes], bytes], at_most: Callable[[int], None]
) -> None:
    message = encrypted(b"x")
    with keys.decrypting(30) as decrypt:
        at_most(open_files() + 3)
        with pytest.raises(OcsError, match="too many files are open"):
            decrypt(message)


@pytest.fixture
def at_most() -> Iterator[Callable[[int], None]]:
    """Allows this process so many open files."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda many: resource.setrlimit(resource.RLIMIT_NOFILE, (many, before[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_left_early_it_does_not_wait_for_what_a_script_that_stands_for_gpg_has_begun(
    tmp_path: Path,
) -> None:
    script = tmp_path / "gpg"
    script.write_text(f'#!/bin/sh\n"{shutil.which("gpg")}" "$@"\nexit $?\n')
    script.chmod(0o700)
    program = Multifile([str(script), "--batch"], dict(os.environ), 5)
    assert program.decrypt(b"x").failed is False
    closing = threading.Thread(target=program.close, daemon=True)
    closing.start()
    closing.join(30)
    assert not closing.is_alive()
