"""A13 and A19: an index or judgements that ocs did not write so are made anew, without a word."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files, edition, read_schema
from ocs.adapters.store.index import Index
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.cached import with_judgements
from ocs.tasks.registry.index import ask
from ocs.tasks.registry.indexing import Indexer
from ocs.tasks.registry.validate import validate

SCHEMAS = Schemas(read_schema)
TODAY = date(2026, 11, 20)
LATER_NS = 4_000_000_000_000_000_000
DAMAGES = 400
RECORDS = """
== people/lena.yaml
name: Lena Brandt
== people/sam.yaml
name: Sam
formerly: [sam-t]
== problems/mail-late.yaml
title: Mail arrives hours late
symptoms:
  - seen: The queue grows.
solved_by: [lena]
"""
Write = Callable[[str], Files]


def searched(files: Files, aside: Path) -> object:
    """All that the index says."""

    def question(index: Index) -> object:
        records = [found for kind in ("person", "problem") for found in index.all(kind)]
        return (
            records,
            index.mentions(["person"], "lena"),
            index.once_called("sam-t", ["person"]),
        )

    return ask(
        question,
        [aside / "caches"],
        files,
        lambda changed: filter(None, map(Indexer(files, SCHEMAS, LATER_NS), changed)),
        now_ns=LATER_NS,
        notes=aside / "notes",
    )


def judged(files: Files, aside: Path) -> object:
    """All that is found, with what was kept."""
    return with_judgements(
        lambda kept: validate(files, SCHEMAS, TODAY, now_ns=LATER_NS, kept=kept),
        [aside / "caches"],
        files.root,
        edition(),
        aside / "notes",
    )


ASKED = {"index": searched, "judged": judged}


@pytest.fixture
def files(write: Write) -> Files:
    found = write(RECORDS)
    (found.root / "problems/bad.yaml").write_text("titel: x\n")
    return found


def cache(aside: Path, what: str) -> Path:
    (path,) = (aside / "caches").glob(f"{what}-*.sqlite")
    return path


@pytest.mark.parametrize("what", ["index", "judged"])
def test_a19_random_damages_change_no_answer(what: str, files: Files, in_memory: Path) -> None:
    chance = random.Random(7391)
    expected = ASKED[what](files, in_memory)
    whole = cache(in_memory, what).read_bytes()
    for _ in range(DAMAGES):
        file = cache(in_memory, what)
        data = bytearray(file.read_bytes())
        how = chance.randrange(6)
        at = chance.randrange(len(data))
        if how == 0:
            data = data[:at]
        elif how == 1:
            data[at : at + chance.randrange(1, 5000)] = b""
        elif how == 2:
            data[at:at] = chance.randbytes(chance.randrange(1, 100))
        else:
            # Where something is, so that it is no empty page that is damaged.
            filled = [at for at in range(0, len(data), 7) if data[at]]
            for place in chance.sample(filled, chance.randrange(1, 20)):
                data[place] ^= 1 << chance.randrange(8)
        file.write_bytes(data)
        if how == 5:
            file.with_name(f"{file.name}-wal").write_bytes(chance.randbytes(5000))
        assert ASKED[what](files, in_memory) == expected
    assert len(cache(in_memory, what).read_bytes()) == len(whole)


@pytest.mark.parametrize("what", ["index", "judged"])
def test_a13_what_came_with_the_repository_is_not_believed(
    what: str, files: Files, in_memory: Path
) -> None:
    expected = ASKED[what](files, in_memory)
    file = cache(in_memory, what)
    was = file.stat()
    kept = in_memory / "kept"
    shutil.copy2(file, kept)
    with sqlite3.connect(kept) as forged:
        if what == "index":
            forged.execute("UPDATE records SET tree = replace(tree, 'Lena', 'Evil')")
            forged.execute("UPDATE records SET title = 'Evil'")
        else:
            forged.execute("UPDATE files SET findings = '[]'")
    forged.close()
    for lay in (
        lambda: shutil.copy2(kept, file),
        lambda: kept.replace(file),
        lambda: shutil.rmtree(in_memory / "notes"),
    ):
        lay()
        os.utime(file, ns=(was.st_atime_ns, was.st_mtime_ns))
        assert ASKED[what](files, in_memory) == expected


@pytest.mark.parametrize("what", ["index", "judged"])
def test_what_ocs_wrote_is_believed(what: str, files: Files, in_memory: Path) -> None:
    expected = ASKED[what](files, in_memory)
    file = cache(in_memory, what)
    before = file.stat()
    for _ in range(3):
        assert ASKED[what](files, in_memory) == expected
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
