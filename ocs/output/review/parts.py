"""What a proposed change changes and takes, record by record; where there are many, by what
happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ocs.model.change import Amendment, What
from ocs.model.review import Notice, Required, Review, Verdict
from ocs.rules.nearest import listed, one_of

K = TypeVar("K")
V = TypeVar("V")
# More records than that are told by what happens: nobody reads a hundred of them one by one.
MOST_RECORDS = 8
# More needs of one kind in a record are one line.
_MOST_NEEDS = 3
# More records to which the same notice applies are a number.
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A title with what changes, each need with a mark and who meets it or could, and notes
    with a label.
    """

    title: str
    lines: Sequence[str] = ()
    needs: Sequence[tuple[str, str, str]] = ()
    notes: Sequence[tuple[str, str]] = ()


# A change of which a name says all; how it is said of one, and of several.
_OF_NAMES: Mapping[What, tuple[str, str]] = {
    What.PEER_ADDED: ("becomes peer", "become peers"),
    What.PEER_GONE: ("leaves as peer", "leave as peers"),
    What.OWNER_ADDED: ("becomes owner beside the others", "become owners beside the others"),
    What.VACANCY_FILLED: ("becomes owner; there was none", "become owners; there was none"),
    What.APPLICANT: ("is new here", "are new here"),
}
_FREE = (What.TEXT, What.PROBLEM, What.APPLICANT)


def parts(review: Review) -> Iterator[Part]:
    """Every record, or where there are many every kind of change and what all of it takes."""
    if len(review.verdicts) <= MOST_RECORDS:
        yield from map(_of_record, review.verdicts)
        return
    yield from _by_kind(review.verdicts)
    behind = [
        f"{_short(verdict.record)}: {line}"
        for verdict in review.verdicts
        for line in verdict.stays_behind
    ]
    if behind:
        yield Part("what stays behind", behind)
    needs = list(_all_needs(review.verdicts))
    if needs:
        yield Part("all of it", (), needs, list(_all_notes(review.verdicts)))


def agreement_on(required: Required) -> str:
    """Who meets a need, and who could."""
    given = [f"{agreement.person}, {agreement.how}" for agreement in required.given]
    if not required.missing:
        return "; ".join(given)
    return "; ".join([*given, _missing(required)])


def notice_of(notice: Notice) -> str:
    if notice.until is None:
        return f"{notice.days} days; nobody vouches for when it was proposed (--opened-at)"
    return f"{notice.days} days, {'over since' if notice.is_over else 'until'} {notice.until}"


def changes(verdict: Verdict) -> Iterator[str]:
    """What changes in a record; those of whom a name says all together."""
    done: set[What] = set()
    for amendment in verdict.amendments:
        alike = [
            str(other.named)
            for other in verdict.amendments
            if other.what is amendment.what and other.named
        ]
        if len(alike) < 2 or not amendment.named:
            yield amendment.sentence
        elif amendment.what not in done:
            done.add(amendment.what)
            yield f"{listed(alike, 'and')} {_OF_NAMES[amendment.what][1]}"
    yield from verdict.stays_behind


def _of_record(verdict: Verdict) -> Part:
    notes = [("notice", notice_of(verdict.notice))] if verdict.notice else []
    notes += [("or", way) for way in verdict.other_ways]
    return Part(verdict.record, list(changes(verdict)), list(_needs(verdict.required)), notes)


def _needs(required: Sequence[Required]) -> Iterator[tuple[str, str, str]]:
    """A line for each need; many people in the same role who have not agreed are one."""
    waiting = _grouped(
        (_label(need), need)
        for need in required
        if need.missing and not need.given and len(need.need.of) == 1
    )
    for need in required:
        alike = waiting.get(_label(need), [])
        if need not in alike or len(alike) <= _MOST_NEEDS:
            yield need.need.label, _mark(need), agreement_on(need)
        elif need is alike[0]:
            names = [other.need.who for other in alike]
            yield (
                f"{_people(len(alike))}, each {_label(need)}",
                "✘",
                f"missing: {listed(names, 'and')}",
            )


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, Sequence[V]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _by_kind(verdicts: Iterable[Verdict]) -> Iterator[Part]:
    """What happens, with the records in which it does; what takes nobody's agreement last."""
    found = _grouped(
        ((change.what, change.sentence if change.what is What.TEXT else ""), change)
        for verdict in verdicts
        for change in verdict.amendments
    )
    rare: list[Amendment] = []
    for (what, sentence), alike in sorted(
        found.items(), key=lambda item: (item[0][0] in _FREE, -len(item[1]))
    ):
        if what is not What.TEXT:
            yield Part(_title(what, alike), _lines(alike))
        elif len(alike) > 1:
            names = [_short(change.record) for change in alike]
            yield Part(f"{sentence}, in {len(names)} records", [", ".join(names)])
        else:
            rare += alike
    if rare:
        yield Part("words", _lines(rare))


