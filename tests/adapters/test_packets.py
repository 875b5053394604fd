"""The packet walk reads what gpg writes, and nothing that is not exactly a message or a certificate."""

from __future__ import annotations

import contextlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.packets import (
    as_text,
    certificates_in,
    read_certificate,
    read_message,
    without_recipients,
)
from ocs.adapters.packets.framing import Packet, walk
from ocs.errors import NotOpenPgpError, OcsError
from ocs.model.ciphertext import HIDDEN
from tests.gpg import KEYRINGS, Home, armored, home, needs_gpg, old_packet, packet

LENA, JOOST, KIM = "1111111111111111", "2222222222222222", "33333333AAAAAAAA"


def recipient(key_id: str, version: int = 3) -> bytes:
    return packet(1, bytes([version]) + bytes.fromhex(key_id) + b"\x01" + b"\x00\x08\xff")


def recipient_v6(key_version: int, fingerprint: str) -> bytes:
    named = bytes([key_version]) + bytes.fromhex(fingerprint)
    return packet(1, bytes([6, len(named)]) + named + b"\x19" + b"k" * 40)


DATA = packet(18, b"\x01" + b"x" * 50)
MESSAGE = recipient(LENA) + old_packet(1, recipient(JOOST)[6:]) + recipient(KIM) + DATA


def test_recipients_are_read_in_order_from_both_formats() -> None:
    message = read_message(MESSAGE)
    assert message.key_ids == (LENA, JOOST, KIM)
    assert (message.passphrases, message.data_tag, message.data_version) == (0, 18, 1)


def test_recipients_of_every_version_are_read() -> None:
    v4, v6 = "AB" * 12 + "0123456789ABCDEF", "FEDCBA9876543210" + "CD" * 24
    hidden = packet(1, bytes([6, 0, 25]) + b"k" * 40)
    message = read_message(
        recipient_v6(4, v4) + recipient_v6(6, v6) + hidden + packet(18, b"\x02" + b"x" * 50)
    )
    assert message.key_ids == ("0123456789ABCDEF", "FEDCBA9876543210", HIDDEN)
    assert [each.version for each in message.recipients] == [6, 6, 6]
    assert message.data_version == 2
    assert read_message(recipient(LENA) + packet(20, b"\x01xx")).data_tag == 20
    assert read_message(recipient(LENA) + packet(9, b"xx")).data_version is None
    assert read_message(recipient(LENA, 2) + DATA).key_ids == (LENA,)
    # The shortest that there may be.
    assert read_message(packet(1, bytes([3, *range(10)])) + DATA).key_ids == (
        "0001020304050607",
    )
    assert read_message(packet(1, b"\x06\x00\x19k") + DATA).key_ids == (HIDDEN,)


def test_passphrases_are_counted() -> None:
    for count in (1, 2):
        message = read_message(packet(3, b"\x04\x07") * count + recipient(LENA) + DATA)
        assert (message.passphrases, message.key_ids) == (count, (LENA,))


def test_partial_lengths_change_nothing_of_what_is_read() -> None:
    body = b"\x01" + bytes(range(256)) * 5
    whole = recipient(LENA) + packet(18, body)
    parts = b"\xd2" + b"\xe9" + body[:512] + b"\xe8" + body[512:768] + b"\xc1\x41" + body[768:]
    assert read_message(recipient(LENA) + parts) == read_message(whole)
    no_end = b"\xd2" + b"\xe9" + body[:512]
    with pytest.raises(NotOpenPgpError, match="cut short"):
        read_message(recipient(LENA) + no_end)


@pytest.mark.parametrize(
    ("head", "length"),
    [
        # The old format: lengths of one, two and four bytes.
        (b"\xb4\x05", 5),
        (b"\xb5\x01\x00", 256),
        (b"\xb6\x00\x00\x01\x00", 256),
        # The new one: the least and the most of one, of two, and of five bytes.
        (b"\xcd\x00", 0),
        (b"\xcd\xbf", 191),
        (b"\xcd\xc0\x00", 192),
        (b"\xcd\xdf\xff", 8383),
        (b"\xcd\xff\x00\x00\x00\x07", 7),
    ],
)
def test_a_packet_is_as_long_as_it_says(head: bytes, length: int) -> None:
    data = head + b"x" * length
    first, second = walk(data + packet(2, b"y"))
    assert first == Packet(13, 0, len(data), b"x" * length)
    assert (second.tag, second.start, second.body) == (2, len(data), b"y")
    for end in range(1, len(data)):
        with pytest.raises(NotOpenPgpError, match="cut short"):
            list(walk(data[:end]))


