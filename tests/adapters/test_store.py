"""What an index, several of them, and kept reports answer; and which file they take for theirs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocs.adapters.store.criteria import Criteria
from ocs.adapters.store.database import place
from ocs.adapters.store.index import Basis, Index, Row, StoreUnusableError, as_text
from ocs.adapters.store.joined import Joined
from ocs.adapters.store.reports import ReportStore
from ocs.model.filereport import FileReport
from ocs.model.found import Source
from ocs.rules.fold import fold
from ocs.rules.search.searchable import Searchable

HERE, THERE = Source("here", ""), Source("there", "../there/")


def row(kind: str, id: str, title: str, *, formerly: str = "", broken: bool = False) -> Row:
    tree = None if broken else as_text({"name": title})
    once = [("formerly", formerly, as_text(("formerly", 0)))] if formerly else []
    words = Searchable(fold(title), "", "", "", "", "", "")
    facets = [("state", "active"), ("state", title)]
    return Row(f"{kind}/{id}.yaml", 1, kind, id, title, tree, words, once, (), facets)


def notes(folder: Path) -> Path:
    """The folder of what ocs knows of its files."""
    made = folder / "state"
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def index(*rows: Row) -> Index:
    made = Index.in_memory()
    made.stamps()
    assert made.update(rows, ())
    return made


@pytest.fixture
def two() -> Joined:
    here = index(
        row("person", "lena", "Lena", formerly="leni"),
        row("person", "bad", "", broken=True),
        row("org", "bad", "", broken=True),
    )
    there = index(
        row("person", "lena", "Lena of there"),
        row("org", "river", "River", formerly="brook"),
        row("person", "worse", "", broken=True),
    )
    return Joined([here, there], [HERE, THERE])


def test_a_record_is_of_the_first_registry_that_has_it(two: Joined) -> None:
    assert [(found.title, found.source) for found in two.find("lena", ["person"])] == [
        ("Lena", HERE)
    ]
    assert [(found.title, found.source) for found in two.find("river", ["org"])] == [
        ("River", THERE)
    ]
    assert two.find("river", ["person"]) == []
    assert [found.title for found in two.all("person") if found.tree] == [
        "Lena",
        "Lena of there",
    ]


def test_files_that_cannot_be_read_are_named_as_seen_from_here(two: Joined) -> None:
    assert two.unreadable(["person"]) == ("person/bad.yaml", "../there/person/worse.yaml")
    assert two.unreadable(["org"]) == ("org/bad.yaml",)


def test_values_are_counted_in_all_of_them(two: Joined) -> None:
    found = two.text.best(Criteria(("person", "org")), 10)
    counts = two.text.facet_counts([number for number, _ in found], ["state"])
    assert ("state", "active", 6) in counts
    assert ("state", "River", 1) in counts
    assert counts[0] == ("state", "active", 6)


@pytest.mark.parametrize(
    ("former", "found"), [("leni", ["lena"]), ("brook", ["river"]), ("lena", [])]
)
def test_a_record_is_found_by_the_id_that_it_had(
    two: Joined, former: str, found: list[str]
) -> None:
    kinds = ("person", "org")
    assert [record.id for record in two.once_called(former, kinds)] == found


@pytest.mark.parametrize(("kind", "tree"), [("person", "[1]"), ("nobody", "{}"), ("org", "{")])
def test_what_no_record_can_be_is_broken(kind: str, tree: str) -> None:
    made = index(row(kind, "lena", "Lena")._replace(tree=tree))
    with pytest.raises(StoreUnusableError) as raised:
        made.find("lena", [kind])
    assert raised.value.is_broken


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[ReportStore]:
    store = ReportStore.on_disk(tmp_path, tmp_path, 1, notes(tmp_path))
    yield store
    store.close()


def test_identifiers_are_given_back_by_their_digest(kept: ReportStore) -> None:
    assert kept.known("2026-11-20") == {}
    kept.keep([FileReport("a", under="d", before="~")], (), "d", {"lena": "person"})
    assert kept.names("d") == {"lena": "person"}
    assert kept.names("e") is None
    assert list(kept.known("2026-11-20")) == ["a"]


def test_what_two_days_are_between_holds_on_neither(kept: ReportStore) -> None:
    kept.known("2026-11-20")
    kept.keep([FileReport("a", after="2026-11-19", before="2026-11-21")], (), "d", {})
    days = ("2026-11-19", "2026-11-20", "2026-11-21")
    assert [list(kept.known(day)) for day in days] == [[], ["a"], []]


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_a_file_with_another_name_is_not_written(tmp_path: Path, suffix: str) -> None:
    theirs = tmp_path / "letter"
    theirs.write_bytes(b"mine")
    path = place(tmp_path, "judged", 1, tmp_path)
    os.link(theirs, path.with_name(path.name + suffix))
    ReportStore.on_disk(tmp_path, tmp_path, 1, notes(tmp_path)).close()
    assert theirs.read_bytes() == b"mine"
    assert theirs.stat().st_nlink == 1


def test_what_would_run_in_our_name_is_not_opened(tmp_path: Path) -> None:
    Index.on_disk(tmp_path, tmp_path, notes(tmp_path)).close()
    [path] = tmp_path.glob("index-*.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE VIEW strange AS SELECT 1")
    connection.close()
    Index.on_disk(tmp_path, tmp_path, notes(tmp_path)).close()
    with sqlite3.connect(path) as connection:
        strange = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
        assert strange.fetchall() == []
    connection.close()


def test_what_shows_that_nothing_changed_is_given_back() -> None:
    made = index(row("person", "lena", "Lena"))
    assert made.basis() is None
    basis = Basis("a" * 40, frozenset({"people/lena.yaml"}), {".git/index": 7, "gone": None})
    made.stamps()
    made.remember(basis)
    assert made.basis() == basis


@pytest.mark.parametrize("commit", ["--upload-pack=evil", "a" * 39, "main"])
def test_no_word_of_a_stranger_is_taken_for_a_commit(commit: str) -> None:
    made = index()
    made.stamps()
    made.remember(Basis(commit, frozenset(), {}))
    with pytest.raises(StoreUnusableError):
        made.basis()