def _title(what: What, alike: Sequence[Amendment]) -> str:
    records = len({change.record for change in alike})
    where = f", in {records} records" if 1 < records < len(alike) else ""
    if what in _OF_NAMES and all(change.named for change in alike):
        return f"{_people(len(alike))} {_OF_NAMES[what][len(alike) > 1]}{where}"
    return f"{'other changes' if what is What.UNLISTED else what.value}: {len(alike)}{where}"


def _lines(alike: Sequence[Amendment]) -> list[str]:
    """What changes, by record; of new people the names are all there is to say."""
    if all(change.what is What.APPLICANT and change.named for change in alike):
        return [", ".join(change.brief for change in alike)]
    texts = _grouped((_short(change.record), change.brief) for change in alike)
    records = _grouped((", ".join(text), record) for record, text in texts.items())
    return [f"{', '.join(where)}: {text}" for text, where in records.items()]


def _all_needs(verdicts: Iterable[Verdict]) -> Iterator[tuple[str, str, str]]:
    """The needs of all records, those of one kind together, with who is missing and for what."""
    found = _grouped(
        (_label(required), (verdict, required))
        for verdict in verdicts
        for required in verdict.required
    )
    for label, pairs in found.items():
        missing = [(verdict, required) for verdict, required in pairs if required.missing]
        if not missing:
            agreed = f"agreed, all {len(pairs)}"
            yield label, "✔", agreed if len(pairs) > 1 else agreement_on(pairs[0][1])
        elif len(missing) == len(pairs) and all(_is_named(*pair) for pair in pairs):
            yield label, "✘", f"missing: all {len(pairs)} that are named above"
        else:
            number = "all" if len(missing) == len(pairs) else f"{len(missing)} of"
            who = "; ".join(_who_could(missing))
            yield label, "✘", f"missing, {number} {len(pairs)}: {who}"


def _is_named(verdict: Verdict, required: Required) -> bool:
    """Is it the agreement of one person who is named in what changes?"""
    changes = verdict.amendments
    named = [who for change in changes for who in (*change.out, *change.into)]
    return required.need.who in map(str, named)


def _who_could(missing: Iterable[tuple[Verdict, Required]]) -> Iterator[str]:
    found = _grouped(
        (_candidates(required) or _missing(required), _short(verdict.record))
        for verdict, required in missing
    )
    return (f"{people} for {listed(where, 'and')}" for people, where in found.items())


def _all_notes(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, str]]:
    notices = [
        (("notice", notice_of(verdict.notice)), _short(verdict.record))
        for verdict in verdicts
        if verdict.notice
    ]
    ways = [
        (("or", way), _short(verdict.record))
        for verdict in verdicts
        for way in verdict.other_ways
    ]
    for (label, note), where in _grouped([*notices, *ways]).items():
        many = len(where) > _MOST_NAMED
        yield label, f"{note}, for {f'{len(where)} records' if many else listed(where, 'and')}"


def _missing(required: Required) -> str:
    if candidates := _candidates(required):
        return f"missing: {candidates}"
    if _could(required):
        return "missing, and there are not enough people who could"
    return "missing, and nobody could"


def _could(required: Required) -> list[str]:
    """Who could agree and has not."""
    given = {agreement.person for agreement in required.given}
    return [person for person in required.need.of if person not in given]


def _candidates(required: Required) -> str:
    """So many of these people are missing; empty where there are not enough of them."""
    could = _could(required)
    if len(could) < required.missing:
        return ""
    number = f"{required.missing} of " if required.missing > 1 else ""
    return f"{number}{one_of(could)}"


def _mark(required: Required) -> str:
    return "✘" if required.missing else "✔"


def _label(required: Required) -> str:
    return ", ".join(required.need.roles) or required.need.who


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _short(record: str) -> str:
    """A record's name; of communities, which most are, without the folder."""
    return record.removeprefix("communities/")