def test_data_in_parts_has_a_first_part_of_at_least_512_bytes() -> None:
    for first, is_read in ((0xE8, False), (0xE9, True)):
        data = bytes([0xD2, first]) + b"x" * (1 << (first & 0x1F)) + b"\x01y"
        with (
            contextlib.nullcontext()
            if is_read
            else pytest.raises(NotOpenPgpError, match="a part that is too small")
        ):
            (found,) = walk(data)
            assert found.body == b"x" * 512 + b"y"


def test_a_part_behind_the_first_may_be_one_byte() -> None:
    (found,) = walk(b"\xd2\xe9" + b"x" * 512 + b"\xe0y" + b"\x01z")
    assert found.body == b"x" * 512 + b"yz"


def test_no_more_is_looked_at_than_a_file_of_a_registry_or_a_project_has() -> None:
    for size, why in ((0, "has no type"), (1, "larger than 64 MiB")):
        with pytest.raises(NotOpenPgpError, match=why):
            list(walk(b"\x80" * (64 * 1024 * 1024 + size)))
    for size, why in ((0, "not OpenPGP data"), (1, "larger than 16 MiB")):
        with pytest.raises(NotOpenPgpError, match=why):
            read_message(b"x" * (16 * 1024 * 1024 + size))
    for size, why in ((0, "not OpenPGP data"), (1, "larger than 1024 KiB")):
        with pytest.raises(NotOpenPgpError, match=why):
            read_certificate(b"x" * (2 * 1024 * 1024 + size))


def test_data_of_open_length_goes_to_the_end() -> None:
    assert read_message(recipient(LENA) + b"\xa7" + b"x" * 50).data_tag == 9


def test_who_is_taken_out_is_out_and_the_rest_stays_byte_for_byte() -> None:
    without = without_recipients(MESSAGE, [JOOST])
    assert without == recipient(LENA) + recipient(KIM) + DATA
    assert read_message(without).content == read_message(MESSAGE).content
    twice = without_recipients(recipient(LENA) + MESSAGE, [LENA, KIM])
    assert read_message(twice).key_ids == (JOOST,)


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ([LENA, JOOST, KIM], "nobody could read this message"),
        (["4444444444444444"], "has no such recipient"),
        ([LENA, "4444444444444444"], "has no such recipient"),
    ],
)
def test_nobody_is_taken_out_who_is_not_there_or_the_last(gone: list[str], why: str) -> None:
    with pytest.raises(OcsError, match=why):
        without_recipients(MESSAGE, gone)


def test_a_hidden_recipient_cannot_be_taken_out() -> None:
    with pytest.raises(OcsError, match="no such recipient"):
        without_recipients(recipient(HIDDEN) + MESSAGE, [HIDDEN])


def test_armor_stays_armor_with_its_headers() -> None:
    text = armored("MESSAGE", MESSAGE).replace(b"\n\n", b"\nComment: by hand\n\n", 1)
    without = without_recipients(text, [JOOST])
    assert without.startswith(b"-----BEGIN PGP MESSAGE-----\nComment: by hand\n\n")
    assert read_message(without) == read_message(without_recipients(MESSAGE, [JOOST]))
    assert read_message(text.replace(b"\n", b"\r\n")) == read_message(MESSAGE)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not OpenPGP data"),
        (b"hunter2", "not OpenPGP data"),
        (b"\x00", "not OpenPGP data"),
        (DATA, "not an encrypted message with recipients"),
        (recipient(LENA), "tag 1 does not belong here"),
        (MESSAGE + recipient(LENA), "tag 18 does not belong here"),
        (MESSAGE + MESSAGE, "tag 18 does not belong here"),
        (packet(10, b"PGP") + MESSAGE, "tag 10 does not belong here"),
        (recipient(LENA) + packet(11, b"b\0\0\0\0\0hi"), "tag 11 does not belong here"),
        (packet(3, b"\x04\x07"), "tag 3 does not belong here"),
        (recipient(LENA, 9) + DATA, "damaged or of an unknown format"),
        (recipient(LENA, 1) + DATA, "damaged or of an unknown format"),
        (recipient(LENA, 4) + DATA, "damaged or of an unknown format"),
        (packet(1, bytes([3, *range(9)])) + DATA, "damaged or of an unknown format"),
        (packet(1, b"\x06\x00\x19") + DATA, "damaged or of an unknown format"),
        (packet(1, b"\x06\x15\x04" + b"k" * 19) + DATA, "damaged or of an unknown format"),
        (recipient_v6(4, "AB" * 32) + DATA, "damaged or of an unknown format"),
        (recipient_v6(6, "AB" * 20) + DATA, "damaged or of an unknown format"),
        (packet(1, b"") + DATA, "damaged or of an unknown format"),
        (recipient_v6(5, "AB" * 32) + DATA, "damaged or of an unknown format"),
        (recipient(LENA) + packet(18, b"\x07x"), "unknown version 7"),
        (recipient(LENA) + packet(18, b"\x03x"), "unknown version 3"),
        (recipient(LENA) + packet(20, b"\x02x"), "unknown version 2"),
        (recipient(LENA) + packet(18, b""), "unknown version 0"),
        (MESSAGE[:-1], "cut short"),
        (MESSAGE + b"\x00", "no OpenPGP packet begins at byte"),
        (b"\xc1", "cut short"),
        (b"\x80", "has no type"),
        (b"\x87" + b"x" * 20, "has no length"),
        (b"\xc1\xe9" + b"x" * 600, "has no length"),
        (recipient(LENA) + b"\xd2\xe1xx\x00", "a part that is too small"),
        (armored("PUBLIC KEY BLOCK", MESSAGE), "not an OpenPGP message"),
        (armored("MESSAGE", MESSAGE)[:-8], "armor is damaged"),
        (b"look:\n" + armored("MESSAGE", MESSAGE), "armor is damaged"),
        (armored("MESSAGE", MESSAGE) * 2, "armor is damaged"),
        (
            armored("MESSAGE", MESSAGE).replace(b"END PGP MESSAGE", b"END PGP SIGNATURE"),
            "BEGIN and END lines",
        ),
        (armored("MESSAGE", MESSAGE).replace(b"\n-----END", b"\n=AAAA\n-----END"), "checksum"),
        (
            armored("MESSAGE", MESSAGE).replace(b"\n\n", b"\n\nAB=\nAB==\n", 1),
            "armor is damaged",
        ),
    ],
)
def test_what_is_not_exactly_a_message_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(NotOpenPgpError) as refused:
        read_message(data)
    assert why in refused.value.message


