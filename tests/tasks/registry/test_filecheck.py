"""What was found before and is kept never changes what is found now."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Files, edition, read_schema
from ocs.adapters.overlay import Overlay
from ocs.adapters.store.database import StoreUnusableError
from ocs.adapters.store.reports import ReportStore
from ocs.model.filereport import days_alike, only_on
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.cached import with_judgements
from ocs.tasks.registry.validate import Report, validate
from tests.conftest import MEMORY, has_memory
from tests.rules.sound import SOUND

TODAY = date(2026, 11, 20)
SCHEMAS = Schemas(read_schema)
LATER_NS = 2**62  # everything has settled by then

PROBLEM = "title: Mail is late\nsymptoms: [{seen: Mail is late}]\n"
AHEAD = PROBLEM + "solved_on: 2026-11-20\nreview_by: 2026-11-22\n"
# What may stand in each file; None where it is not there.
CHOICES: dict[str, list[str | None]] = {
    "problems/mail-late.yaml": [
        None,
        PROBLEM,
        PROBLEM + "state: verified\n",
        PROBLEM + "solved_by: [lena, kim]\nrelated: [dns-wrong]\n",
        AHEAD,
        PROBLEM + "cause: the website of River House and of Kim Kimson\n",
        PROBLEM + "solved_by: [kim-kimson]\n",
        PROBLEM + "cause: |\n  the website of River\n  House\n",
        PROBLEM + "cause: the password is hunter2Xy!\n",
        PROBLEM.replace("\n", "\r\n"),
        "title: [\n",
        "titel: Mail\n",
    ],
    "problems/dns-wrong.yaml": [
        None,
        PROBLEM,
        PROBLEM + "formerly: [mail-late]\n",
        PROBLEM + "formerly: [dns]\n",
    ],
    "problems/third.yaml": [
        None,
        PROBLEM + "related: [dns, mail-late]\nsolved_by: [kim-kimson]\n",
    ],
    "problems/notes.txt": [None, "River House\n", "x"],
    "people/kim.yaml": [
        None,
        "name: Kim Kimson\n",
        "name: Kim\nformerly: [kim-kimson]\n",
        "name: [\n",
    ],
    "people/kim-kimson.yaml": [None, "name: Kim Kimson\n"],
    "people/lena.yaml": ["name: Lena\n", "name: Lena Brandt\naway_until: 2026-11-19\n"],
    "orgs/river.yaml": [
        "name: River House\n",
        "name: River House\nmay_be_named: yes\n",
        "name: Mail is Late\n",
        "name: Mail Late\n",
    ],
    "README.md": [None, "# We\n", "password: hunter2Xy!\n"],
}
STEPS = st.one_of(
    st.sampled_from([(path, text) for path, texts in CHOICES.items() for text in texts]),
    st.dates(date(2026, 11, 18), date(2026, 11, 24)).map(lambda day: ("", day)),
)


def lay_out(root: Path, text: str) -> None:
    for part in ("\n" + text.strip() + "\n").split("\n== ")[1:]:
        path, _, content = part.partition("\n")
        put(root, path, content)


def put(root: Path, path: str, text: str | None) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(text.encode())


@contextmanager
def registry() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=MEMORY if has_memory() else None))
    try:
        lay_out(folder / "registry", SOUND)
        yield folder / "registry"
    finally:
        shutil.rmtree(folder)


def again(root: Path, today: date, files: Files | None = None) -> Report:
    """What is found with the help of what was found before."""
    files = files or Files(root)
    return with_judgements(
        lambda kept: validate(files, SCHEMAS, today, now_ns=LATER_NS, kept=kept),
        [root.parent / "kept"],
        root,
        edition(),
        root.parent / "notes",
    )


@example(
    [
        (("problems/mail-late.yaml", AHEAD), True),
        (("", date(2026, 11, 18)), False),
        (("", date(2026, 11, 19)), False),
    ]
)
@settings(max_examples=150 if os.environ.get("CI") else 60)
@given(st.lists(st.tuples(STEPS, st.booleans()), min_size=1, max_size=12))
def test_what_is_kept_never_changes_what_is_found(
    steps: list[tuple[tuple[str, str | date | None], bool]],
) -> None:
    with registry() as root:
        today = TODAY
        again(root, today)
        for (path, what), is_written in steps:
            if isinstance(what, date):
                today = what
            else:
                draft = Overlay(Files(root), {path: what if what is None else what.encode()})
                assert again(root, today, draft) == validate(draft, SCHEMAS, today)
                if is_written:
                    put(root, path, what)
            assert again(root, today) == validate(Files(root), SCHEMAS, today)


def test_what_has_not_changed_is_not_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = Files.read

    def read(self: Files, path: str, most_bytes: int) -> bytes:
        judged.append(path)
        return real(self, path, most_bytes)

    monkeypatch.setattr(Files, "read", read)
    with registry() as root:
        first = again(root, TODAY)
        assert "problems/mail-late.yaml" in judged
        judged.clear()
        assert again(root, TODAY) == first
        assert judged == []
        put(root, "problems/other.yaml", PROBLEM)
        again(root, TODAY)
        assert judged == ["problems/other.yaml"]


def test_what_is_kept_of_a_web_token_holds_until_it_expires() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4IiwiZXhwIjoxODkzNDU2MDAwfQ.c2lnbmF0dXJlc2lnbmF0dXJl"  # till 2030-01-01
    with registry() as root:
        put(root, "README.md", f"{token}\n")
        for day, codes in ((1, ["leaked-secret"]), (2, []), (1, ["leaked-secret"])):
            found = again(root, date(2030, 1, day)).findings
            assert [each.code for each in found if each.place.file == "README.md"] == codes


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"password: hunter2Xy!\r\n", ["leaked-secret", "line-ends"]),
        (b"password: hunter2Xy!\r\n\0", []),
        (b"\0\npassword: hunter2Xy!\n", []),
        ("\ufeffpassword: hunter2Xy!\n".encode("utf-16-le"), ["leaked-secret"]),
        ("\ufeffpassword: hunter2Xy!\n".encode("utf-16-be"), ["leaked-secret"]),
    ],
    ids=["text", "ends with NUL", "begins with NUL", "UTF-16-LE", "UTF-16-BE"],
)
def test_a_file_with_nul_is_no_text_but_for_utf_16(data: bytes, codes: list[str]) -> None:
    with registry() as root:
        (root / "README.md").write_bytes(data)
        found = validate(Files(root), SCHEMAS, TODAY).findings
        assert sorted(each.code for each in found if each.place.file == "README.md") == codes


def test_new_names_are_looked_for_in_what_is_kept_and_in_its_ids() -> None:
    with registry() as root:
        again(root, TODAY)
        put(root, "orgs/late.yaml", "name: Mail Late\n")
        found = [
            each
            for each in again(root, TODAY).findings
            if each.code == "names-an-organisation"
        ]
        assert [each.place.file for each in found] == ["problems/mail-late.yaml"]


def test_the_same_bytes_with_another_time_are_known_again() -> None:
    with registry() as root:
        again(root, TODAY)
        for path in root.rglob("*.yaml"):
            os.utime(path, ns=(1, 1))
        kept = ReportStore.on_disk(
            root.parent / "kept", root, edition(), root.parent / "notes"
        )
        before = {path: row.digest for path, row in kept.known(str(TODAY)).items()}
        assert again(root, TODAY) == validate(Files(root), SCHEMAS, TODAY)
        after = kept.known(str(TODAY))
        assert {path: row.digest for path, row in after.items()} == before
        assert all(row.stamp for row in after.values())


def test_a_file_that_has_just_changed_is_looked_at_again() -> None:
    with registry() as root:
        again(root, TODAY)
        path = root / "problems/mail-late.yaml"
        path.write_text(PROBLEM)
        now = path.stat().st_ctime_ns
        with_kept = [
            with_judgements(
                lambda kept: validate(Files(root), SCHEMAS, TODAY, now_ns=now, kept=kept),
                [root.parent / "kept"],
                root,
                edition(),
                root.parent / "notes",
            )
        ]
        path.write_text(PROBLEM.replace("title", "titel"))
        os.utime(path, ns=(now, now))
        assert again(root, TODAY) != with_kept[0]


@pytest.mark.parametrize(
    "what", ["garbage", "empty", "folder", "link", "other tables", "broken rows"]
)
def test_something_else_in_the_place_of_what_is_kept_harms_nothing(what: str) -> None:
    with registry() as root:
        put(root, "problems/bad.yaml", "titel: x\n")
        expected = again(root, TODAY)
        (file,) = (root.parent / "kept").glob("judged-*.sqlite")
        if what == "garbage":
            file.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
        elif what == "empty":
            file.write_bytes(b"")
        elif what == "folder":
            file.unlink()
            file.mkdir()
        elif what == "link":
            elsewhere = root.parent / "elsewhere"
            file.rename(elsewhere)
            file.symlink_to(elsewhere)
        else:
            with sqlite3.connect(file) as connection:
                if what == "other tables":
                    connection.execute("DROP TABLE files")
                    connection.execute("CREATE TABLE files (path, stamp)")
                else:
                    connection.execute("UPDATE files SET tree = '[', findings = '{}'")
            connection.close()
        assert again(root, TODAY) == expected
        assert again(root, TODAY) == expected


def test_what_other_rules_found_does_not_count() -> None:
    with registry() as root:
        again(root, TODAY)
        folder = root.parent / "kept"
        assert ReportStore.on_disk(folder, root, edition(), root.parent / "notes").known(
            str(TODAY)
        )
        assert not ReportStore.on_disk(
            folder, root, edition() ^ 1, root.parent / "notes"
        ).known(str(TODAY))


def test_what_is_kept_elsewhere_while_the_registry_may_not_be_written() -> None:
    with registry() as root:
        folders = [
            root / "problems/mail-late.yaml",
            root.parent / "cache",
        ]  # no folder can be below a file

        def ask(kept: ReportStore | None) -> Report:
            assert kept is not None
            return validate(Files(root), SCHEMAS, TODAY, now_ns=LATER_NS, kept=kept)

        assert with_judgements(
            ask, folders, root, edition(), root.parent / "notes"
        ) == validate(Files(root), SCHEMAS, TODAY)
        assert list((root.parent / "cache").iterdir())


def test_what_cannot_be_kept_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreUnusableError("disk full")

    monkeypatch.setattr(ReportStore, "keep", fail)
    with registry() as root:
        assert again(root, TODAY) == validate(Files(root), SCHEMAS, TODAY)


def many(root: Path, count: int = 1500) -> None:
    lay_out(root, SOUND)
    for number in range(count):
        put(
            root,
            f"problems/number-{number}.yaml",
            PROBLEM + f"related: [number-{number * 7 % count}]\n",
        )
    put(root, "problems/wrong.yaml", "titel: x\n")


def start(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ocs", "validate", "--json", "--on", str(TODAY)]
    return subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_at_once_and_one_that_is_killed_find_the_same(tmp_path: Path) -> None:
    root = tmp_path / "registry"
    many(root)
    expected = start(root).communicate()[0]
    assert '"code": "unknown-field"' in expected
    for round in range(8):
        for number in range(round, 1500, 50):
            put(root, f"problems/number-{number}.yaml", PROBLEM + f"takes: {round} minutes\n")
        killed, other = start(root), start(root)
        try:
            killed.communicate(timeout=0.15 + 0.05 * round)
        except subprocess.TimeoutExpired:
            killed.kill()
            killed.communicate()
        assert other.communicate() == (expected, "")
    assert start(root).communicate()[0] == expected


@pytest.mark.parametrize(
    ("dates", "day", "alike", "others"),
    [
        ([], "2026-11-20", ["0001-01-01", "9999-12-31"], []),
        (["2026-11-20"], "2026-11-20", ["2026-11-20"], ["2026-11-19", "2026-11-21"]),
        (
            ["2026-11-18", "2026-11-22"],
            "2026-11-20",
            ["2026-11-19", "2026-11-21"],
            ["2026-11-18", "2026-11-22"],
        ),
        (
            ["2026-11-22"],
            "2026-11-20",
            ["0001-01-01", "2026-11-21"],
            ["2026-11-22", "2027-01-01"],
        ),
        (["2026-11-18"], "2026-11-20", ["9999-12-31"], ["2026-11-18", "2026-11-17"]),
    ],
)
def test_days_between_the_dates_of_a_record_are_alike(
    dates: list[str], day: str, alike: list[str], others: list[str]
) -> None:
    after, before = days_alike(dates, date.fromisoformat(day))
    assert all(after < each < before for each in [day, *alike])
    assert not any(after < each < before for each in others)


@pytest.mark.parametrize("day", [date.min, TODAY, date.max])
def test_what_holds_on_one_day_only(day: date) -> None:
    after, before = only_on(day)
    assert after < str(day) < before
    assert not after < "2026-11-21" < before
    assert not after < "2026-11-19" < before


def test_an_id_in_a_field_for_ids_names_nobody(write: Callable[[str], Files]) -> None:
    text = (
        SOUND
        + "== people/kim-kimson.yaml\nname: Kim Kimson\n== problems/printer.yaml\n"
        + PROBLEM
    )
    listed = "solved_by:\n  - kim-kimson  # our best\nseen_working: [{by: kim-kimson}]\n"
    files = write(text + "solved_by: [lena, kim-kimson]\nseen_working:\n  - by: kim-kimson\n")
    assert validate(files, SCHEMAS, TODAY, only=["names-an-organisation"]).findings == ()
    (files.root / "problems/printer.yaml").write_text(PROBLEM + listed)
    assert validate(files, SCHEMAS, TODAY, only=["names-an-organisation"]).findings == ()
    (files.root / "problems/printer.yaml").write_text(
        PROBLEM + "cause: ask kim-kimson\nsolved_by: [kim-kimson] # Kim Kimson\n"
    )
    found = validate(files, SCHEMAS, TODAY, only=["names-an-organisation"]).findings
    assert [
        (each.place.span.line, each.place.span.column) for each in found if each.place.span
    ] == [
        (3, 12),
        (4, 27),
    ]
