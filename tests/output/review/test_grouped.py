"""How a review is laid out: record by record, or where there are many by what happens."""

from __future__ import annotations

from ocs.model.change import Amendment, What
from ocs.model.community import LeadRef
from ocs.model.review import Outcome, Review, Verdict
from ocs.output.review.grouped import MOST_RECORDS, parts


def titles(number: int) -> list[str]:
    return [part.title for part in parts(review(*map(peer, range(number))))]


def peer(number: int, name: str = "bo") -> Verdict:
    """A record in which somebody becomes peer."""
    record, lead = f"communities/c{number}", LeadRef(person=name)
    said = f"{name} becomes peer"
    change = Amendment(
        What.PEER_ADDED, record, f"{record}.yaml", said, into=(lead,), named=lead
    )
    return Verdict(record, Outcome.ALLOWED, (change,))


def review(*verdicts: Verdict) -> Review:
    return Review("base", "head", Outcome.ALLOWED, verdicts)


def test_a_few_records_are_told_one_by_one_and_many_by_what_happens() -> None:
    assert titles(1) == ["communities/c0"]
    assert titles(MOST_RECORDS) == [f"communities/c{number}" for number in range(MOST_RECORDS)]
    assert titles(MOST_RECORDS + 1) == [f"{MOST_RECORDS + 1} people become peers"]


def test_of_many_records_the_name_is_all_there_is_to_say() -> None:
    (part,) = parts(review(*(peer(number) for number in range(MOST_RECORDS)), peer(9, "cy")))
    alike = ", ".join(f"c{number}" for number in range(MOST_RECORDS))
    assert list(part.lines) == [f"{alike}: bo", "c9: cy"]


def test_where_there_is_more_to_say_than_a_name_all_of_it_is_said() -> None:
    record, bo = "communities/c9", LeadRef(person="bo")
    later = Amendment(
        What.PEER_ADDED, record, "x", "bo becomes peer, from 2027-01-01 on", into=(bo,)
    )
    more = Verdict(record, Outcome.ALLOWED, (later,))
    (part,) = parts(review(*(peer(number) for number in range(MOST_RECORDS)), more))
    assert part.title == f"peer added: {MOST_RECORDS + 1}"
    assert part.lines[-1] == "c9: bo becomes peer, from 2027-01-01 on"


def test_of_a_new_community_the_name_is_not_said_twice() -> None:
    new = Amendment(
        What.NEW_COMMUNITY,
        "communities/sea",
        "communities/sea.yaml",
        "new community sea, led by ana",
        detail="led by ana",
    )
    many = (peer(number) for number in range(MOST_RECORDS))
    found = list(parts(review(*many, Verdict("communities/sea", Outcome.ALLOWED, (new,)))))
    assert [(part.title, list(part.lines)) for part in found[1:]] == [
        ("new community: 1", ["sea: led by ana"])
    ]
