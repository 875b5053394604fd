"""What a search found, best first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ocs.model.found import Answer, Found, Passage, Result
from ocs.model.kinds import KIND, Kind
from ocs.output.console import Piece, Screen, clean
from ocs.output.records import label, warn_of
from ocs.rules.nearest import one_of

# What a passage is introduced with, by the part of the problem that it is from.
_PARTS = {
    "symptoms": "symptom",
    "errors": "message",
    "environment": "environment",
    "cause": "cause",
    "resolution": "resolution",
    "tags": "tags",
}


def show(answer: Answer, kinds: Sequence[Kind], screen: Screen) -> None:
    """Each result with its title, state and the passage that shows why it was found."""
    if not answer.results:
        _nothing(answer, kinds, screen)
        warn_of(answer.unreadable, screen)
        return
    for rank, result in enumerate(answer.results, 1):
        _result(rank, result, screen)
    more = f" of {answer.total}" if answer.total > len(answer.results) else ""
    screen.say(f"{len(answer.results)}{more} result{'' if answer.total == 1 else 's'}")
    warn_of(answer.unreadable, screen)


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as a value of plain types. Matches are positions in the passage: first, past the last."""
    return {
        "query": answer.query,
        "total": answer.total,
        "results": [
            {
                "kind": result.record.kind,
                "id": result.record.id,
                "file": result.record.file,
                "title": result.record.title,
                "score": round(result.score, 4),
                "where": result.where,
                "passage": result.passage.text,
                "matches": result.passage.matches,
            }
            for result in answer.results
        ],
        "unknown": answer.unknown,
        "elsewhere": answer.elsewhere,
        "unreadable": answer.unreadable,
    }


def _result(rank: int, result: Result, screen: Screen) -> None:
    record = result.record
    number = f"{rank:>3}. "
    margin = " " * len(number)
    screen.out((number, "dim"), *_marked(result.title, screen, "bold"))
    about = " · ".join(_about(record))
    if about:
        screen.out(margin, clean(about))
    is_problem = record.kind == "problem"
    if result.passage.pieces and (is_problem or result.passage.words - result.title.words):
        part = _PARTS[result.where] if is_problem else label(result.where) or "says"
        screen.indented(margin, (f"{part}: ", "dim"), *_marked(result.passage, screen, ""))
    screen.out(margin, (clean(record.reference), "dim"))


def _nothing(answer: Answer, kinds: Sequence[Kind], screen: Screen) -> None:
    folders = one_of(kind.folder or "ocs.yaml" for kind in kinds)
    screen.say(f"nothing in {folders} has any of these words")
    for word, near in answer.unknown.items():
        guess = f"; did you mean '{clean(near)}'?" if near else ", nor is a word like it in a title"
        screen.say(f"  '{clean(word)}' is in none{guess}")
    for kind, count in answer.elsewhere.items():
        folder = KIND[kind].folder
        if folder:
            screen.say(f"  {count} in {folder}: search with --kind {folder}")


def _about(record: Found) -> Iterator[str]:
    """What else tells results apart: for a problem its state, product, and how often it was seen solved."""
    if record.kind != "problem":
        yield from (str(value) for value in map(record.field, ("kind", "status")) if isinstance(value, str))
        return
    withdrawn = record.field("withdrawn")
    see = withdrawn.get("see") if isinstance(withdrawn, Mapping) else None
    yield str(record.field("state") or "draft") + (f", see problems/{see}" if see else "")
    product = [str(value) for value in map(record.field, ("product", "versions")) if value is not None]
    if product:
        yield " ".join(product)
    working = record.field("seen_working")
    if isinstance(working, list) and working:
        dates = [str(each["date"]) for each in working if isinstance(each, Mapping) and "date" in each]
        times = "once" if len(working) == 1 else f"{len(working)} times"
        yield f"seen working {times}" + (f", last {max(dates)}" if dates else "")


def _marked(passage: Passage, screen: Screen, plain: str) -> Iterator[Piece]:
    """The passage with the words set off that were searched for: by colour, or where there is none by « »."""
    for text, is_match in passage.pieces:
        if not is_match:
            yield clean(text), plain
        elif screen.has_color:
            yield clean(text), "bold yellow"
        else:
            yield f"«{clean(text)}»"
