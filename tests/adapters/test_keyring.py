"""What gpg gets wrong, and what the keyring makes of it: every test asks the real gpg."""

from __future__ import annotations

import logging
import os
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gnupg
import pytest

from ocs.adapters.keyring import Keyring
from ocs.adapters.keyring.gpg import Gpg, GpgResult, find_program
from ocs.adapters.packets import read_certificate, read_message
from ocs.errors import KeyringError, NoSecretKeyError, NotOpenPgpError
from ocs.model.secret import Plaintext
from tests.conftest import ROOT
from tests.gpg import Home, forged_binding, home, needs_gpg, packet, packets

pytestmark = needs_gpg
TODAY = datetime.now(UTC).date()
SECRET = b"correct horse battery staple\n"
HOSTILE_CONF = "encrypt-to {0}\nthrow-keyids\nhidden-encrypt-to {0}\ndefault-recipient {0}\narmor\nrfc4880\n"


@pytest.fixture
def in_home(monkeypatch: pytest.MonkeyPatch) -> Callable[[Home], None]:
    """Makes a home the user's own."""
    return lambda home: monkeypatch.setenv("GNUPGHOME", home.path)


@pytest.fixture
def mallory() -> Iterator[Home]:
    with home() as made:
        made.make("Mallory")
        yield made


def keyring(*certificates: bytes, caches: tuple[Path, ...] = ()) -> Keyring:
    return Keyring([read_certificate(each) for each in certificates], TODAY, caches)


def certificate_of(home: Home) -> tuple[str, bytes]:
    fingerprint = home.fingerprints()[-1]
    return fingerprint, home.export(fingerprint)


def test_what_is_encrypted_is_read_by_everybody_it_is_for(
    lena_home: Home, joost_home: Home, in_home: Callable[[Home], None]
) -> None:
    (lena, lenas), (joost, joosts) = certificate_of(lena_home), certificate_of(joost_home)
    keys = keyring(lenas, joosts)
    message = keys.encrypt(Plaintext(SECRET), to=[lena, joost, lena])
    assert len(read_message(message).recipients) == 2
    for each in (lena_home, joost_home):
        in_home(each)
        assert keyring(lenas).decrypt(message) == Plaintext(SECRET)
    only = keys.encrypt(Plaintext(SECRET * 100_000), to=[joost])
    assert keyring(lenas).decrypt(only).reveal() == SECRET * 100_000
    in_home(lena_home)
    with pytest.raises(NoSecretKeyError, match="none of your keys belongs to its one reader"):
        keyring(lenas).decrypt(only)


def test_what_gpg_says_of_a_certificate_is_told(lena_home: Home) -> None:
    lena, lenas = certificate_of(lena_home)
    found = keyring(lenas).certificates[lena]
    assert [each.text for each in found.user_ids] == ["Lena <lena@x.example>"]
    assert (found.primary.capabilities, found.subkeys[0].capabilities) == ({"s", "c"}, {"e"})
    assert found.primary.expires is not None
    assert timedelta(364) <= found.primary.expires - TODAY <= timedelta(366)
    assert not found.primary.is_revoked
    assert found.digests <= {8, 9, 10}
    assert found.encrypting(TODAY) == found.subkeys
    assert found.encrypting(found.primary.expires) == ()


def test_a_forged_subkey_with_a_trust_packet_fools_gpg_and_not_the_keyring(
    mallory: Home, tmp_path: Path
) -> None:
    with home() as victims:
        victim = victims.make(
            "Victim", until="5y", options=("--faked-system-time", "20250101T000000!")
        )
        original = victims.export(victim)
    mallorys_key = next(
        whole for tag, whole in packets(certificate_of(mallory)[1]) if tag == 14
    )
    forged = original + mallorys_key + forged_binding(victim, int(time.time()))
    trust = bytes([0x80 | 12 << 2, 2, 0, 3])  # "this signature was verified, and is good"
    file = tmp_path / "keyring.gpg"
    file.write_bytes(forged + trust)
    by_gpg = mallory.encrypt(
        SECRET,
        "--no-default-keyring",
        "--keyring",
        str(file),
        "--encrypt",
        "--recipient",
        victim,
    )
    assert mallory.gpg("--decrypt", input=by_gpg) == SECRET  # so gpg alone gave it to Mallory
    with pytest.raises(NotOpenPgpError, match="gpg's trust data"):
        keyring(forged + trust)
    keys = keyring(forged)
    assert len(keys.certificates[victim].subkeys) == 1
    assert (
        mallory.gpg(
            "--decrypt", input=keys.encrypt(Plaintext(SECRET), to=[victim]), check=False
        )
        == b""
    )


