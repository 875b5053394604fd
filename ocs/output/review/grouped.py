"""A review in parts: each record, or where there are many, each kind of change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ocs.model.change import Amendment, What
from ocs.model.review import Notice, Required, Review, Verdict
from ocs.rules.nearest import listed, many, one_of

K = TypeVar("K")
V = TypeVar("V")
Need = tuple[str, str, str]
# Nobody reads a hundred records one by one: more than these are grouped by kind of change.
MOST_RECORDS = 8
# More people in one role of a record share a line.
_MOST_NEEDS = 3
# More records under one notice are a number.
_MOST_NAMED = 5
# Changes that a name says in full: the words after one name, and after several.
_OF_NAMES: Mapping[What, tuple[str, str]] = {
    What.PEER_ADDED: ("becomes peer", "become peers"),
    What.PEER_GONE: ("leaves as peer", "leave as peers"),
    What.OWNER_ADDED: ("becomes owner, beside the others", "become owners, beside the others"),
    What.VACANCY_FILLED: ("becomes owner; there was none", "become owners; there was none"),
    What.APPLICANT: ("is new here", "are new here"),
}
_FREE = (What.TEXT, What.PROBLEM, What.APPLICANT)


@dataclass(frozen=True, slots=True)
class Part:
    """What changes under a title; needs, each with a mark and who agrees; notes with labels."""

    title: str
    lines: Sequence[str] = ()
    needs: Sequence[Need] = ()
    notes: Sequence[tuple[str, str]] = ()


def parts(review: Review) -> Iterator[Part]:
    """Every record; where there are many, every kind of change and what all of it needs."""
    verdicts = review.verdicts
    if len(verdicts) <= MOST_RECORDS:
        for verdict in verdicts:
            lines, needs, notes = changes(verdict), _needs(verdict), _notes(verdict)
            yield Part(verdict.record, list(lines), list(needs), list(notes))
        return
    yield from _kinds(verdicts)
    behind = [
        f"{_name(verdict)}: {line}" for verdict in verdicts for line in verdict.stays_behind
    ]
    if behind:
        yield Part("what stays behind", behind)
    if all_needs := list(_all_needs(verdicts)):
        yield Part("all records", (), all_needs, list(_all_notes(verdicts)))


def changes(verdict: Verdict) -> Iterator[str]:
    """What changes in a record; people with the same change share a line."""
    named = _grouped((change.what, change) for change in verdict.amendments if change.named)
    for change in verdict.amendments:
        alike = named.get(change.what, ())
        if not change.named or len(alike) == 1:
            yield change.sentence
        elif change is alike[0]:
            names = [str(other.named) for other in alike]
            yield f"{listed(names, 'and')} {_OF_NAMES[change.what][1]}"
    yield from verdict.stays_behind


def agreement_on(required: Required) -> str:
    """Who meets a need, and who could."""
    given = [f"{agreement.person}, {agreement.how}" for agreement in required.given]
    return "; ".join([*given, _missing(required, "missing: ")] if required.missing else given)


def notice_of(notice: Notice) -> str:
    days = many(notice.days, "day")
    if notice.until is None:
        return f"{days}; it cannot start without --opened-at"
    return f"{days}, {'over since' if notice.is_over else 'until'} {notice.until}"


def _missing(required: Required, before_names: str = "") -> str:
    """Who could still agree, and how many of them must."""
    given = {agreement.person for agreement in required.given}
    could = [person for person in required.need.of if person not in given]
    if len(could) < required.missing:
        few = "too few people" if could else "nobody"
        return f"missing, and {few} can agree"
    if required.missing > 1:
        return f"{before_names}{required.missing} of {one_of(could, last='and')}"
    return f"{before_names}{one_of(could)}"


def _needs(verdict: Verdict) -> Iterator[Need]:
    """A line for each need; many people in one role who have not agreed share one."""
    waiting = _grouped(
        (_label(need), need)
        for need in verdict.required
        if need.missing and not need.given and len(need.need.of) == 1
    )
    for need in verdict.required:
        alike = waiting.get(_label(need), ())
        if need not in alike or len(alike) <= _MOST_NEEDS:
            yield need.need.label, "✘" if need.missing else "✔", agreement_on(need)
        elif need is alike[0]:
            names = listed([other.need.who for other in alike], "and")
            yield f"{_people(len(alike))}, each {_label(need)}", "✘", f"missing: {names}"


def _notes(verdict: Verdict) -> Iterator[tuple[str, str]]:
    if verdict.notice:
        yield "notice", notice_of(verdict.notice)
    if verdict.weighed:
        names = listed(verdict.weighed, "and")
        yield "weighed", f"{names} confirmed what the platform reports"
    yield from (("or", way) for way in verdict.other_ways)


def _kinds(verdicts: Iterable[Verdict]) -> Iterator[Part]:
    """Each kind of change with its records; those that need nobody's agreement come last."""
    kinds = _grouped(
        ((change.what, change.sentence if change.what is What.TEXT else ""), change)
        for verdict in verdicts
        for change in verdict.amendments
    )
    rare: list[Amendment] = []
    for (what, sentence), alike in sorted(
        kinds.items(), key=lambda kind: (kind[0][0] in _FREE, -len(kind[1]))
    ):
        if what is not What.TEXT:
            yield Part(_title(what, alike), _lines(alike))
        elif len(alike) > 1:
            names = ", ".join(map(_name, alike))
            yield Part(f"{sentence}, in {len(alike)} records", [names])
        else:
            rare += alike
    if rare:
        yield Part("other texts", _lines(rare))


