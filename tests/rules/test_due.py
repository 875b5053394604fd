"""Every date of every kind comes up, with who should act, and a calendar takes it along."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from icalendar import Calendar

from ocs.adapters.calendar import CalendarEntry, as_calendar
from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.certificate import Certificate, CertificateFile, Key, Subkey, UserId
from ocs.model.registry import Registry
from ocs.rules.due import due
from ocs.rules.records.schema import Schemas
from ocs.tasks.due import calendar, coming_up, days_of, write_calendar
from tests.remembering import Everything

TODAY = date(2026, 11, 20)
REGISTRY = """\
== ocs.yaml
name: X
gatekeepers: [{person: amara}, {person: joost}]
renew_by: 2026-12-01
== people/lena.yaml
name: Lena
away_from: 2026-12-20
away_until: 2026-11-01
== vetting/lena.yaml
level: known
expires: 2026-11-19
== orgs/river.yaml
name: River House
gatekeepers: [amara]
review_by: 2026-12-02
domains: [{name: river.example, expires: 2026-12-03}]
systems: [{id: web, checked: 2025-12-04}]
backups: [{id: nightly, last_restore_test: 2025-12-05}]
== communities/walks.yaml
name: River Walks
reviewed: 2025-12-06
leads:
  - {person: ana, role: owner, until: 2026-12-07, term_ends: 2026-12-08}
  - {person: luis, role: owner, until: 2025-12-07, term_ends: 2025-12-08}