def test_a_block_of_public_keys_may_hold_secret_ones_and_is_refused(lena_home: Home) -> None:
    from tests.gpg import armored

    secret = lena_home.gpg("--export-secret-keys", lena_home.fingerprints()[0])
    text = armored("PUBLIC KEY BLOCK", secret)
    with home() as fresh:
        fresh.gpg("--import", input=text)
        assert b"sec" in fresh.gpg("--list-secret-keys")  # so gpg alone took it
    with pytest.raises(NotOpenPgpError, match="secret key"):
        keyring(text)


def test_a_key_of_version_6_would_make_gpg_import_nothing_and_is_refused(
    lena_home: Home,
) -> None:
    _, lenas = certificate_of(lena_home)
    with pytest.raises(NotOpenPgpError, match="version 6"):
        keyring(lenas + packet(14, b"\x06" + b"\0" * 50))


def test_a_subkey_that_the_primary_key_does_not_speak_for_is_not_used(
    lena_home: Home, mallory: Home
) -> None:
    lena, lenas = certificate_of(lena_home)
    foreign = [whole for tag, whole in packets(certificate_of(mallory)[1]) if tag in (14, 2)][
        -2:
    ]
    found = keyring(lenas + b"".join(foreign)).certificates[lena]
    assert found == keyring(lenas).certificates[lena]


def test_a_certificate_that_takes_anothers_key_as_its_own_reads_nothing_of_theirs() -> None:
    with home() as lenas, home() as mallorys, home() as fresh:
        at = ("--faked-system-time", "20260101T000000!")
        lena = lenas.make("Lena", until="5y", options=at)
        mallory = mallorys.make("Mallory", until="5y", options=at)
        mallorys.take_as_subkey(mallory, lenas, lena, at)
        both = [mallorys.export(mallory), lenas.export(lena)]
        fresh.gpg("--import", input=mallorys.gpg("--export-secret-keys", mallory))
        fresh.gpg("--import", input=both[1], check=False)  # "doesn't match our copy"
        by_gpg = fresh.encrypt(SECRET, "--encrypt", "--recipient", lena)
        assert (
            fresh.gpg("--decrypt", input=by_gpg) == SECRET
        )  # so gpg alone gave it to Mallory
        for order in (both, both[::-1]):
            message = keyring(*order).encrypt(Plaintext(SECRET), to=[lena])
            assert lenas.gpg("--decrypt", input=message) == SECRET
            assert fresh.gpg("--decrypt", input=message, check=False) == b""


def test_a_certificate_without_a_signature_of_its_own_is_not_there(
    lena_home: Home, joost_home: Home
) -> None:
    lena, lenas = certificate_of(lena_home)
    joost, joosts = certificate_of(joost_home)
    bare = b"".join(whole for tag, whole in packets(joosts) if tag != 2)
    assert set(keyring(lenas, bare).certificates) == {lena}
    with pytest.raises(KeyringError, match=joost):
        keyring(lenas, bare).encrypt(Plaintext(SECRET), to=[lena, joost])


@pytest.fixture(scope="module")
def signers() -> Iterator[tuple[Home, dict[str, str]]]:
    """A home with keys that are good, revoked, and expired, and one with a subkey for signing."""
    with home() as made:
        long_ago = ("--faked-system-time", "20250101T000000!")
        names = {
            "good": made.make("Good"),
            "other": made.make("Other"),
            "expired": made.make("Expired", until="2025-02-01", options=long_ago),
            "revoked": made.make("Revoked"),
            "subkey": made.make("Subkey"),
        }
        made.gpg(
            "--passphrase", "", "--quick-add-key", names["subkey"], "ed25519", "sign", "1y"
        )
        yield made, names


TEXT = b"the text\n"


def verified(
    signers: tuple[Home, dict[str, str]], signature: bytes, by: list[str], data: bytes = TEXT
) -> str:
    home, names = signers
    keys = keyring(*[home.export(each) for each in names.values()])
    return keys.verify(signature, data, [names[name] for name in by])


def test_one_good_signature_of_somebody_expected_is_accepted(
    signers: tuple[Home, dict[str, str]],
) -> None:
    home, names = signers
    assert (
        verified(signers, home.sign(names["good"], TEXT), ["good", "other"]) == names["good"]
    )
    assert (
        verified(signers, home.sign(names["good"], TEXT, "--armor"), ["good"]) == names["good"]
    )
    # The primary fingerprint, also where a subkey signed.
    assert verified(signers, home.sign(names["subkey"], TEXT), ["subkey"]) == names["subkey"]