def _title(what: What, alike: Sequence[Amendment]) -> str:
    number, records = len(alike), len({change.record for change in alike})
    where = f", in {records} records" if 1 < records < number else ""
    if all(change.named for change in alike):
        return f"{_people(number)} {_OF_NAMES[what][number > 1]}{where}"
    return f"{'other changes' if what is What.UNLISTED else what.value}: {number}{where}"


def _lines(alike: Sequence[Amendment]) -> list[str]:
    """What changes, by record; a new person's record is called as they are."""
    if all(change.what is What.APPLICANT and change.named for change in alike):
        return [", ".join(change.brief for change in alike)]
    texts = _grouped((_name(change), change.brief) for change in alike)
    records = _grouped((", ".join(text), record) for record, text in texts.items())
    return [f"{', '.join(names)}: {text}" for text, names in records.items()]


def _all_needs(verdicts: Iterable[Verdict]) -> Iterator[Need]:
    """The needs of all records by kind, with who is missing and for which records."""
    kinds = _grouped(
        (_label(need), (verdict, need)) for verdict in verdicts for need in verdict.required
    )
    for label, pairs in kinds.items():
        missing = [(verdict, need) for verdict, need in pairs if need.missing]
        number = len(pairs)
        if not missing:
            text = f"agreed, all {number}" if number > 1 else agreement_on(pairs[0][1])
        elif len(missing) == number and all(_is_concerned(*pair) for pair in pairs):
            text = f"missing: all {number} people named above"
        else:
            of = "all" if len(missing) == number else f"{len(missing)} of"
            records = _grouped((_missing(need), _name(verdict)) for verdict, need in missing)
            who = (f"{people} for {listed(names, 'and')}" for people, names in records.items())
            text = f"missing, {of} {number}: {'; '.join(who)}"
        yield label, "✘" if missing else "✔", text


def _is_concerned(verdict: Verdict, need: Required) -> bool:
    """Does a change name the person who must agree?"""
    leads = [who for change in verdict.amendments for who in (*change.out, *change.into)]
    return need.need.who in map(str, leads)


def _all_notes(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, str]]:
    notes = _grouped(
        (note, _name(verdict)) for verdict in verdicts for note in _notes(verdict)
    )
    for (label, note), names in sorted(notes.items(), key=lambda item: item[0][0]):
        many = len(names) > _MOST_NAMED
        yield label, f"{note}, for {f'{len(names)} records' if many else listed(names, 'and')}"


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, Sequence[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _label(required: Required) -> str:
    return ", ".join(required.need.roles) or required.need.who


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _name(thing: Amendment | Verdict) -> str:
    """The name of a record; of communities, which most are, without the folder."""
    return thing.record.removeprefix("communities/")
