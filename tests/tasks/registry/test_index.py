"""Every answer is true for the files as they are now, whatever became of the index."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Entry, Files, read_schema
from ocs.adapters.store.index import Index, Row, StoreUnusableError
from ocs.adapters.workers import FEWEST, Spread
from ocs.errors import UnreadableError
from ocs.model.found import SearchAnswer
from ocs.model.kinds import KIND
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.index import ask, refresh
from ocs.tasks.registry.indexing import Indexer
from ocs.tasks.search.search import search
from ocs.workspace import Workspace

Write = Callable[[str], Files]
SCHEMAS = Schemas(read_schema)
TWO = """\
== people/lena.yaml
name: Lena Brandt
== problems/mail-late.yaml
title: Mail is late
symptoms: [{seen: The queue grows}]
solved_by: [lena]
"""


def rows(changed: Sequence[Entry], files: Files) -> Iterator[Row]:
    return filter(None, map(Indexer(files, SCHEMAS, time.time_ns()), changed))


def answer(
    files: Files, folder: Path, question: Callable[[Index], object] | None = None
) -> object:
    """What an index in *folder* answers; by default everything that it knows."""
    return ask(
        question or everything,
        [folder],
        files,
        lambda changed: rows(changed, files),
        notes=folder.parent / "notes",
    )


def everything(index: Index) -> object:
    records = {
        found.reference: found.tree
        for kind in ("person", "problem")
        for found in index.all(kind)
    }
    return records, index.ids(["person", "problem"])


def fresh(files: Files) -> object:
    """What an index tells that was made just now."""
    index = Index.in_memory()
    refresh(index, files, lambda changed: rows(changed, files))
    return everything(index)


def test_a_second_question_reads_no_file(write: Write, tmp_path: Path) -> None:
    files = write(TWO)
    for path in files.root.rglob("*.yaml"):
        os.utime(path)
    time.sleep(0.06)  # until the files have settled
    first = answer(files, tmp_path / "index")
    again = ask(
        everything,
        [tmp_path / "index"],
        files,
        lambda changed: pytest.fail(f"read {changed}"),
        notes=tmp_path / "notes",
    )
    assert again == first == fresh(files)


def test_edited_added_renamed_and_deleted_files_are_seen(write: Write, tmp_path: Path) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    steps: list[Callable[[], object]] = [
        lambda: (files.root / "people/lena.yaml").write_text("name: Lene Brandt\n"),
        lambda: (files.root / "people/joost.yaml").write_text("name: Joost\n"),
        lambda: (files.root / "people/lena.yaml").rename(files.root / "people/lene.yaml"),
        lambda: (files.root / "problems/mail-late.yaml").unlink(),
        lambda: (files.root / "people/joost.yaml").write_text("name: @joost\n"),
    ]
    for step in steps:
        step()
        assert answer(files, tmp_path / "index") == fresh(files)


def test_an_edit_that_changes_neither_size_nor_time_is_seen(
    write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    path = files.root / "people/lena.yaml"
    answer(files, tmp_path / "index")
    for name in ("Lene", "Lina", "Luna"):
        before = path.stat()
        path.write_text(f"name: {name} Brandt\n")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        found = answer(
            files, tmp_path / "index", lambda index: index.find("lena", ["person"])[0].title
        )
        assert found == f"{name} Brandt"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["write", "break", "delete", "rename", "ask"]),
            st.sampled_from(["lena", "joost", "mirela"]),
            st.sampled_from(["Ana", "Bo", "Cleo"]),
        ),
        max_size=12,
    )
)
def test_whatever_happens_the_index_tells_what_a_fresh_one_would(
    write: Write, tmp_path: Path, steps: list[tuple[str, str, str]]
) -> None:
    files = write(TWO)
    for step, id, name in steps:
        path = files.root / "people" / f"{id}.yaml"
        if step == "write":
            path.write_text(f"name: {name}\n")
        elif step == "break":
            path.write_text(f"name: {name}\nname: {name}\n")
        elif step == "delete":
            path.unlink(missing_ok=True)
        elif step == "rename" and path.exists():
            path.rename(path.with_name(f"{name.lower()}.yaml"))
        else:
            assert answer(files, tmp_path / "index") == fresh(files)
    assert answer(files, tmp_path / "index") == fresh(files)


def index_file(folder: Path) -> Path:
    (path,) = folder.glob("*.sqlite")
    return path


@pytest.mark.parametrize(
    "content", [b"", b"this is no database", b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_broken_index_is_made_anew(write: Write, tmp_path: Path, content: bytes) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    index_file(tmp_path / "index").write_bytes(content)
    assert answer(files, tmp_path / "index") == fresh(files)
    assert sqlite3.connect(index_file(tmp_path / "index")).execute(
        "SELECT count(*) FROM files"
    ).fetchone() == (3,)


def test_an_index_without_its_tables_gives_way(write: Write, tmp_path: Path) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    with sqlite3.connect(index_file(tmp_path / "index")) as broken:
        broken.execute("DROP TABLE mentions")
    assert (
        answer(
            files, tmp_path / "index", lambda index: len(index.mentions(["person"], "lena"))
        )
        == 1
    )


def test_a_locked_index_does_not_keep_anybody_waiting_for_ever(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    (files.root / "people/joost.yaml").write_text("name: Joost\n")
    holder = sqlite3.connect(index_file(tmp_path / "index"), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr("ocs.adapters.store.database.PATIENCE_SECONDS", 0.1)
    assert answer(files, tmp_path / "index") == fresh(files)
    holder.execute("ROLLBACK")


def test_where_nothing_can_be_written_the_index_is_in_memory(
    write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    assert answer(files, in_the_way / "index") == fresh(files)


def test_a_link_in_the_place_of_the_index_is_not_written_through(
    write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "index").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreUnusableError):
        Index.on_disk(tmp_path / "index", files.root, tmp_path / "notes")
    assert answer(files, tmp_path / "index") == fresh(files)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nobody_else_may_read_the_index(write: Write, tmp_path: Path) -> None:
    answer(write(TWO), tmp_path / "index")
    assert index_file(tmp_path / "index").stat().st_mode & 0o077 == 0


def test_two_registries_do_not_share_an_index(tmp_path: Path, write: Write) -> None:
    files = write(TWO)
    other = Files(tmp_path / "other")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "ocs.yaml").write_text("name: Other\n")
    assert answer(files, tmp_path / "index") != answer(other, tmp_path / "index")
    assert len(list((tmp_path / "index").glob("*.sqlite"))) == 2


def test_an_index_that_several_processes_make_is_the_same(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(
        TWO + "".join(f"== people/p{n:03}.yaml\nname: Person {n}\n" for n in range(FEWEST))
    )
    monkeypatch.setattr("ocs.adapters.workers._processes", lambda: 3)
    told: list[object] = []

    def counted(items: Any, what: str) -> Iterator[Any]:
        told.append(type(items))
        yield from items

    assert Workspace(files.root, counted).ask(everything) == fresh(files)
    assert told == [Spread]


def test_what_another_process_has_indexed_meanwhile_is_not_read_again(
    write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    for path in files.root.rglob("*.yaml"):
        os.utime(path)
    time.sleep(0.06)  # until the files have settled
    read: list[str] = []

    def read_after_another(changed: Sequence[Entry]) -> Iterator[Row]:
        answer(files, tmp_path / "index")
        return (
            read.append(entry.path) or row for entry in changed for row in rows([entry], files)
        )  # type: ignore[func-returns-value]

    assert ask(
        everything, [tmp_path / "index"], files, read_after_another, notes=tmp_path / "notes"
    ) == fresh(files)
    assert read == []


def test_many_processes_may_begin_the_index_at_once(write: Write) -> None:
    files = write(
        TWO + "".join(f"== people/p{n:03}.yaml\nname: Person {n}\n" for n in range(200))
    )
    command = [sys.executable, "-m", "ocs", "list", "people", "--json"]
    running = [
        subprocess.Popen(
            command, cwd=files.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(6)
    ]
    answers = [process.communicate() for process in running]
    assert {stderr for _, stderr in answers} == {b""}
    assert len({stdout for stdout, _ in answers}) == 1
    assert answers[0][0].count(b'"kind": "person"') == 202


def test_a_record_that_cannot_be_read_is_found_by_its_words(
    write: Write, tmp_path: Path
) -> None:
    files = write("== problems/queue-full.yaml\ntitle: @queue is full\n")
    found = answer(
        files, tmp_path / "i", lambda index: search(index, "full", [KIND["problem"]], 5)
    )
    assert isinstance(found, SearchAnswer)
    (result,) = found.results
    assert result.record.tree is None


def test_a_journal_that_somebody_put_there_is_not_played_back(
    write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    path = index_file(tmp_path / "index")
    for content in (b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\0" * 600, b""):
        path.with_name(f"{path.name}-journal").write_bytes(content)
        assert answer(files, tmp_path / "index") == fresh(files)
        assert not path.with_name(f"{path.name}-journal").exists()


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_what_is_no_plain_file_is_not_waited_for(
    suffix: str, write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    path = index_file(tmp_path / "index")
    place = path.with_name(path.name + suffix)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    assert answer(files, tmp_path / "index") == fresh(files)


def test_an_index_with_a_view_or_trigger_is_made_anew(write: Write, tmp_path: Path) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    with sqlite3.connect(index_file(tmp_path / "index")) as strange:
        strange.execute(
            "CREATE VIEW x AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c"
        )
    assert answer(files, tmp_path / "index") == fresh(files)
    with sqlite3.connect(index_file(tmp_path / "index")) as healed:
        assert healed.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'view'"
        ).fetchone() == (0,)


@pytest.mark.parametrize("tree", ["{!", "[1]", "7"])
def test_an_index_with_broken_fields_is_made_anew(
    tree: str, write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    with sqlite3.connect(index_file(tmp_path / "index")) as broken:
        broken.execute("UPDATE records SET tree = ?", (tree,))
    assert answer(files, tmp_path / "index") == fresh(files)


def test_folders_that_change_places_are_seen(write: Write, tmp_path: Path) -> None:
    files = write(
        "".join(
            f"== access/{owner}/login.yaml\npurpose: of {owner}\n" for owner in ("aa", "bb")
        )
    )
    title = lambda index: index.find("aa/login", ["access"])[0].title  # noqa: E731
    for owner in ("aa", "bb"):
        os.utime(files.root / "access" / owner / "login.yaml", (1, 1))
    assert answer(files, tmp_path / "index", title) == "of aa"
    for old, new in (("aa", "cc"), ("bb", "aa"), ("cc", "bb")):
        (files.root / "access" / old).rename(files.root / "access" / new)
    assert answer(files, tmp_path / "index", title) == "of bb"


def test_a_file_that_cannot_be_read_any_more_tells_nothing_old(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    (files.root / "people/lena.yaml").write_text("name: Somebody else\n")

    def refuse(path: str, most_bytes: int) -> bytes:
        raise UnreadableError(f"cannot read {path}: not permitted")

    monkeypatch.setattr(files, "read", refuse)
    assert (
        answer(files, tmp_path / "index", lambda index: index.find("lena", ["person"])[0].tree)
        is None
    )


def test_a_folder_that_cannot_be_listed_gives_no_answer_rather_than_half_of_one(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(TWO)
    listed = files._listed

    def refuse(folder: str) -> list[Entry]:
        if folder == "people":
            raise UnreadableError("cannot list people")
        return listed(folder)

    monkeypatch.setattr(files, "_listed", refuse)
    with pytest.raises(UnreadableError, match="cannot list people"):
        answer(files, tmp_path / "index")


def test_a_broken_index_of_which_not_even_the_complaint_can_be_read(
    write: Write, tmp_path: Path
) -> None:
    files = write(TWO)
    answer(files, tmp_path / "index")
    path = index_file(tmp_path / "index")
    broken = path.read_bytes().replace(b"CREATE TABLE files", b"CREATE\xb4TABLE files")
    assert broken != path.read_bytes()
    path.write_bytes(broken)
    assert answer(files, tmp_path / "index") == fresh(files)