def test_a_signature_that_is_not_exactly_that_is_refused(
    signers: tuple[Home, dict[str, str]],
) -> None:
    home, names = signers
    good = home.sign(names["good"], TEXT)
    other = home.sign(names["other"], TEXT)
    cases = {
        "which was not expected": (good, ["other"], TEXT),
        "the signed data was changed": (good, ["good"], TEXT + b" "),
        "not exactly one good signature": (good + other, ["good", "other"], TEXT),
        "this kind of signature is not accepted": (
            home.sign(names["good"], TEXT, "--textmode", "--digest-algo", "SHA256"),
            ["good"],
            TEXT,
        ),
        "its digest is SHA-1": (
            home.sign(names["good"], TEXT, "--digest-algo", "SHA1"),
            ["good"],
            TEXT,
        ),
    }
    for why, (signature, by, data) in cases.items():
        with pytest.raises(KeyringError, match=why):
            verified(signers, signature, by, data)
    for rubbish in (b"", b"rubbish", good[:-5], home.export(names["good"]), TEXT):
        with pytest.raises(KeyringError, match="not exactly one good signature"):
            verified(signers, rubbish, ["good"])


def test_a_signature_of_a_digest_that_is_not_of_the_three_is_refused() -> None:
    with home() as other:
        fingerprint = other.make("Rsa", primary="rsa2048", subkey=None)
        keys = keyring(other.export(fingerprint))
        for digest in ("SHA256", "SHA384", "SHA512"):
            signature = other.sign(fingerprint, TEXT, "--digest-algo", digest)
            assert keys.verify(signature, TEXT, [fingerprint]) == fingerprint
        with pytest.raises(KeyringError, match="this kind of signature is not accepted"):
            keys.verify(
                other.sign(fingerprint, TEXT, "--digest-algo", "SHA224"), TEXT, [fingerprint]
            )


def test_gpg_ends_with_0_for_an_expired_and_a_revoked_signer_and_the_keyring_refuses(
    signers: tuple[Home, dict[str, str]], tmp_path: Path
) -> None:
    home, names = signers
    (tmp_path / "data").write_bytes(TEXT)
    expired = home.sign(names["expired"], TEXT, "--faked-system-time", "20250110T000000!")
    revoked = home.sign(names["revoked"], TEXT)
    home.revoke(names["revoked"])
    for signature, name, why in (
        (expired, "expired", "expired"),
        (revoked, "revoked", "revoked"),
    ):
        (tmp_path / "sig").write_bytes(signature)
        told = home.gpg(
            "--status-fd", "1", "--verify", str(tmp_path / "sig"), str(tmp_path / "data")
        )
        assert b"VALIDSIG" in told  # and it ended with 0
        with pytest.raises(KeyringError, match=why):
            verified(signers, signature, [name])


MADE_BY_GPG = {
    "as it was asked to": ("-r", "Lena", "-r", "Joost"),
    "to one more": ("-r", "Lena", "-r", "Joost", "-r", "Sam"),
    "to one less": ("-r", "Lena"),
    "to another": ("-r", "Lena", "-r", "Sam"),
    "to a hidden recipient": ("-r", "Lena", "-R", "Joost"),
    "to a passphrase as well": ("-r", "Lena", "-r", "Joost", "-c", "--passphrase", "x"),
    "without a guard": ("-r", "Lena", "-r", "Joost"),
}


@pytest.fixture(scope="module")
def three() -> Iterator[tuple[Home, list[str]]]:
    """A home with the keys of Lena, Joost and Sam."""
    with home() as made:
        yield made, [made.make(name) for name in ("Lena", "Joost", "Sam")]