@needs_gpg
def test_what_gpg_says_of_a_message_is_what_the_walk_says(lena_home: Home) -> None:
    (lena,) = lena_home.fingerprints()
    lenas = {key.key_id for key in read_certificate(lena_home.export(lena)).subkeys}
    for options in (
        ["--encrypt", "--recipient", lena],
        ["--encrypt", "--armor", "--recipient", lena],
        ["--encrypt", "--armor", "--emit-version", "--comment", "x", "--recipient", lena],
        ["--encrypt", "--symmetric", "--passphrase", "x", "--recipient", lena],
    ):
        message = read_message(lena_home.encrypt(b"hi" * 5000, *options))
        assert set(message.key_ids) == lenas, options
        assert (message.data_tag, message.passphrases) == (18, "--symmetric" in options)
    hidden = lena_home.encrypt(b"hi", "--encrypt", "--hidden-recipient", lena)
    assert read_message(hidden).recipients[0].is_hidden


@needs_gpg
def test_gpg_reads_what_is_left_when_somebody_is_taken_out(
    lena_home: Home, joost_home: Home
) -> None:
    (joost,), (lena,) = joost_home.fingerprints(), lena_home.fingerprints()
    (joosts,) = read_certificate(joost_home.export(joost)).subkeys
    with home() as other:
        other.gpg("--import", input=joost_home.export(joost) + lena_home.export(lena))
        both = other.encrypt(
            b"hi" * 9000, "--encrypt", "--recipient", lena, "--recipient", joost
        )
    left = without_recipients(both, [joosts.key_id])
    assert joost_home.gpg("--decrypt", input=both) == b"hi" * 9000
    assert lena_home.gpg("--decrypt", input=left) == b"hi" * 9000
    assert joost_home.gpg("--decrypt", input=left, check=False) == b""


@needs_gpg
def test_a_certificate_is_what_gpg_says_it_is(joost_home: Home, lena_home: Home) -> None:
    for owner in (joost_home, lena_home):
        (fingerprint,) = owner.fingerprints()
        outline = read_certificate(owner.export(fingerprint))
        assert read_certificate(owner.export(fingerprint, "--armor")) == outline
        assert read_certificate(as_text(outline.data)) == outline
        listed = [
            line.split(":")
            for line in owner.gpg("--with-colons", "--list-keys").decode().splitlines()
        ]
        assert [line[9] for line in listed if line[0] == "fpr"] == [
            key.fingerprint for key in (outline.primary, *outline.subkeys)
        ]
        assert outline.user_ids == 1
    assert (outline.primary.called, outline.subkeys[0].called) == ("EdDSA", "ECDH")
    assert (
        read_certificate(joost_home.export(joost_home.fingerprints()[0])).primary.called
        == "RSA with 2048 bits"
    )