resources: [{name: walks.example, custodian: ana, deputy: luis, expires: 2026-12-09}]
== problems/mail-late.yaml
title: Mail is late
symptoms: [{seen: x}]
solved_by: [lena]
review_by: 2026-12-10
== access/river/login.yaml
purpose: x
rotate_by: 2026-12-11
readers: [{person: lena, until: 2026-12-12}]
"""


def told(files: Files, schemas: Schemas, days: int) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (each.day.isoformat(), each.what, each.who)
        for each in coming_up(files, schemas, TODAY, days, confirmed=Everything())
    ]


def test_every_date_of_every_kind_comes_up_with_who_should_act(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    assert told(write(REGISTRY), schemas, 30) == [
        ("2026-11-19", "the vetting of lena expires", ("amara", "joost")),
        ("2026-12-01", "the gatekeepers confirm the registry", ("amara", "joost")),
        ("2026-12-02", "review the record of River House", ("amara",)),
        ("2026-12-03", "the domain river.example expires", ("amara",)),
        (
            "2026-12-04",
            "check web of River House again, a year after the last check",
            ("amara",),
        ),
        (
            "2026-12-05",
            "test the backup nightly of River House again, a year after the last test",
            ("amara",),
        ),
        (
            "2026-12-06",
            "confirm River Walks again, a year after the last confirmation",
            ("ana",),
        ),
        ("2026-12-07", "ana leaves office in River Walks", ("ana",)),
        ("2026-12-08", "the term of ana in River Walks ends", ("ana",)),
        ("2026-12-09", "walks.example expires", ("ana", "luis")),
        ("2026-12-10", "review the problem: Mail is late", ("lena",)),
        ("2026-12-11", "rotate the secret river/login", ("amara",)),
        ("2026-12-12", "the access of lena to river/login ends", ("amara",)),
        ("2026-12-20", "Lena: first day away", ("lena",)),
    ]


def test_what_nobody_has_to_look_after_any_more_does_not_come_up(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write("""\
== orgs/river.yaml
name: River House
status: left
review_by: 2026-12-02
== communities/walks.yaml
name: River Walks
reviewed: 2025-12-06
leads_at: https://river.example/leads
== communities/talks.yaml
name: River Talks
status: archived
reviewed: 2025-12-06
== problems/mail-late.yaml
title: Mail is late
symptoms: [{seen: x}]
state: withdrawn
withdrawn: {because: x}
review_by: 2026-12-10
""")
    assert told(files, schemas, 60) == []


def test_of_what_has_no_custodian_the_leads_are_told(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write("""\
== communities/walks.yaml
name: River Walks
leads: [{person: ana, role: owner}]
resources: [{name: walks.example, expires: 2026-12-09}]
""")
    assert told(files, schemas, 60) == [("2026-12-09", "walks.example expires", ("ana",))]


def test_only_what_is_within_the_span_comes_up(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    assert [day for day, _, _ in told(write(REGISTRY), schemas, 11)] == [
        "2026-11-19",
        "2026-12-01",
    ]


def test_what_is_over_by_itself_comes_up_until_its_day(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write("""\
== people/lena.yaml
name: Lena
away_from: 2026-11-19
away_until: 2026-11-20
== people/sam.yaml
name: Sam
away_until: 2026-11-21
""")
    assert told(files, schemas, 0) == [("2026-11-20", "Lena: last day away", ("lena",))]
    assert [day for day, _, _ in told(files, schemas, 1)] == ["2026-11-20", "2026-11-21"]


def test_the_end_of_a_key_comes_up_unless_it_is_revoked_or_nobody_holds_it() -> None:
    ends = TODAY + timedelta(days=9)
    key = Key("A" * 40, "EdDSA", None, TODAY)
    primary = Subkey(key, frozenset("c"), ends, is_revoked=False)
    certificate = Certificate(primary, (), (UserId("Lena"),))
    sooner = Subkey(key, frozenset("e"), TODAY + timedelta(days=3), is_revoked=False)
    files = {
        "lena": certificate,
        "sam": replace(certificate, subkeys=(sooner,)),
        "kim": replace(certificate, primary=replace(primary, is_revoked=True)),
        "ana": None,
    }
    held = {
        name: CertificateFile(f"keys/{name}.asc", name, certificate=of)
        for name, of in files.items()
    }
    held["nobody"] = replace(held["lena"], name="keys/nobody.asc", person=None)
    found = due(Registry((), certificates=held), TODAY, TODAY + timedelta(days=30))
    assert [(each.day, each.what, each.who, each.place.file) for each in found] == [
        (sooner.expires, "the key of sam ends", ("sam",), "keys/sam.asc"),
        (ends, "the key of lena ends", ("lena",), "keys/lena.asc"),
    ]
    assert due(Registry(()), TODAY, ends) == []


def test_no_span_is_longer_than_the_calendar(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(REGISTRY)
    assert coming_up(files, schemas, TODAY, days_of("9999y")) == coming_up(
        files, schemas, TODAY, days_of("900y")
    )


@pytest.mark.parametrize("other", ["a link", "a pipe", "a folder"])
def test_a_calendar_is_written_over_no_link_and_no_pipe(other: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.ics").write_text("BEGIN:VCALENDAR\n")
    place = tmp_path / "dates.ics"
    make: dict[str, Callable[[], None]] = {
        "a link": lambda: place.symlink_to("elsewhere.ics"),
        "a pipe": lambda: os.mkfifo(place),
        "a folder": place.mkdir,
    }
    make[other]()
    with pytest.raises(OcsError, match="cannot write"):
        write_calendar(place, [], TODAY)
    assert (tmp_path / "elsewhere.ics").read_text() == "BEGIN:VCALENDAR\n"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("60d", 60),
        ("8w", 56),
        ("3m", 90),
        ("1y", 365),
        ("2 weeks", 14),
        ("1 day", 1),
        ("0d", 0),
    ],
)
def test_spans_of_time(text: str, days: int) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize(
    "text", ["", "soon", "60", "d", "-1d", "1.5y", "99999d", "60 d d", "٣d"]
)
def test_what_is_no_span_of_time_is_told(text: str) -> None:
    with pytest.raises(OcsError, match="is not a length of time"):
        days_of(text)


def test_a_calendar_library_reads_the_calendar_back(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    dates = coming_up(write(REGISTRY), schemas, TODAY, 30)
    read = Calendar.from_ical(calendar(dates, TODAY))
    events = [(str(event["summary"]), event["dtstart"].dt) for event in read.walk("VEVENT")]
    assert events == [(each.what, each.day) for each in dates]
    assert len({str(event["uid"]) for event in read.walk("VEVENT")}) == len(dates)
    assert calendar(dates, TODAY) == calendar(dates, TODAY)


def test_a_calendar_is_written_over_a_calendar_and_nothing_else(tmp_path: Path) -> None:
    write_calendar(tmp_path / "dates.ics", [], TODAY)
    write_calendar(tmp_path / "dates.ics", [], TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["dates.ics"]
    (tmp_path / "lena.yaml").write_text("name: Lena\n")
    for name in ("lena.yaml", "", "nowhere/dates.ics"):
        with pytest.raises(OcsError):
            write_calendar(tmp_path / name, [], TODAY)
    assert (tmp_path / "lena.yaml").read_text() == "name: Lena\n"


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=200
    )
)
def test_any_title_is_read_back(title: str) -> None:
    # icalendar 7 writes a line's end for this, whoever typed it.
    assume(r"\N" not in title)
    (event,) = Calendar.from_ical(
        as_calendar([CalendarEntry("x", TODAY, title, title)], TODAY)
    ).walk("VEVENT")
    assert str(event["summary"]) == title
    assert event["dtstart"].dt + timedelta(0) == TODAY
