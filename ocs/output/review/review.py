"""A review: as text, as Markdown for a comment, as annotations, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ocs.model.finding import Finding, Place, Severity
from ocs.model.review import Outcome, Review, Verdict
from ocs.output.console import Screen, clean
from ocs.output.registry import findings
from ocs.output.review.grouped import agreement_on, changes, notice_of, parts
from ocs.rules.nearest import listed
from ocs.rules.review.policy import platform_suffices

_STYLES = {
    Outcome.ALLOWED: "bold green",
    Outcome.NOT_YET: "bold yellow",
    Outcome.CANNOT_TELL: "bold yellow",
    Outcome.REFUSED: "bold red",
}
WORD = "the agreements come from the platform and are not signed, so ocs cannot verify them"
WEIGHING = "ocs review --as"
_WIDEST = 64
_MOST_NAMED = 3


def as_text(review: Review, screen: Screen, prefix: str) -> None:
    """What changes and who must agree, then the verdict."""
    for part in parts(review):
        screen.out((_line(part.title), "bold"))
        for line in part.lines:
            screen.out("  ", _line(line))
        width = min(_WIDEST, max((len(need) for need, _, _ in part.needs), default=0))
        for number, (need, mark, who) in enumerate(part.needs):
            label = "" if number else "needs"
            need = _line(need).ljust(width)
            screen.out("  ", (label.ljust(8), "dim"), need, "  ", _line(f"{mark} {who}"))
        for label, note in part.notes:
            screen.out("  ", (label.ljust(8), "dim"), _line(note))
        screen.out()
    if review.refusals:
        files = {refusal.place.file for refusal in review.refusals}
        findings.as_text(review.refusals, len(files), screen, prefix)
    for ignored in review.ignored:
        screen.out("not counted: ", _line(ignored))
    screen.out((_line(summary(review)), _STYLES[review.answer]))
    screen.out((_line(judged(review)), "dim"))
    screen.out((WORD, "dim"))


def pass_on(review: Review, person: str, screen: Screen) -> None:
    """What a gatekeeper who weighed the platform's word does next, if there is anything to do."""
    if review and any(verdict.weighed for verdict in review.verdicts):
        screen.out()
        screen.out("If these people told you that this is right, write into your review:")
        screen.out("  ", _line(f"{WEIGHING} {person} {review.head}"))


def as_markdown(review: Review, screen: Screen) -> None:
    """The same as a comment. Texts of records are code spans, so that they are no markup."""
    paragraphs = [f"**{_span_free(summary(review))}**"]
    for part in parts(review):
        paragraphs.append(f"### {_code(part.title)}")
        paragraphs.append("\n".join(f"- {_code(line)}" for line in part.lines))
        if part.needs:
            rows = [
                f"| {_code(need)} | {mark} {_code(who)} |" for need, mark, who in part.needs
            ]
            paragraphs.append("\n".join(["| needs | |", "|---|---|", *rows]))
        paragraphs += [f"{label.capitalize()}: {_code(note)}" for label, note in part.notes]
    for refusal in review.refusals:
        file = _code(refusal.place.file)
        paragraphs.append(f"**Refused**: {_code(refusal.message)} ({file})")
        if refusal.hint:
            paragraphs.append(f"What to do: {_code(refusal.hint)}")
    paragraphs += [f"Not counted: {_code(ignored)}" for ignored in review.ignored]
    paragraphs.append(f"Commits: {_code(judged(review))}")
    paragraphs.append(f"*{WORD[0].upper()}{WORD[1:]}.*")
    screen.out("\n\n".join(filter(None, paragraphs)))


def as_github(review: Review, screen: Screen, prefix: str) -> None:
    """Annotations: what is refused, missing, and changed, at the file concerned."""
    notes = [*review.refusals, *_missing(review)]
    if review.answer is not Outcome.REFUSED:
        notes += _changes(review)
    findings.as_github(notes, len(review.verdicts), screen, prefix)
    # The runner takes this mark for a command wherever it stands in a line, and a path may
    # hold it.
    screen.out(_line(summary(review)).replace("##[", "## ["))
    screen.out((_line(judged(review)).replace("##[", "## ["), "dim"))
    screen.out((WORD, "dim"))


