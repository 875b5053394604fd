"""What gpg lists for programs (gnupg's doc/DETAILS, "Format of the colon listings")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from ocs.model.certificate import Certificate, Key, Subkey, UserId

_VALIDITY, _KEY_ID, _CREATED, _EXPIRES = 1, 4, 5, 6
_TEXT, _CLASS, _CAPABILITIES, _DIGEST = 9, 10, 11, 15
_REVOKED, _INVALID = "r", "i"
# Classes of the signatures by which a primary key speaks for a user id or a subkey.
_SPEAKS_FOR = re.compile("1[01238]")
Line = list[str]


def read_listing(listing: bytes, keys: Mapping[str, Key]) -> Iterator[Certificate]:
    """The certificates that gpg lists; *keys* are those that may be in them, by fingerprint.

    A key that gpg calls invalid, or that is none of *keys*, is left out.
    """
    block: list[Line] = []
    for text in listing.decode("utf-8", "replace").split("\n"):
        line = text.split(":")
        if line[0] == "pub" and block:
            yield from _certificate(block, keys)
            block = []
        if block or line[0] == "pub":
            block.append(line + [""] * 21)
    yield from _certificate(block, keys)


def _certificate(block: list[Line], keys: Mapping[str, Key]) -> Iterator[Certificate]:
    """The one certificate of a block that begins with a primary key, if it is valid."""
    parts = [part for part in _parts(block) if part[0][_VALIDITY] != _INVALID]
    own = [_subkey(part, keys) for part in parts if part[0][0] in ("pub", "sub")]
    if not parts or parts[0][0][0] != "pub" or own[0] is None:
        return
    names = [line for part in parts if (line := part[0])[0] == "uid"]
    yield Certificate(
        primary=own[0],
        subkeys=tuple(key for key in own[1:] if key is not None),
        user_ids=tuple(
            UserId(_text(line[_TEXT]), line[_VALIDITY] == _REVOKED) for line in names
        ),
        digests=frozenset(
            digest for part in parts for digest in _digest(part, own[0].key.key_id)
        ),
        signed=tuple(sorted(_signed(parts, own[0].key).items())),
    )


def _parts(block: list[Line]) -> Iterator[list[Line]]:
    """Each key and each user id with the lines that belong to it."""
    part: list[Line] = []
    for line in block:
        if line[0] in ("pub", "sub", "uid", "uat") and part:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _subkey(part: list[Line], keys: Mapping[str, Key]) -> Subkey | None:
    line = part[0]
    fingerprint = next((other[_TEXT] for other in part if other[0] == "fpr"), "")
    if fingerprint not in keys:
        return None
    capabilities = frozenset(letter for letter in line[_CAPABILITIES] if letter.islower())
    return Subkey(
        keys[fingerprint], capabilities, _day(line[_EXPIRES]), line[_VALIDITY] == _REVOKED
    )


def _digest(part: list[Line], primary: str) -> list[int]:
    """The digest of the newest signature by which the primary key speaks for this part."""
    if part[0][_VALIDITY] in (_REVOKED, "e"):
        return []
    signatures = _own_signatures(part, primary)
    return [max(signatures)[1]] if signatures else []


def _own_signatures(part: list[Line], primary: str) -> list[tuple[int, int]]:
    """Time and digest of the signatures by which the primary key speaks for this part."""
    return [
        (int(line[_CREATED]), int(line[_DIGEST]))
        for line in part
        if line[0] == "sig" and line[_VALIDITY] == "!" and line[_KEY_ID] == primary
        if _SPEAKS_FOR.match(line[_CLASS])
        and line[_CREATED].isdecimal()
        and line[_DIGEST].isdecimal()
    ]


def _signed(parts: list[list[Line]], primary: Key) -> dict[str, int]:
    """When the primary key last spoke for each key, by fingerprint; user ids are its own."""
    newest: dict[str, int] = {}
    for part in parts:
        is_subkey = part[0][0] == "sub"
        fingerprint = next((line[_TEXT] for line in part if line[0] == "fpr"), "")
        key = fingerprint if is_subkey else primary.fingerprint
        for created, _ in _own_signatures(part, primary.key_id):
            newest[key] = max(newest.get(key, 0), created)
    return newest


def _day(text: str) -> date | None:
    """The day of a time in seconds, or as 20261120T101500."""
    if not text:
        return None
    if "T" in text:
        return datetime.strptime(text[:8], "%Y%m%d").date()
    return datetime.fromtimestamp(int(text), UTC).date()


def _text(escaped: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), escaped)
