"""A registry with many secrets, each with many readers: packets made by hand, which nobody can decrypt."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

from ocs.adapters.packets import as_text, read_certificate

_DAY = "2026-11-20"


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4) + body


def _key(tag: int, number: int) -> bytes:
    """An elliptic key that is none, with an own fingerprint."""
    body = b"\x04" + (1_700_000_000 + number).to_bytes(4) + b"\x16" + number.to_bytes(60)
    return _packet(tag, body)


def certificate(person: int) -> bytes:
    return _key(6, 2 * person) + _packet(13, b"Person %d" % person) + _key(14, 2 * person + 1)


def message(key_ids: list[str], content: bytes) -> bytes:
    readers = [_packet(1, b"\x03" + bytes.fromhex(key_id) + b"\x12" + bytes(90)) for key_id in key_ids]
    return b"".join(readers) + _packet(18, b"\x01" + content)


def write_secrets(root: Path, secrets: int = 1000, readers: int = 10, owners: int = 20) -> None:
    """A registry at *root* in which every ciphertext is as its record says."""
    chance = random.Random(0)
    people = [f"person-{number}" for number in range(40)]
    outlines = [read_certificate(certificate(number)) for number in range(len(people))]
    gatekeepers = range(2)
    files: dict[str, bytes] = {
        f"keys/{person}.asc": as_text(outline.data) for person, outline in zip(people, outlines, strict=True)
    }
    named = "".join(
        f"  - person: {people[each]}\n    key: {outlines[each].fingerprint}\n" for each in gatekeepers
    )
    files["ocs.yaml"] = f"name: Many\ngatekeepers:\n{named}".encode()
    ids = "".join(f"{outlines[each].fingerprint}\n" for each in gatekeepers).encode()
    files["secrets/.gpg-id"] = ids
    for person, outline in zip(people, outlines, strict=True):
        files[f"people/{person}.yaml"] = f"name: {person}\n".encode()
        files[f"vetting/{person}.yaml"] = f"level: known\nkey: {outline.fingerprint}\n".encode()
    for number in range(owners):
        files[f"orgs/org-{number}.yaml"] = (
            f"name: Org {number}\nsensitivity: low\n"
            f"gatekeepers: [{', '.join(people[each] for each in gatekeepers)}]\n"
        ).encode()
        files[f"secrets/org-{number}/.gpg-id"] = ids
    for number in range(secrets):
        name = f"org-{number % owners}/secret-{number}"
        others = chance.sample(range(2, len(people)), readers - len(gatekeepers))
        who = "".join(f"  - person: {people[each]}\n    because: needs it\n" for each in others)
        files[f"access/{name}.yaml"] = f"purpose: x\nrotated: {_DAY}\nreaders:\n{who}".encode()
        keys = [outlines[each].subkeys[0].key_id for each in (*gatekeepers, *others)]
        content = hashlib.sha512(str(number).encode()).digest() * 4
        files[f"secrets/{name}.gpg"] = message(keys, content)
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