def as_json(review: Review) -> dict[str, Any]:
    return {
        "allowed": bool(review),
        "answer": review.answer.value,
        "base": review.base,
        "head": review.head,
        "base_branch": review.branches[0] or None,
        "head_branch": review.branches[1] or None,
        "rests_on": "platform",
        "records": [_as_json(verdict) for verdict in review.verdicts],
        "refused": findings.as_json(review.refusals, len(review.verdicts))["findings"],
        "not_counted": list(review.ignored),
        "unchanged": review.unchanged,
    }


def summary(review: Review) -> str:
    """The verdict in a sentence."""
    if review.answer is Outcome.REFUSED:
        number = len(review.refusals)
        return f"refused: {number} error{'s' if number > 1 else ''} that no agreement can override"
    if not review.verdicts:
        return "allowed: no record changes in content"
    if review.answer is Outcome.ALLOWED:
        return "allowed: everybody who must agree has agreed"
    reasons = list(_reasons(review))
    if review.answer is Outcome.NOT_YET:
        return f"refused for now: {'; '.join(reasons)}"
    return f"cannot tell: {'; '.join(reasons)}"


def judged(review: Review) -> str:
    """The commits that the verdict is about."""
    names = [f" ({name})" if name else "" for name in review.branches]
    return f"merging {review.head[:12]}{names[1]} into {review.base[:12]}{names[0]}"


def _reasons(review: Review) -> Iterator[str]:
    missing = sum(verdict.missing for verdict in review.verdicts)
    if missing:
        yield f"{missing} agreement{'s are' if missing > 1 else ' is'} missing"
    notices = [verdict.notice for verdict in review.verdicts if verdict.notice]
    if any(notice.until is None for notice in notices):
        yield "notice cannot start without --opened-at"
    elif any(not notice.is_over for notice in notices):
        yield f"notice is not over before {max(notice.until for notice in notices if notice.until)}"
    weak = [verdict.record for verdict in review.verdicts if verdict.weak]
    if weak:
        of = listed(weak, "and") if len(weak) <= _MOST_NAMED else f"{len(weak)} records"
        yield f"a gatekeeper must confirm what the platform reports (`{WEIGHING} ME`) for {of}"


def _missing(review: Review) -> Iterator[Finding]:
    for verdict in review.verdicts:
        for required in verdict.required:
            if required.missing:
                message = f"{required.need.label}: {agreement_on(required)}"
                yield _finding("needs", message, verdict, Severity.WARNING)
        if verdict.notice and verdict.answer is not Outcome.ALLOWED:
            yield _finding("notice", notice_of(verdict.notice), verdict, Severity.WARNING)


def _changes(review: Review) -> Iterator[Finding]:
    for verdict in review.verdicts:
        for line in changes(verdict):
            yield _finding("changes", line, verdict, Severity.NOTE)


def _finding(code: str, message: str, verdict: Verdict, severity: Severity) -> Finding:
    return Finding(code, message, (Place(verdict.amendments[0].file),), None, severity)


def _as_json(verdict: Verdict) -> dict[str, Any]:
    notice = verdict.notice
    until = notice.until.isoformat() if notice and notice.until else None
    return {
        "record": verdict.record,
        "answer": verdict.answer.value,
        "changes": [
            {
                "kind": amendment.what.value,
                "said": amendment.sentence,
                "out": list(map(str, amendment.out)),
                "in": list(map(str, amendment.into)),
            }
            for amendment in verdict.amendments
        ],
        "required": [
            {
                "needs": required.need.label,
                "count": required.need.count,
                "of": list(required.need.of),
                "given": [
                    {"person": given.person, "how": given.how} for given in required.given
                ],
                "missing": required.missing,
            }
            for required in verdict.required
        ],
        "notice": {"days": notice.days, "until": until} if notice else None,
        "stays_behind": list(verdict.stays_behind),
        "or": list(verdict.other_ways),
        "weighed_by": list(verdict.weighed),
        "needs_signatures": not platform_suffices(verdict.record) and bool(verdict.required),
    }


def _line(text: str) -> str:
    return clean(" ".join(text.split()))


def _code(text: str) -> str:
    """A code span, which nothing in *text* can end or make a table of."""
    return f"`{_line(text).replace('`', chr(39)).replace('|', '¦')}`"


def _span_free(text: str) -> str:
    return _line(text).replace("*", "").replace("<", "")