@pytest.fixture(scope="module")
def certificate(lena_home: Home) -> bytes:
    return lena_home.export(lena_home.fingerprints()[0])


PRIMARY_V6 = packet(6, b"\x06" + b"\0" * 50)


@needs_gpg
@pytest.mark.parametrize(
    ("added", "why"),
    [
        (packet(12, b"\x02\x03"), "gpg's trust data"),
        (packet(5, b"\x04" + b"\0" * 30), "a secret key"),
        (packet(7, b"\x04" + b"\0" * 30), "a secret key"),
        (packet(17, b"\x10" + b"\0" * 30), "a picture"),
        (packet(11, b"b\0\0\0\0\0hi"), "tag 11"),
        (packet(21, b"padding"), "tag 21"),
        (packet(60, b"private"), "tag 60"),
        (packet(14, b"\x06" + b"\0" * 50), "version 6"),
        (packet(14, b"\x03" + b"\0" * 50), "version 3"),
        (packet(14, b""), "version 0"),
        (packet(14, b"\x04\0\0\0\0\x01\x04\0x"), "damaged"),
        (packet(14, b"\x04\0\0\0\0\x01" + b"\x08\0" + b"\0" * 256 + b"\0\x01\x01"), "damaged"),
        (packet(14, b"\x04" + b"\0" * 70_000), "damaged"),
        (packet(13, b"x") * 501, "more than 500 user ids"),
        (packet(2, b"x" * 1000) * 1100, "larger than 1024 KiB"),
        (b"\x00", "no OpenPGP packet"),
    ],
)
def test_what_a_certificate_may_not_hold_is_refused_in_words(
    added: bytes, why: str, certificate: bytes
) -> None:
    read_certificate(certificate)
    for data in (certificate + added, armored("PUBLIC KEY BLOCK", certificate + added)):
        with pytest.raises(NotOpenPgpError) as refused:
            read_certificate(data)
        assert why in refused.value.message


def key(algorithm: int, material: bytes) -> bytes:
    return b"\x04\0\0\0\x01" + bytes([algorithm]) + material


