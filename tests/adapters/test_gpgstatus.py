"""What gpg says in its status lines decides; each of them that must be there, or must not, counts."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.keyring import Keyring, _signer
from ocs.adapters.keyring.failures import failure
from ocs.adapters.keyring.gpg import Gpg, _environment, secret_keys
from ocs.adapters.keyring.home import _sweep
from ocs.adapters.keyring.listing import read_listing
from ocs.adapters.keyring.result import GpgResult
from ocs.errors import KeyringError, NoSecretKeyError
from ocs.model.certificate import Key
from ocs.model.ciphertext import Message, Recipient
from ocs.model.secret import Plaintext
from tests.gpg import needs_gpg, packet

pytestmark = needs_gpg
FPR, OTHER = "A" * 40, "B" * 40
TODAY = date(2026, 11, 20)


def told(
    *lines: str, status: int | None = 0, stderr: str = "", data: bytes = b""
) -> GpgResult:
    made = GpgResult()
    made.returncode, made.stderr, made.data = status, stderr, data
    for line in lines:
        keyword, _, value = line.partition(" ")
        made.handle_status(keyword, value)
    return made


def valid(digest: str = "8", of_class: str = "00", signer: str = FPR) -> str:
    return f"VALIDSIG {FPR} 2026-11-20 1 0 4 0 22 {digest} {of_class} {signer}"


GOOD = ("NEWSIG", "GOODSIG x Ana", valid())


@pytest.mark.parametrize("digest", ["8", "9", "10"])
def test_one_good_signature_names_its_signer(digest: str) -> None:
    assert _signer(told("NEWSIG", "GOODSIG x Ana", valid(digest)), [FPR]) == FPR


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (told(*GOOD, status=2), "not exactly one good signature$"),
        (told(*GOOD, "FAILURE verify 1"), "not exactly one good signature$"),
        (told(*GOOD, "EXPKEYSIG x"), "signature: its key has expired"),
        (told(*GOOD, "REVKEYSIG x"), "signature: its key was revoked"),
        (told(*GOOD, "KEYREVOKED"), "signature: its key was revoked"),
        (told(*GOOD, "EXPSIG x"), "signature: it has expired"),
        (told(*GOOD, "BADSIG x"), "signature: the signed data was changed"),
        (told(*GOOD, "ERRSIG x"), "signature: its key is not in the registry"),
        (told(*GOOD, "NEWSIG"), "not exactly one good signature$"),
        (told(*GOOD[1:]), "not exactly one good signature$"),
        (told(*GOOD, valid()), "not exactly one good signature$"),
        (told(*GOOD[:2]), "not exactly one good signature$"),
        (told(GOOD[0], GOOD[2]), "not exactly one good signature$"),
        (told(*GOOD[:2], valid("2")), "this kind of signature is not accepted"),
        (told(*GOOD[:2], valid(of_class="01")), "this kind of signature is not accepted"),
        (told(*GOOD[:2], valid().rpartition(" ")[0]), "this kind of signature is not accepted"),
        (told(*GOOD[:2], valid(signer=OTHER)), f"by the key {OTHER}, which was not expected"),
    ],
)  # fmt: skip
def test_each_line_that_must_or_must_not_be_there_counts(answer: GpgResult, why: str) -> None:
    with pytest.raises(KeyringError, match=why):
        _signer(answer, [FPR])


def message(readers: int = 1) -> Message:
    return Message((Recipient("A" * 16, 3),) * readers, 0, 18, 1, "")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (told("ERROR pkdecrypt_failed 67108875"), "the passphrase of your key was wrong"),
        (told("ERROR pkdecrypt_failed 99"), "you cancelled"),
        (told("ERROR pkdecrypt_failed 198"), "you cancelled"),
        (told("ERROR pkdecrypt_failed 62"), "nobody answered"),
        (told("ERROR pkdecrypt_failed 85"), "no program to ask"),
        (told("ERROR pkdecrypt_failed 32870"), "does not know your terminal"),
        (told("ERROR pkdecrypt_failed 7", status=3), "cannot use your key: it ended with status 3"),
        (told("ERROR pkdecrypt_failed x", "BADMDC"), "the file is damaged"),
        (told("ERROR pkdecrypt_failed", "BADMDC"), "the file is damaged"),
        (told("ERROR other 11", "BADMDC"), "the file is damaged"),
        (told("NO_SECKEY x", stderr="gpg: can't connect to the agent: x"), "gpg-agent"),
        (told("NO_SECKEY x"), "none of your keys belongs to its one reader"),
        (told("NO_SECKEY x", "DECRYPTION_OKAY", status=2), "gpg cannot decrypt it"),
        (told("DECRYPTION_OKAY", "ERRSIG x"), "a signature that cannot be checked"),
        (told("DECRYPTION_OKAY", "BADSIG x"), "a signature that cannot be checked"),
        (told("ERRSIG x", status=2), "gpg cannot decrypt it"),
        (told("DECRYPTION_OKAY"), "not contain exactly one encrypted text"),
        (told("DECRYPTION_OKAY", status=2), "gpg cannot decrypt it: it ended with status 2"),
        (told(status=2, stderr="gpg: public key decryption failed: Odd\ngpg: last\n"), "decrypt it: Odd$"),
        (told(status=2, stderr="gpg: first\n\n[GNUPG:] X\n"), "decrypt it: first$"),
    ],
)  # fmt: skip
def test_why_gpg_could_not_decrypt_is_said(answer: GpgResult, why: str) -> None:
    with pytest.raises(KeyringError, match=why):
        raise failure(answer, message())


def test_how_many_readers_there_are_is_said() -> None:
    error = failure(told("NO_SECKEY x"), message(readers=2))
    assert isinstance(error, NoSecretKeyError)
    assert "none of your keys is among its 2 readers" in error.message


MESSAGE = packet(1, b"\x03" + b"\xaa" * 8 + b"\x01xx") + packet(18, b"\x01xx")
ONE = ("DECRYPTION_OKAY", "PLAINTEXT 62 0 ")


@pytest.mark.parametrize(
    ("answer", "is_read"),
    [
        (told(*ONE, data=b"x"), True),
        (told(*ONE, data=b"x", status=2), False),
        (told(*ONE, "DECRYPTION_OKAY", data=b"x"), False),
        (told(*ONE, "PLAINTEXT 62 0 ", data=b"x"), False),
        (told(ONE[0], data=b"x"), False),
        (told(ONE[1], data=b"x"), False),
    ],
)
def test_only_one_content_that_gpg_has_checked_is_read(
    answer: GpgResult, is_read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gpg, "decrypt", lambda *_: answer)
    if is_read:
        assert Keyring((), TODAY).decrypt(MESSAGE).reveal() == b"x"
    else:
        with pytest.raises(KeyringError):
            Keyring((), TODAY).decrypt(MESSAGE)


def test_a_message_that_a_passphrase_opens_as_well_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Gpg, "decrypt", lambda *_: told(*ONE, data=b"x"))
    for data in (
        packet(3, b"\x04\x07") + MESSAGE,
        packet(3, b"\x04\x07") + packet(18, b"\x01x"),
    ):
        with pytest.raises(KeyringError, match="encrypted with a passphrase"):
            Keyring((), TODAY).decrypt(data)


@pytest.mark.parametrize(
    "answer",
    [
        told("END_ENCRYPTION", data=MESSAGE, status=2),
        told(data=MESSAGE),
        told("END_ENCRYPTION", "INV_RECP 10 x", data=MESSAGE),
    ],
)
def test_an_encryption_that_gpg_did_not_end_well_is_given_to_nobody(
    answer: GpgResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Key("0" * 24 + "AA" * 8, "ECDH", None, TODAY)
    monkeypatch.setattr(Keyring, "_encrypting", lambda *_: [key])
    monkeypatch.setattr(Gpg, "encrypt", lambda *_: told("END_ENCRYPTION", data=MESSAGE))
    assert Keyring((), TODAY).encrypt(Plaintext(b"x"), [FPR]) == MESSAGE
    monkeypatch.setattr(Gpg, "encrypt", lambda *_: answer)
    with pytest.raises(KeyringError, match="gpg cannot encrypt this"):
        Keyring((), TODAY).encrypt(Plaintext(b"x"), [FPR])


LISTED = f"""\
tru:::
sec:u:255:22:X:1::::::
fpr:::::::::{FPR}:
ssb:u:255:18:Y:1::::::
fpr:::::::::{OTHER}:
sec:u:255:22:Z:1::::::
"""


def test_the_first_fingerprint_behind_a_secret_key_is_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert secret_keys(LISTED) == [FPR]
    assert secret_keys("") == []
    monkeypatch.setattr(Gpg, "run", lambda *_: told(data=LISTED.encode()))
    assert Keyring((), TODAY).own_keys() == {FPR}


ID, OTHER_ID = FPR[-16:], OTHER[-16:]
KEYS = {each: Key(each, "EdDSA", None, TODAY) for each in (FPR, OTHER)}


def listing(*lines: str) -> bytes:
    return "\n".join(
        (f"pub:u:255:22:{ID}:1:::u:::scESC:", f"fpr:::::::::{FPR}:", *lines)
    ).encode()


def sig(
    validity: str = "!",
    key: str = ID,
    made: str = "5",
    of_class: str = "13x",
    digest: str = "10",
) -> str:
    return f"sig:{validity}::22:{key}:{made}::::Ana:{of_class}::::{'':0}:{digest}:"


def test_a_certificate_is_read_as_gpg_lists_it() -> None:
    (found,) = read_listing(
        listing(
            "uid:u::::1::::Ana \\x3a:",
            sig(made="5", digest="8"),
            sig(made="9", digest="10"),
            "uid:r::::1::::Old:",
            sig(digest="2"),
            f"sub:u:255:18:{OTHER_ID}:1:1795132800:::::e:",
            f"fpr:::::::::{OTHER}:",
            sig(of_class="18x", digest="9"),
        ),
        KEYS,
    )
    assert [(each.text, each.is_revoked) for each in found.user_ids] == [
        ("Ana :", False),
        ("Old", True),
    ]
    assert found.digests == {10, 9}
    assert found.primary.key == KEYS[FPR]
    assert found.primary.capabilities == {"s", "c"}
    (subkey,) = found.subkeys
    assert (subkey.key, subkey.expires, subkey.is_revoked) == (
        KEYS[OTHER],
        date(2026, 11, 20),
        False,
    )


@pytest.mark.parametrize(
    "signature",
    [
        sig(validity="-"),
        sig(validity="?"),
        sig(key=OTHER_ID),
        sig(of_class="30x"),
        sig(of_class="14x"),
        sig(made=""),
        sig(digest=""),
        sig().replace("sig", "rev"),
    ],
)
def test_a_signature_that_does_not_speak_for_a_user_id_has_no_digest(signature: str) -> None:
    (found,) = read_listing(listing("uid:u::::1::::Ana:", signature), KEYS)
    assert found.digests == frozenset()


def test_what_is_invalid_or_unknown_is_not_in_the_certificate() -> None:
    (found,) = read_listing(
        listing(
            "uid:i::::1::::Ana:",
            f"sub:i:255:18:{OTHER_ID}:1:::::::e:",
            f"fpr:::::::::{OTHER}:",
        ),
        KEYS,
    )
    assert (found.user_ids, found.subkeys) == ((), ())
    assert list(read_listing(listing(), {})) == []
    assert list(read_listing(listing().replace(b"pub:u", b"pub:i"), KEYS)) == []
    assert list(read_listing(b"", KEYS)) == []
    second = listing().replace(FPR.encode(), OTHER.encode())
    assert [
        each.primary.key.fingerprint for each in read_listing(listing() + b"\n" + second, KEYS)
    ] == [FPR, OTHER]
    assert list(read_listing(f"fpr:::::::::{FPR}:\n".encode(), KEYS)) == []


@pytest.mark.parametrize(
    ("version", "is_taken"),
    [("2.2.16", False), ("2.2.17", True), ("2.3.0", True), ("1.4.23", False)],
)
def test_a_gpg_that_is_too_old_is_refused(
    version: str, is_taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "gpg"
    program.write_text(f"#!/bin/sh\necho cfg:version:{version}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    if is_taken:
        Gpg()
    else:
        with pytest.raises(KeyringError, match="this gpg is too old"):
            Gpg()


def test_certificates_that_gpg_cannot_tell_are_not_taken_for_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gpg = Gpg()
    for answer, is_listed, is_given in (
        (told(data=b"x"), True, True),
        (told(data=b"x", status=2), False, False),
        (told(), True, False),
    ):
        monkeypatch.setattr(Gpg, "run", lambda *_, answer=answer: answer)
        for ask, is_answered, why in (
            (gpg.listing, is_listed, "gpg cannot list the certificates"),
            (lambda: gpg.give_out(FPR), is_given, f"cannot export the certificate {FPR}"),
        ):
            if is_answered:
                assert ask() == answer.data
            else:
                with pytest.raises(KeyringError, match=why):
                    ask()


def test_gpg_knows_the_terminal_at_which_it_can_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPG_TTY", "/dev/pts/99")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    ours = _environment(None)
    assert (ours["GPG_TTY"], ours["LC_ALL"], "LANG" in ours) == (
        "/dev/pts/99",
        "C.UTF-8",
        False,
    )
    # In a home of ocs nobody is asked.
    assert "GPG_TTY" not in _environment("/home/of/ocs")
    monkeypatch.delenv("GPG_TTY")

    def only_two(stream: int) -> str:
        if stream != 2:
            raise OSError
        return "/dev/pts/2"

    monkeypatch.setattr(os, "ttyname", only_two)
    assert _environment(None)["GPG_TTY"] == "/dev/pts/2"
    monkeypatch.setattr(os, "ttyname", lambda _: only_two(0))
    assert "GPG_TTY" not in _environment(None)


def test_old_homes_and_those_that_were_abandoned_are_swept_away(tmp_path: Path) -> None:
    homes = [f"home-{number:02}" for number in range(21)]
    newest = 1_000_020
    for at, name in enumerate(homes):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 1_000_000 + at))
    for name, age in (("being-made-1", 3600), ("being-made-2", 3601)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, newest - age))
    # It was used long ago, and is one of the twenty all the same.
    os.utime(tmp_path / homes[1], (0, newest - 90_000))
    os.utime(tmp_path / homes[0], (0, newest - 90_001))
    _sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["being-made-1", *homes[1:]]
