"""Who reads a secret, of values alone."""

from __future__ import annotations

from datetime import date, timedelta

from ocs.model.access import Access, Reader
from ocs.model.kinds import KIND
from ocs.model.record import Record
from ocs.model.registry import Document, Registry
from ocs.rules.secrets.readers import current_readers, readers_of, who_reads

LAST = date(2026, 11, 20)
DAY = timedelta(days=1)
LOGIN = Access(
    id="river/login",
    purpose="to get in",
    readers=(Reader(person="lena", until=LAST), Reader(person="sam")),
)


def names(today: date) -> list[tuple[int, str]]:
    return [(number, reader.person) for number, reader in current_readers(LOGIN, today)]


def test_the_last_day_of_somebodys_access_belongs_to_it() -> None:
    both, one = [(0, "lena"), (1, "sam")], [(1, "sam")]
    assert [names(day) for day in (LAST - DAY, LAST, LAST + DAY)] == [both, both, one]


def test_whose_access_has_ended_is_no_reader() -> None:
    registry = Registry((document("access", LOGIN),))
    assert who_reads("river/login", registry, LAST) == {"lena", "sam"}
    assert who_reads("river/login", registry, LAST + DAY) == {"sam"}
    assert list(readers_of("river/login", registry, LAST + DAY)) == ["sam"]


def document(kind: str, record: Record) -> Document:
    return Document(KIND[kind], record.id, KIND[kind].file(record.id), {}, record)