def number(bits: int) -> bytes:
    """A number of so many bits, as OpenPGP writes it."""
    return bits.to_bytes(2) + (1 << (bits - 1)).to_bytes((bits + 7) // 8)


PRIMARY = packet(6, key(22, b"k"))


@pytest.mark.parametrize(
    ("algorithm", "material", "called"),
    [
        (1, number(3071) + number(17), "RSA with 3071 bits"),
        (2, number(2048) + number(17), "RSA with 2048 bits"),
        (3, number(2048) + number(17), "RSA with 2048 bits"),
        (16, number(2048) + number(3) + number(2047), "Elgamal with 2048 bits"),
        (17, number(1024) + number(160) + number(9) + number(1000), "DSA with 1024 bits"),
        (18, b"k", "ECDH"),
        (19, b"k", "ECDSA"),
        (22, b"k", "EdDSA"),
        (25, b"k", "X25519"),
        (27, b"k", "Ed25519"),
        (99, b"k", "algorithm 99"),
    ],
)
def test_a_key_is_called_by_its_algorithm(
    algorithm: int, material: bytes, called: str
) -> None:
    assert read_certificate(packet(6, key(algorithm, material))).primary.called == called


@pytest.mark.parametrize(
    "material",
    [
        # Bytes too few or too many; a first number with fewer bits than it says, or more.
        number(2048),
        number(2048) + number(17)[:-1],
        number(2048) + number(17) + b"x",
        number(2048)[:2] + b"\x7f" + number(2048)[3:] + number(17),
        b"\x07\xff" + number(2048)[2:] + number(17),
        number(2048) + number(17) + number(17),
    ],
)
def test_a_key_of_which_the_numbers_are_not_as_they_say_is_damaged(material: bytes) -> None:
    with pytest.raises(NotOpenPgpError, match="a key in it is damaged"):
        read_certificate(packet(6, key(1, material)))


def test_a_key_has_at_least_its_algorithm_and_at_most_what_its_fingerprint_covers() -> None:
    for size, is_read in ((0, False), (1, True), (65_529, True), (65_530, False)):
        data = packet(6, key(22, b"k" * size))
        if is_read:
            assert read_certificate(data).primary.called == "EdDSA"
        else:
            with pytest.raises(NotOpenPgpError, match="a key in it is damaged"):
                read_certificate(data)


@pytest.mark.parametrize("added", [packet(13, b"x"), packet(14, key(18, b"k"))])
def test_a_certificate_has_at_most_500_user_ids_and_500_subkeys(added: bytes) -> None:
    outline = read_certificate(PRIMARY + added * 500)
    assert max(outline.user_ids, len(outline.subkeys)) == 500
    with pytest.raises(NotOpenPgpError, match="more than 500 user ids or subkeys"):
        read_certificate(PRIMARY + added * 501)


def test_a_certificate_has_at_most_1024_kib() -> None:
    room = 1024 * 1024 - len(PRIMARY) - len(packet(2, b""))
    assert read_certificate(PRIMARY + packet(2, b"x" * room)).user_ids == 0
    with pytest.raises(NotOpenPgpError, match="larger than 1024 KiB"):
        read_certificate(PRIMARY + packet(2, b"x" * (room + 1)))


def test_each_certificate_of_a_keyring_is_found() -> None:
    first, second = PRIMARY + packet(13, b"Lena"), packet(6, key(22, b"j")) + packet(13, b"J")
    assert list(certificates_in(first)) == [first]
    assert list(certificates_in(first + second)) == [first, second]
    assert list(certificates_in(armored("PUBLIC KEY BLOCK", first + second))) == [
        first,
        second,
    ]


@needs_gpg
def test_what_is_no_certificate_is_refused_in_words(
    certificate: bytes, lena_home: Home
) -> None:
    secret = lena_home.gpg("--export-secret-keys", lena_home.fingerprints()[0])
    for data, why in (
        (b"", "empty"),
        (b"\n", "not OpenPGP data"),
        (b"\x80", "has no type"),
        (armored("PUBLIC KEY BLOCK", b""), "empty"),
        (certificate * 2, "more than one certificate"),
        (certificate[:-3], "cut short"),
        (packet(13, b"x") + certificate, "does not begin with a public key"),
        (MESSAGE, "does not begin with a public key"),
        (armored("MESSAGE", certificate), "other OpenPGP data"),
        (armored("PRIVATE KEY BLOCK", secret), "a secret key"),
        (armored("PUBLIC KEY BLOCK", secret), "a secret key"),
        (secret, "a secret key"),
        (PRIMARY_V6, "only version 4"),
        (b"\x80" * 3_000_000, "larger than 1024 KiB"),
    ):
        with pytest.raises(NotOpenPgpError) as refused:
            read_certificate(data)
        assert why in refused.value.message


@pytest.mark.peers
@pytest.mark.parametrize(("name", "count"), [("debian", 800), ("archlinux", 100)])
def test_every_certificate_of_a_project_is_read_or_refused_in_words(
    name: str, count: int
) -> None:
    if not KEYRINGS[name].exists():
        pytest.skip(f"the keyring of {name} is not installed")
    certificates = list(certificates_in(KEYRINGS[name].read_bytes()))
    refused = []
    for data in certificates:
        try:
            assert read_certificate(data).data == data
        except NotOpenPgpError as error:
            refused.append(error.message)
    assert len(certificates) > count
    assert set(refused) <= {"it contains a picture"}


def mutated(data: bytes, seed: int) -> bytes:
    """The data with some bytes changed, taken out, doubled, or cut off."""
    choose = random.Random(seed)
    for _ in range(choose.randint(1, 4)):
        at = choose.randrange(len(data) + 1)
        length = choose.choice((1, 1, 2, 4, 30))
        new = (b"", choose.randbytes(length), data[at : at + length] * 2)[choose.randrange(3)]
        data = data[:at] + new + data[at + length :]
        if choose.random() < 0.1:
            data = data[:at]
    return data


@needs_gpg
@settings(max_examples=3000)
@given(which=st.integers(0, 4), seed=st.integers(0, 2**32))
def test_nothing_but_a_refusal_comes_of_a_mutated_file(
    which: int, seed: int, certificate: bytes
) -> None:
    original = (
        MESSAGE,
        armored("MESSAGE", MESSAGE),
        certificate,
        as_text(certificate),
        recipient(LENA) + DATA,
    )
    data = mutated(original[which], seed)
    for read in (read_message, read_certificate, lambda data: list(certificates_in(data))):
        with contextlib.suppress(NotOpenPgpError):
            read(data)
    try:
        left = without_recipients(data, [LENA])
    except OcsError:
        return
    assert LENA not in read_message(left).key_ids
    assert read_message(left).content == read_message(data).content


@given(st.binary(max_size=300))
def test_nothing_but_a_refusal_comes_of_any_bytes(data: bytes) -> None:
    for read in (read_message, read_certificate, lambda data: list(certificates_in(data))):
        for each in (data, b"\xc1" + data, armored("MESSAGE", data)):
            with contextlib.suppress(NotOpenPgpError):
                read(each)
