"""Mutates real messages and certificates, and lets the packet walk read them.

Run `python -m benchmarks.fuzz_packets [COUNT]`. Anything but an answer or a NotOpenPgpError is
a bug, and told with the seed that makes it again. Not part of `make bench`.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

from ocs.adapters.packets import (
    as_text,
    certificates_in,
    read_certificate,
    read_message,
    without_recipients,
)
from ocs.errors import NotOpenPgpError, OcsError

_KEYRING = Path("/usr/share/keyrings/archlinux.gpg")
_CERTIFICATES = Path(__file__).parent.parent / "tests" / "data" / "certificates"


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 255]) + len(body).to_bytes(4) + body


def originals() -> list[bytes]:
    """Messages in several forms, and certificates, armored and not."""
    recipients = b"".join(
        _packet(1, b"\x03" + bytes([number] * 8) + b"\x12" + b"k" * 60)
        for number in range(1, 6)
    )
    v6 = _packet(1, bytes([6, 33, 6]) + b"f" * 32 + b"\x19" + b"k" * 40)
    data = b"\xd2\xe9" + b"\x01" + b"x" * 511 + b"\x40" + b"y" * 64
    messages = [recipients + data, v6 + recipients + _packet(18, b"\x02" + b"x" * 90)]
    certificates = [path.read_bytes() for path in sorted(_CERTIFICATES.glob("*.asc"))]
    plain = [read_certificate(each).data for each in certificates]
    if _KEYRING.exists():
        plain += [each for each in certificates_in(_KEYRING.read_bytes()) if len(each) < 3000][
            :20
        ]
    return [*messages, *plain, *certificates, *(as_text(each) for each in plain[:3])]


def mutated(data: bytes, choose: random.Random) -> bytes:
    """The data with some of it changed, taken out, doubled, swapped or cut off."""
    for _ in range(choose.randint(1, 6)):
        at, length = choose.randrange(len(data) + 1), choose.choice((1, 1, 1, 2, 4, 8, 64))
        piece = data[at : at + length]
        new = (b"", choose.randbytes(length), piece * 2, piece[::-1], b"\xff" * length)[
            choose.randrange(5)
        ]
        data = data[:at] + new + data[at + length :]
    return data[: choose.randrange(len(data) + 1)] if choose.random() < 0.05 else data


def tried(data: bytes) -> str:
    """What the walk makes of it, in a word."""
    outcomes = []
    for read in (read_message, read_certificate, lambda each: list(certificates_in(each))):
        try:
            read(data)
            outcomes.append("read")
        except NotOpenPgpError:
            outcomes.append("refused")
    try:
        first = read_message(data).key_ids[:1]
        left = read_message(without_recipients(data, first))
        assert not set(first) & set(left.key_ids), "somebody is still in"
        assert left.content == read_message(data).content, "the content changed"
    except OcsError:
        pass
    return "read" if "read" in outcomes[:2] else "refused"


def main(count: int) -> None:
    every = originals()
    outcomes: Counter[str] = Counter()
    begin, slowest = time.perf_counter(), 0.0
    for seed in range(count):
        choose = random.Random(seed)
        data = mutated(choose.choice(every), choose)
        started = time.perf_counter()
        try:
            outcomes[tried(data)] += 1
        except Exception as error:  # noqa: BLE001  whatever it is, it is a bug to be told
            print(f"seed {seed}: {type(error).__name__}: {error}")
            outcomes["crashed"] += 1
        slowest = max(slowest, time.perf_counter() - started)
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(outcomes.items()))
    print(f"{count:,} mutations of {len(every)} files: {told}")
    print(f"{time.perf_counter() - begin:.0f} s, the slowest {slowest * 1000:.1f} ms")
    if outcomes["crashed"]:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