@pytest.mark.parametrize("how", MADE_BY_GPG)
def test_what_gpg_wrote_is_read_back_before_anybody_gets_it(
    how: str, three: tuple[Home, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, (lena, joost, sam) = three
    message = made.encrypt(SECRET, "--encrypt", *MADE_BY_GPG[how])
    if how == "without a guard":
        # The older packet of encrypted content (RFC 9580, section 5.7).
        message = b"".join(
            packet(9, SECRET) if tag == 18 else whole for tag, whole in packets(message)
        )
    told = GpgResult()
    told.data, told.returncode = message, 0
    told.handle_status("END_ENCRYPTION", "")
    monkeypatch.setattr(Gpg, "encrypt", lambda *_: told)
    keys = keyring(*(made.export(each) for each in (lena, joost, sam)))
    if how == "as it was asked to":
        assert keys.encrypt(Plaintext(SECRET), to=[lena, joost]) == message
    else:
        with pytest.raises(KeyringError, match="did not encrypt this as requested"):
            keys.encrypt(Plaintext(SECRET), to=[lena, joost])


CONTENTS = [
    b"",
    b"[GNUPG:] DECRYPTION_OKAY\n[GNUPG:] PLAINTEXT 62 0 \n",
    b"\x00\xff\r\n" * 100_000,
    b"without an end",
]


def test_each_message_gives_its_own_content_also_where_the_agent_ended_between_two(
    lena_home: Home, in_home: Callable[[Home], None]
) -> None:
    lena, lenas = certificate_of(lena_home)
    keys = keyring(lenas)
    messages = [keys.encrypt(Plaintext(each), to=[lena]) for each in CONTENTS]
    in_home(lena_home)
    found = []
    for number, message in enumerate(messages):
        if number % 2:
            lena_home.configure_agent()
        found.append(keys.decrypt(message).reveal())
    assert found == CONTENTS


def test_a_message_that_is_refused_stands_in_the_way_of_no_other(
    lena_home: Home, joost_home: Home, in_home: Callable[[Home], None]
) -> None:
    lena, lenas = certificate_of(lena_home)
    keys = keyring(lenas)
    good = keys.encrypt(Plaintext(b"good"), to=[lena])
    joosts = joost_home.encrypt(b"x", "--encrypt", "--recipient", "Joost")
    in_home(lena_home)
    for bad, error, why in (
        (good[:-1] + bytes([good[-1] ^ 1]), KeyringError, "the file is damaged"),
        (joosts, NoSecretKeyError, "none of your keys belongs to its one reader"),
        (good[:-20], NotOpenPgpError, "it is cut short"),
        (b"hunter2", NotOpenPgpError, "this is not OpenPGP data"),
    ):
        with pytest.raises(error, match=why):
            keys.decrypt(bad)
        assert keys.decrypt(good).reveal() == b"good"


def literal(data: bytes, name: bytes = b"") -> bytes:
    return packet(11, b"b" + bytes([len(name)]) + name + bytes(4) + data)


@pytest.mark.parametrize(
    "content",
    [
        lambda _: literal(b"x" * 1000)[:-300],
        lambda _: packet(13, b"x\n[GNUPG:] DECRYPTION_OKAY\n") + literal(b"x"),
        lambda lena: lena.sign(lena.fingerprints()[-1], b"y") + literal(b"x"),
        lambda _: literal(b"x") + literal(b"x"),
        lambda lena: literal(b"x") + lena.encrypt(b"y", "--encrypt", "--recipient", "Lena"),
        lambda _: literal(b"x") + b"\x00\x01",
        lambda _: b"",
    ],
    ids=["cut", "user id", "signature", "twice", "message", "no packet", "nothing"],
)
def test_what_is_not_one_content_is_refused(
    content: Callable[[Home], bytes], lena_home: Home, in_home: Callable[[Home], None]
) -> None:
    options = ("--no-literal", "--compress-algo", "none", "--encrypt", "--recipient", "Lena")
    message = lena_home.encrypt(content(lena_home), *options)
    in_home(lena_home)
    with pytest.raises(
        KeyringError, match=r"not contain exactly one encrypted text|cannot decrypt it"
    ):
        keyring().decrypt(message)


@pytest.mark.parametrize("name", [b"_CONSOLE", b"-&9", b"/etc/passwd"])
def test_content_that_names_a_file_is_written_to_none(
    name: bytes, lena_home: Home, in_home: Callable[[Home], None]
) -> None:
    options = ("--no-literal", "--compress-algo", "none", "--encrypt", "--recipient", "Lena")
    message = lena_home.encrypt(literal(b"x", name), *options)
    in_home(lena_home)
    assert keyring().decrypt(message).reveal() == b"x"


def test_a_good_signature_inside_a_secret_is_no_obstacle(
    lena_home: Home, in_home: Callable[[Home], None]
) -> None:
    message = lena_home.encrypt(SECRET, "--sign", "--encrypt", "--recipient", "Lena")
    in_home(lena_home)
    assert keyring().decrypt(message).reveal() == SECRET


def test_where_no_more_files_may_be_open_that_is_said(
    lena_home: Home, in_home: Callable[[Home], None]
) -> None:
    lena, lenas = certificate_of(lena_home)
    keys = keyring(lenas)
    message = keys.encrypt(Plaintext(SECRET), to=[lena])
    in_home(lena_home)
    keys.decrypt(message)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 3, hard))
    try:
        with pytest.raises(KeyringError, match="too many files are open"):
            keys.decrypt(message)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert keys.decrypt(message).reveal() == SECRET


def test_an_encryption_that_could_not_be_written_is_no_success(lena_home: Home) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    lena, lenas = certificate_of(lena_home)
    keys = keyring(lenas)
    keys.encrypt(Plaintext(SECRET), to=[lena])
    plain = gnupg.GPG(gnupghome=str(keys._home), options=["--trust-model", "always"])
    full = ["--output", "/dev/full", "--yes"]
    by_python_gnupg = plain.encrypt(SECRET, [lena], extra_args=full)
    assert by_python_gnupg.ok
    assert by_python_gnupg.returncode == 2
    told = keys._gpg._run(keys._gpg._gpg.encrypt, SECRET, [lena], extra_args=full)
    assert told.failed


