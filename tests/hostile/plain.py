"""The registry that every hostile one begins as: small, sound, with a record of every kind."""

from __future__ import annotations

from pathlib import Path

from ocs.model.kinds import KINDS

# What takes time to read is not written more often than it takes to be seen.
_LARGE, _ANY = 500_000, 1 << 30

RECORDS = {
    "ocs.yaml": "name: Helping Hands\ngatekeepers: [{person: lena}, {person: joost}, {person: mirela}]\nthreshold: 2\n",
    "people/lena.yaml": "name: Lena Brandt\nstatus: active\n",
    "people/joost.yaml": "name: Joost\nstatus: active\n",
    "people/mirela.yaml": "name: Mirela\nstatus: active\n",
    "vetting/lena.yaml": "level: newcomer\nsince: 2026-01-10\nexpires: 2028-01-10\n",
    "orgs/river-house.yaml": "name: River House\nstatus: active\ngatekeepers: [lena, joost]\n",
    "communities/north.yaml": "name: North\nkind: team\nleads: [{person: lena, role: owner, since: 2025-01-01}]\n",
    "problems/mail-late.yaml": "title: Mail is late\nsymptoms: [{seen: The queue grows}]\n",
    "access/river-house/cloud.yaml": "purpose: root login\nreaders: [{person: lena, because: mends it, until: 2026-12-31}]\n",
    "secrets/river-house/cloud.gpg": "-----BEGIN PGP MESSAGE-----\n",
}


def plain(root: Path) -> None:
    """Write it into *root*."""
    for path, text in RECORDS.items():
        write(root, path, text)


def write(root: Path, path: str, content: str | bytes) -> Path:
    """Write a file and the folders on the way to it."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def everywhere(root: Path, content: str | bytes) -> None:
    """Write *content* as a record called `evil` of every kind but the registry's own; if large, of one or two."""
    for kind in KINDS:
        most = {"ocs": 0, "problem": _ANY, "community": _LARGE}.get(kind.name, _LARGE // 10)
        if len(content) < most:
            write(root, kind.file("evil/evil" if kind.owner_folders else "evil"), content)
