"""A verdict on a proposed change: as text, as Markdown for a comment, as annotations, and for
programs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ocs.model.finding import Finding, Place, Severity
from ocs.model.review import Answer, Judged, Review
from ocs.output.console import Screen, clean
from ocs.output.registry import findings as found
from ocs.output.review.parts import changes, notice_of, parts, told
from ocs.rules.nearest import one_of
from ocs.rules.review.policy import platform_suffices

_STYLES = {
    Answer.ALLOWED: "bold green",
    Answer.NOT_YET: "bold yellow",
    Answer.CANNOT_TELL: "bold yellow",
    Answer.REFUSED: "bold red",
}
WORD = "who agreed is the platform's word: ocs saw account numbers, and no signature"
_WIDEST = 64


def as_text(review: Review, screen: Screen, prefix: str) -> None:
    """What changes and who must agree, then the verdict."""
    for part in parts(review):
        screen.out((_line(part.title), "bold"))
        for line in part.lines:
            screen.out("  ", _line(line))
        width = min(_WIDEST, max((len(said) for said, _, _ in part.needs), default=0))
        for number, (said, mark, who) in enumerate(part.needs):
            label = "needs   " if number == 0 else "        "
            screen.out(
                "  ", (label, "dim"), _line(said).ljust(width), "  ", _line(f"{mark} {who}")
            )
        for label, note in part.notes:
            screen.out("  ", (label.ljust(8), "dim"), _line(note))
        screen.out()
    if review.refusals:
        found.as_text(
            review.refusals,
            len({refusal.place.file for refusal in review.refusals}),
            screen,
            prefix,
        )
    for ignored in review.ignored:
        screen.out("not counted: ", _line(ignored))
    screen.out((_line(verdict(review)), _STYLES[review.answer]))
    screen.out((WORD, "dim"))


def as_markdown(review: Review, screen: Screen) -> None:
    """The same as a comment. What comes from a record stands in code spans, so that it is no
    markup.
    """
    screen.out(f"**{_span_free(verdict(review))}**")
    for part in parts(review):
        screen.out()
        screen.out(f"### {_code(part.title)}")
        screen.out()
        for line in part.lines:
            screen.out(f"- {_code(line)}")
        if part.needs:
            screen.out()
            screen.out("| needs | |")
            screen.out("|---|---|")
            for said, mark, who in part.needs:
                screen.out(f"| {_code(said)} | {mark} {_code(who)} |")
        for label, note in part.notes:
            screen.out()
            screen.out(f"{label.capitalize()}: {_code(note)}")
    for refusal in review.refusals:
        screen.out()
        screen.out(f"**Refused**: {_code(refusal.message)} ({_code(refusal.place.file)})")
        if refusal.hint:
            screen.out()
            screen.out(f"What to do: {_code(refusal.hint)}")
    for ignored in review.ignored:
        screen.out()
        screen.out(f"Not counted: {_code(ignored)}")
    screen.out()
    screen.out(f"*{WORD[0].upper()}{WORD[1:]}.*")


def as_github(review: Review, screen: Screen, prefix: str) -> None:
    """Annotations: what is refused, what is missing, and what changes, at the file concerned."""
    told = [*review.refusals, *_missing(review)]
    if review.answer is not Answer.REFUSED:
        told += _noted(review)
    found.as_github(told, len(review.judged), screen, prefix)
    # The runner takes this mark for a command wherever it stands in a line, and a path may
    # hold it.
    screen.out(_line(verdict(review)).replace("##[", "## ["))
    screen.out((WORD, "dim"))


def as_json(review: Review) -> dict[str, Any]:
    """The verdict as a value of plain types."""
    return {
        "allowed": bool(review),
        "answer": review.answer.value,
        "base": review.base,
        "head": review.head,
        "rests_on": "platform",
        "records": [_as_json(judged) for judged in review.judged],
        "refused": found.as_json(review.refusals, len(review.judged))["findings"],
        "not_counted": list(review.ignored),
        "unchanged": review.unchanged,
    }


def verdict(review: Review) -> str:
    """The verdict in a sentence."""
    if review.answer is Answer.REFUSED:
        number = len(review.refusals)
        return f"refused: {number} thing{'s' if number > 1 else ''} that no agreement allows"
    if not review.judged:
        return "allowed: nothing changes in what the records say"
    if review.answer is Answer.ALLOWED:
        return "allowed: everybody who must agree has agreed"
    reasons = list(_reasons(review))
    if review.answer is Answer.NOT_YET:
        return f"refused for now: {', '.join(reasons)}"
    return f"cannot tell: {', '.join(reasons)}"


def _reasons(review: Review) -> Iterator[str]:
    missing = sum(judged.missing for judged in review.judged)
    if missing:
        yield f"{missing} agreement{'s' if missing > 1 else ''} missing"
    notices = [judged.notice for judged in review.judged if judged.notice]
    if any(notice.until is None for notice in notices):
        yield "nobody vouches for when it was proposed (--opened-at), so notice cannot be counted"
    elif any(not notice.is_over for notice in notices):
        yield f"notice not over before {max(notice.until for notice in notices if notice.until)}"
    weak = [judged.record for judged in review.judged if judged.weak]
    if weak:
        yield f"for {one_of(weak, 3)} a platform's word is not enough: it takes signatures"


def _missing(review: Review) -> Iterator[Finding]:
    for judged in review.judged:
        for required in judged.required:
            if required.missing:
                message = f"{required.need.said}: {told(required)}"
                yield Finding("needs", message, (_place(judged),), None, Severity.WARNING)
        if judged.notice and judged.answer is not Answer.ALLOWED:
            yield Finding(
                "notice", notice_of(judged.notice), (_place(judged),), None, Severity.WARNING
            )


def _noted(review: Review) -> Iterator[Finding]:
    for judged in review.judged:
        for line in changes(judged):
            yield Finding("changes", line, (_place(judged),), None, Severity.NOTE)


def _place(judged: Judged) -> Place:
    return Place(judged.amendments[0].file)


def _as_json(judged: Judged) -> dict[str, Any]:
    return {
        "record": judged.record,
        "answer": judged.answer.value,
        "changes": [
            {
                "kind": amendment.what.value,
                "said": amendment.said,
                "out": list(map(str, amendment.out)),
                "in": list(map(str, amendment.into)),
            }
            for amendment in judged.amendments
        ],
        "required": [
            {
                "needs": required.need.said,
                "count": required.need.count,
                "of": list(required.need.of),
                "given": [
                    {"person": given.person, "how": given.said} for given in required.given
                ],
                "missing": required.missing,
            }
            for required in judged.required
        ],
        "notice": {"days": judged.notice.days, "until": _day(judged)}
        if judged.notice
        else None,
        "stays_behind": list(judged.stays_behind),
        "or": list(judged.other_ways),
        "needs_signatures": not platform_suffices(judged.record) and bool(judged.required),
    }


def _day(judged: Judged) -> str | None:
    until = judged.notice.until if judged.notice else None
    return until.isoformat() if until else None


def _line(text: str) -> str:
    return clean(" ".join(text.split()))


def _code(text: str) -> str:
    """A code span, which nothing in *text* can end or make a table of."""
    return f"`{_line(text).replace('`', chr(39)).replace('|', '¦')}`"


def _span_free(text: str) -> str:
    return _line(text).replace("*", "").replace("<", "")