def test_what_was_tampered_with_gives_no_plaintext(
    lena_home: Home, in_home: Callable[[Home], None]
) -> None:
    lena, lenas = certificate_of(lena_home)
    keys = keyring(lenas)
    message = bytearray(keys.encrypt(Plaintext(SECRET * 50), to=[lena]))
    message[-30] ^= 1
    in_home(lena_home)
    by_python_gnupg = gnupg.GPG(gnupghome=lena_home.path).decrypt(bytes(message))
    assert b"correct horse" in by_python_gnupg.data
    with pytest.raises(KeyringError, match="somebody changed it") as refused:
        keys.decrypt(bytes(message))
    assert "horse" not in repr(refused.value)


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}, {"LC_ALL": "C", "LANG": "C"}]
)
def test_a_locale_changes_nothing(
    locale: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    lena_home: Home,
    in_home: Callable[[Home], None],
) -> None:
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    in_home(lena_home)
    lena, lenas = certificate_of(lena_home)
    keys = keyring(lenas)
    everything = bytes(range(256)) + "ä€\u0085\u2028".encode()
    assert keys.decrypt(keys.encrypt(Plaintext(everything), to=[lena])).reveal() == everything


def test_gpg_conf_of_the_user_changes_nothing(
    mallory: Home, lena_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena, lenas = certificate_of(lena_home)
    Path(mallory.path, "gpg.conf").write_text(HOSTILE_CONF.format(mallory.fingerprints()[0]))
    mallory.gpg("--no-options", "--import", input=lenas)
    leaked = mallory.gpg(
        "--trust-model", "always", "--encrypt", "--recipient", lena, input=SECRET
    )
    assert len(read_message(leaked).recipients) > 1  # so gpg alone adds Mallory
    monkeypatch.setenv("GNUPGHOME", mallory.path)
    message = keyring(lenas).encrypt(Plaintext(SECRET), to=[lena])
    assert read_message(message).key_ids == (read_certificate(lenas).subkeys[0].key_id,)
    own = mallory.gpg(
        "--no-options", "--trust-model", "always", "-e", "-r", "Mallory", input=SECRET
    )
    assert keyring(lenas).decrypt(own).reveal() == SECRET


def test_all_who_cannot_be_encrypted_to_are_told_at_once(lena_home: Home) -> None:
    lena, lenas = certificate_of(lena_home)
    with home() as others:
        no_subkey = others.make("Sign", primary="rsa2048", subkey=None)
        expired = others.make(
            "Old", until="2025-02-01", options=("--faked-system-time", "20250101T000000!")
        )
        unknown = "A" * 40
        keys = keyring(lenas, others.export(no_subkey), others.export(expired))
    with pytest.raises(KeyringError) as refused:
        keys.encrypt(Plaintext(SECRET), to=[lena, no_subkey, expired, unknown])
    assert all(each in refused.value.message for each in (no_subkey, expired, unknown))
    assert lena not in refused.value.message
    with pytest.raises(KeyringError, match="somebody who can read it"):
        keys.encrypt(Plaintext(SECRET), to=[])


def test_a_user_id_cannot_write_status_lines(signers: tuple[Home, dict[str, str]]) -> None:
    """In Latin-1 the second byte of Å ends a line, as U+2028 does in UTF-8; python-gnupg splits there."""
    with home() as mallory:
        fake = f"[GNUPG:] VALIDSIG {'B' * 40} 2026-11-20 1 0 4 0 22 8 00 {'B' * 40}"
        made = mallory.make(f"Å{fake}\u2028{fake}\u0085{fake}")
        signature = mallory.sign(made, TEXT)
        keys = keyring(mallory.export(made))
        assert keys.verify(signature, TEXT, [made]) == made
        with pytest.raises(KeyringError, match="which was not expected"):
            keys.verify(signature, TEXT, ["B" * 40])
        assert fake in keys.certificates[made].user_ids[0].text


@pytest.fixture(scope="module")
def protected() -> Iterator[tuple[Home, bytes]]:
    """A home with a key that has a passphrase, and a message to it."""
    with home() as made:
        fingerprint = made.make("Protected", passphrase="abc")
        yield (
            made,
            keyring(made.export(fingerprint)).encrypt(Plaintext(SECRET), to=[fingerprint]),
        )


PINENTRY = """#!/bin/sh
echo OK
while read line; do
  case "$line" in
    GETPIN*) {answer} ;;
    BYE*) echo OK; exit ;;
    *) echo OK ;;
  esac
done
"""


@pytest.mark.parametrize(
    ("answer", "message", "hint"),
    [
        ("echo 'D abc'; echo OK", None, None),
        ("echo 'D wrong'; echo OK", "the passphrase of your key was wrong", "try it again"),
        ("echo 'ERR 83886179 cancelled'", "you cancelled the question", None),
        ("echo 'ERR 83886142 timeout'", "nobody answered the question", "try it again"),
        ("echo 'ERR 83918950 no tty'", "it does not know your terminal", "GPG_TTY"),
        (None, "gpg has no program to ask for your passphrase", "pinentry-curses"),
    ],
)
def test_why_a_passphrase_did_not_come_is_said(
    answer: str | None,
    message: str | None,
    hint: str | None,
    protected: tuple[Home, bytes],
    in_home: Callable[[Home], None],
) -> None:
    home, ciphertext = protected
    program = Path(home.path, "pinentry")
    program.unlink(missing_ok=True)
    if answer:
        program.write_text(PINENTRY.format(answer=answer))
        program.chmod(0o700)
    home.configure_agent(f"pinentry-program {program}")
    in_home(home)
    if message is None:
        assert keyring().decrypt(ciphertext).reveal() == SECRET
        return
    with pytest.raises(KeyringError, match=message) as refused:
        keyring().decrypt(ciphertext)
    assert (hint or "") in (refused.value.hint or "")
    assert not isinstance(refused.value, NoSecretKeyError)


def test_an_agent_that_cannot_be_started_is_said(
    mallory: Home, in_home: Callable[[Home], None]
) -> None:
    made, certificate = certificate_of(mallory)
    message = keyring(certificate).encrypt(Plaintext(SECRET), to=[made])
    mallory.configure_agent()
    listed = subprocess.check_output(
        ["gpgconf", "--homedir", mallory.path, "--list-dirs", "agent-socket"], text=True
    )
    Path(listed.strip(), "x").mkdir(parents=True)  # where the agent would listen
    in_home(mallory)
    with pytest.raises(
        KeyringError, match="cannot start gpg-agent, which keeps your keys"
    ) as refused:
        keyring(certificate).decrypt(message)
    assert "gpgconf --kill gpg-agent" in (refused.value.hint or "")


@pytest.mark.parametrize("data", [b"", b"hunter2", b"\x85\x01\x0c"])
def test_what_is_no_message_never_reaches_gpg(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NotOpenPgpError):
        keyring().decrypt(data)


def test_nobody_is_asked_for_a_passphrase_by_a_file(lena_home: Home) -> None:
    options = ["--encrypt", "--symmetric", "--passphrase", "x", "--recipient", "Lena"]
    for given in (options, ["--symmetric", "--passphrase", "x"]):
        with pytest.raises(KeyringError, match="passphrase"):
            keyring().decrypt(lena_home.encrypt(SECRET, *given))


def test_a_signature_inside_a_secret_is_told(
    lena_home: Home, in_home: Callable[[Home], None]
) -> None:
    with home() as other:
        other.make("Signer")
        other.gpg("--import", input=certificate_of(lena_home)[1])
        message = other.encrypt(SECRET, "--sign", "--encrypt", "--recipient", "Lena")
    in_home(lena_home)
    with pytest.raises(KeyringError, match="a signature that cannot be checked"):
        keyring().decrypt(message)


def test_without_gpg_it_is_said_how_to_get_it(
    lena_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena, lenas = certificate_of(lena_home)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(KeyringError, match="gpg is not installed") as refused:
        keyring(lenas).encrypt(Plaintext(SECRET), to=[lena])
    assert "apt install gnupg" in (refused.value.hint or "")


def test_a_program_in_the_current_folder_is_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gpg").write_text("#!/bin/sh\ntouch ran\n")
    (tmp_path / "gpg").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}:")
    assert find_program() == shutil.which("gpg", path=os.environ["PATH"].removeprefix(".:"))
    keyring().certificates  # noqa: B018
    assert not (tmp_path / "ran").exists()


def test_what_is_not_gpg_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gpg").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "gpg").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(KeyringError, match="cannot run gpg"):
        Gpg()
    (tmp_path / "gpg").write_text("#!/bin/sh\necho cfg:version:2.1.18\n")
    with pytest.raises(KeyringError, match="too old"):
        Gpg()


def test_no_plaintext_is_where_it_must_not_be(
    lena_home: Home,
    in_home: Callable[[Home], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in arguments, the environment, a log, a file, or what is shown of a value."""
    lena, lenas = certificate_of(lena_home)
    program = tmp_path / "bin" / "gpg"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n(echo "$@"; env) >> {tmp_path}/seen\nexec {find_program()} "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    in_home(lena_home)
    keys = keyring(lenas, caches=(tmp_path / "cache",))
    with caplog.at_level(logging.DEBUG):
        plaintext = keys.decrypt(keys.encrypt(Plaintext(SECRET), to=[lena]))
    assert plaintext.reveal() == SECRET
    assert "--decrypt" in (tmp_path / "seen").read_text()
    assert "--recipient" in (tmp_path / "seen").read_text()
    for folder in (tmp_path, Path(lena_home.path)):
        for file in folder.rglob("*"):
            assert not file.is_file() or b"horse" not in file.read_bytes(), file
    shown = [repr(plaintext), str(plaintext), f"{plaintext}", f"{[plaintext]!r}", caplog.text]
    assert not any("horse" in text for text in shown)
    for store in (pickle.dumps, lambda value: value.__reduce__()):
        with pytest.raises(TypeError):
            store(plaintext)
    assert not hasattr(plaintext, "__dict__")


def built(cache: Path) -> Path:
    (home,) = [each for each in cache.iterdir() if not each.name.startswith("being-made")]
    return home


def test_a_home_is_kept_and_asks_gpg_nothing_the_next_time(
    lena_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena, lenas = certificate_of(lena_home)
    caches = (tmp_path / ("a long way" * 15) / "keys",)  # no socket is needed in it
    first = keyring(lenas, caches=caches)
    assert first.certificates
    assert first.encrypt(Plaintext(SECRET), to=[lena])
    before = (built(caches[0]) / "pubring.kbx").read_bytes()
    monkeypatch.setenv("PATH", "/nonexistent")
    assert keyring(lenas, caches=caches).certificates == first.certificates
    assert (built(caches[0]) / "pubring.kbx").read_bytes() == before
    assert caches[0].stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in caches[0].rglob("*"))


def test_other_certificates_have_another_home(
    lena_home: Home, joost_home: Home, tmp_path: Path
) -> None:
    lena, lenas = certificate_of(lena_home)
    joost, joosts = certificate_of(joost_home)
    assert set(keyring(lenas, caches=(tmp_path / "keys",)).certificates) == {lena}
    assert set(keyring(lenas, joosts, caches=(tmp_path / "keys",)).certificates) == {
        lena,
        joost,
    }
    assert set(keyring(joosts, caches=(tmp_path / "keys",)).certificates) == {joost}
    assert len(list((tmp_path / "keys").iterdir())) == 3


BREAKS: dict[str, Callable[[Path], object]] = {
    "keys cut": lambda home: (home / "pubring.kbx").write_bytes(b"x"),
    "keys gone": lambda home: (home / "pubring.kbx").unlink(),
    "hash gone": lambda home: (home / "pubring.sha256").unlink(),
    "a file": lambda home: (shutil.rmtree(home), home.write_text("x")),
    "a link": lambda home: (shutil.rmtree(home), home.symlink_to("/tmp")),
    "empty": lambda home: (shutil.rmtree(home), home.mkdir(0o700)),
    "for all": lambda home: home.chmod(0o777),
    "listing cut": lambda home: next(home.glob("listing-*")).write_bytes(b"x"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_home_is_made_again(how: str, lena_home: Home, tmp_path: Path) -> None:
    lena, lenas = certificate_of(lena_home)
    cache = tmp_path / "keys"
    whole = keyring(lenas, caches=(cache,)).certificates
    BREAKS[how](built(cache))
    again = keyring(lenas, caches=(cache,))
    assert again.certificates == whole
    assert again.encrypt(Plaintext(SECRET), to=[lena])
    assert built(cache).stat().st_mode & 0o077 == 0


def test_another_keyring_in_the_place_of_ours_is_not_used(
    lena_home: Home, mallory: Home, tmp_path: Path
) -> None:
    lena, lenas = certificate_of(lena_home)
    cache, other = tmp_path / "keys", tmp_path / "other"
    keyring(lenas, caches=(cache,)).certificates  # noqa: B018
    keyring(certificate_of(mallory)[1], caches=(other,)).certificates  # noqa: B018
    target = built(cache)
    shutil.rmtree(target)
    built(other).rename(target)
    with pytest.raises(KeyringError, match=lena):
        keyring(lenas, caches=(cache,)).encrypt(Plaintext(SECRET), to=[lena])


def test_where_nothing_can_be_kept_it_works_all_the_same(
    lena_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lena, lenas = certificate_of(lena_home)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "file").write_text("x")
    keys = keyring(lenas, caches=(Path("/proc/nothing"), tmp_path / "file" / "x"))
    assert keys.encrypt(Plaintext(SECRET), to=[lena])
    assert list(tmp_path.glob("ocs-*"))
    del keys
    assert not list(tmp_path.glob("ocs-*"))


def test_a_full_disk_leaves_no_home_that_lacks_somebody(
    joost_home: Home, lena_home: Home, tmp_path: Path
) -> None:
    (lena, lenas), (joost, joosts) = certificate_of(lena_home), certificate_of(joost_home)
    for kibibytes in (4, 8, 12, 16, 24, 32, 48):
        full = tmp_path / f"full-{kibibytes}"
        full.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kibibytes}k", "tmpfs", str(full)]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("only root can have a disk that is full")
        try:
            for _ in range(2):
                keys = keyring(lenas, joosts, caches=(full / "keys",))
                assert set(keys.certificates) == {lena, joost}
                assert (
                    len(
                        read_message(
                            keys.encrypt(Plaintext(SECRET), to=[lena, joost])
                        ).recipients
                    )
                    == 2
                )
        finally:
            del keys
            subprocess.run(["umount", "--lazy", str(full)], check=True)


def test_a_certificate_that_gpg_does_not_take_is_not_kept_as_missing(
    lena_home: Home, joost_home: Home, tmp_path: Path
) -> None:
    lena, lenas = certificate_of(lena_home)
    bare = b"".join(whole for tag, whole in packets(certificate_of(joost_home)[1]) if tag != 2)
    assert set(keyring(lenas, bare, caches=(tmp_path / "keys",)).certificates) == {lena}
    assert list((tmp_path / "keys").iterdir()) == []


USE = """
import sys
from datetime import date
from pathlib import Path
from ocs.adapters.keyring import Keyring
from ocs.adapters.packets import read_certificate
from ocs.model.secret import Plaintext
outline = read_certificate(Path(sys.argv[1]).read_bytes())
keys = Keyring([outline], date.fromisoformat(sys.argv[3]), [Path(sys.argv[2])])
assert keys.encrypt(Plaintext(b"x"), to=[outline.fingerprint])
"""


def start(tmp_path: Path) -> subprocess.Popen[bytes]:
    arguments = [
        sys.executable,
        "-c",
        USE,
        str(tmp_path / "lena.asc"),
        str(tmp_path / "keys"),
        str(TODAY),
    ]
    return subprocess.Popen(arguments, cwd=ROOT)


def test_several_processes_at_once_agree_on_a_home(lena_home: Home, tmp_path: Path) -> None:
    (tmp_path / "lena.asc").write_bytes(certificate_of(lena_home)[1])
    assert [each.wait() for each in [start(tmp_path) for _ in range(4)]] == [0] * 4
    assert built(tmp_path / "keys")


def test_a_process_that_is_killed_leaves_nothing_in_the_way(
    lena_home: Home, tmp_path: Path
) -> None:
    (tmp_path / "lena.asc").write_bytes(certificate_of(lena_home)[1])
    for milliseconds in range(60, 260, 20):
        process = start(tmp_path)
        time.sleep(milliseconds / 1000)
        process.kill()
        process.wait()
    assert start(tmp_path).wait() == 0
    left = tmp_path / "keys" / "being-made-long-ago"
    left.mkdir()
    os.utime(left, (1, 1))
    shutil.rmtree(built(tmp_path / "keys"))
    assert start(tmp_path).wait() == 0
    assert not left.exists()


@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_any_umask_gives_a_home_that_works_and_is_private(
    umask: int, lena_home: Home, tmp_path: Path
) -> None:
    lena, lenas = certificate_of(lena_home)
    before = os.umask(umask)
    try:
        keys = keyring(lenas, caches=(tmp_path / "keys",))
        assert keys.encrypt(Plaintext(SECRET), to=[lena])
        with pytest.raises(KeyringError, match="not exactly one good signature"):
            keys.verify(b"x", b"y", [lena])
    finally:
        os.umask(before)
    modes = {oct(each.stat().st_mode & 0o777) for each in (tmp_path / "keys").rglob("*")}
    assert modes == {"0o700", "0o600"}


def test_what_other_people_signed_is_left_out(lena_home: Home, mallory: Home) -> None:
    lena, lenas = certificate_of(lena_home)
    mallory.gpg("--import", input=lenas)
    mallory.gpg("--passphrase", "", "--quick-sign-key", lena)
    signed = mallory.export(lena)
    assert len(signed) > len(lenas)
    assert keyring(signed).packets_of(lena) == lenas


def test_ten_thousand_user_ids_and_a_mebibyte_of_signatures_hold_nobody_up(
    lena_home: Home,
) -> None:
    lena, lenas = certificate_of(lena_home)
    with pytest.raises(NotOpenPgpError, match="more than 500 user ids"):
        keyring(lenas + packet(13, b"Mallory <m@x>") * 10_000)
    signature = next(whole for tag, whole in packets(lenas) if tag == 2)
    first = [whole for _, whole in packets(lenas)]
    flooded = b"".join(first[:3]) + signature * 6000 + b"".join(first[3:])
    assert len(flooded) > 800_000
    assert keyring(flooded).certificates[lena] == keyring(lenas).certificates[lena]
    with pytest.raises(NotOpenPgpError, match="larger than 1024 KiB"):
        keyring(flooded + signature * 4000)


def test_that_gpg_ended_with_0_is_not_enough() -> None:
    told = GpgResult(None)
    assert told.failed
    told.returncode = 0
    assert not told.failed
    told.handle_status("FAILURE", "encrypt 4294967295")
    assert told.failed
