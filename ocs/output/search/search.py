"""The results of a search, best first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ocs.errors import OcsError
from ocs.model.found import Found, Passage, SearchAnswer, SearchResult
from ocs.model.kinds import KIND
from ocs.output.console import Piece, Screen, clean
from ocs.output.records.records import label, warn_of
from ocs.rules.nearest import listed, one_of

# The label of a passage, by the part of the problem that it is from.
_PARTS = {"symptoms": "symptom", "errors": "message"}
_STATES = {
    "draft": "draft, not verified yet",
    "outdated": "outdated: may not fit newer versions",
}
_MOST_FACETS = 5


def show(answer: SearchAnswer, screen: Screen, explain: bool = False) -> None:
    """Each result with its title, state, the passage that fits, and the solution."""
    _interpretation(answer, screen, explain)
    if not answer.results:
        _nothing(answer, screen)
        warn_of(answer.unreadable, screen)
        return
    for rank, result in enumerate(answer.results, answer.offset + 1):
        _result(rank, result, screen, explain)
    screen.say(_count(answer))
    if answer.facets and answer.has_more:
        screen.say(_facets(answer, screen.width))
    warn_of(answer.unreadable, screen)


def _interpretation(answer: SearchAnswer, screen: Screen, explain: bool) -> None:
    """What ocs searched for, if that differs from what was typed."""
    if answer.corrected:
        pairs = [
            f"'{clean(now)}' instead of '{clean(typed)}'"
            for typed, now in answer.corrected.items()
        ]
        screen.say(f"showing results for {listed(pairs, 'and')} (as typed: --no-correct)")
    for code, count in answer.codes.items():
        screen.say(
            f"{count} record{' mentions' if count == 1 else 's mention'} the code {clean(code)}"
        )
    for remark in answer.remarks:
        screen.say(clean(remark))
    if explain:
        weights = (f"{clean(word)} {weight:.1f}" for word, weight in answer.weights.items())
        screen.say(
            "weight of each word: " + (" · ".join(weights) or "the query has only filters")
        )


def _nothing(answer: SearchAnswer, screen: Screen) -> None:
    if answer.total:
        results = (
            "is only 1 result" if answer.total == 1 else f"are only {answer.total} results"
        )
        screen.say(f"there {results}")
        return
    folders = one_of(KIND[name].folder or "ocs.yaml" for name in answer.kinds)
    screen.say(f"no match in {folders}")
    if answer.weights and not answer.unknown and not answer.elsewhere:
        screen.say("  each word is in some record, but no record matches the whole query")
    for unknown, near in answer.unknown.items():
        guess = f"; did you mean '{clean(near)}'?" if near else " or a similar word"
        screen.say(f"  no record contains '{clean(unknown)}'{guess}")
    for kind, count in answer.elsewhere.items():
        folder = KIND[kind].folder
        if folder:
            screen.say(f"  {count} in {folder}: search with --kind {folder}")


def _result(rank: int, result: SearchResult, screen: Screen, explain: bool) -> None:
    record = result.record
    number = f"{rank:>3}. "
    margin = " " * len(number)
    screen.indented(margin, *_marked(result.title, screen, "bold"), first=(number, "dim"))
    about = " · ".join(filter(None, _about(record)))
    if about:
        screen.indented(margin, clean(about))
    is_problem = record.kind == "problem"
    tells_more = result.passage.words - result.title.words
    if result.passage.pieces and (
        tells_more or (is_problem and result.where not in ("tags", "environment"))
    ):
        part = _PARTS.get(result.where, label(result.where)) or "says"
        screen.indented(margin, (f"{part}: ", "dim"), *_marked(result.passage, screen, ""))
    if result.remedy.pieces and result.where != "resolution":
        screen.indented(margin, ("what helps: ", "dim"), *_marked(result.remedy, screen, ""))
    if record.source:
        screen.indented(margin, (clean(f"{record.reference} · {record.source.name}"), "dim"))
    else:  # a name that is copied stays whole, however narrow the terminal
        screen.out(margin, (clean(record.reference), "dim"))
    if explain:
        parts = " + ".join(
            f"{name} {value:.2f}" for name, value in result.parts.items() if value
        )
        screen.out(margin, (f"score {result.score:.2f} = {parts}", "dim"))


def _marked(passage: Passage, screen: Screen, plain: str) -> Iterator[Piece]:
    """The passage with its matches marked by colour, or without colour by « »."""
    for text, is_match in passage.pieces:
        if not is_match:
            yield clean(text), plain
        elif screen.has_color:
            yield clean(text), "bold yellow"
        else:
            yield f"«{clean(text)}»"


def _about(record: Found) -> Iterator[str]:
    """Kind and status; for a problem its state, product, and how often it was seen working."""
    if record.kind != "problem":
        values = map(record.field, ("kind", "status"))
        yield from (value for value in values if isinstance(value, str))
        return
    withdrawn = record.field("withdrawn")
    see = withdrawn.get("see") if isinstance(withdrawn, Mapping) else None
    state = str(record.field("state") or "draft")
    yield _STATES.get(state, state) + (f", see problems/{see}" if see else "")
    product = map(record.field, ("product", "versions"))
    yield " ".join(str(value) for value in product if value is not None)
    working = record.field("seen_working")
    if isinstance(working, list) and working:
        seen = (item for item in working if isinstance(item, Mapping) and "date" in item)
        last = max((str(item["date"]) for item in seen), default="")
        times = "once" if len(working) == 1 else f"{len(working)} times"
        yield f"seen working {times}" + (f", last {last}" if last else "")


def _count(answer: SearchAnswer) -> str:
    """`10 of 207 results`, `11 to 20 of 207 results`."""
    first = f"{answer.offset + 1} to " if answer.offset else ""
    last = answer.offset + len(answer.results)
    more = f" of {answer.total}" if answer.has_more or answer.offset else ""
    return f"{first}{last}{more} result{'' if answer.total == 1 else 's'}"


def _facets(answer: SearchAnswer, width: int | None) -> str:
    """`about outlook 12 · vpn 5`, as many as one line of a terminal holds."""
    first, *others = (f"{clean(value)} {many}" for value, many in answer.facets[:_MOST_FACETS])
    line = f"about {first}"
    for facet in others:
        longer = f"{line} · {facet}"
        if width is not None and len(longer) > width:
            break
        line = longer
    return line


def as_json(
    answer: SearchAnswer, prefix: str, failed: Mapping[str, OcsError], explain: bool = False
) -> dict[str, Any]:
    """The answer for programs; *prefix* leads from the current folder to the registry.

    *failed* are registries that could not be searched. Matches are positions in the passage:
    first, past the last.
    """
    return {
        "query": answer.query,
        "corrected": answer.corrected,
        "total": answer.total,
        "offset": answer.offset,
        "has_more": answer.has_more,
        "results": [_result_as_json(result, prefix, explain) for result in answer.results],
        "codes": answer.codes,
        "facets": dict(answer.facets),
        "remarks": answer.remarks,
        "unknown": answer.unknown,
        "elsewhere": answer.elsewhere,
        "unreadable": answer.unreadable,
        "not_searched": {where: error.message for where, error in failed.items()},
        **({"weights": answer.weights} if explain else {}),
    }


def _result_as_json(result: SearchResult, prefix: str, explain: bool) -> dict[str, Any]:
    record = result.record
    return {
        "kind": record.kind,
        "id": record.id,
        "file": record.file,
        "path": prefix + record.path,
        "registry": record.source.name if record.source else None,
        "title": record.title,
        "score": round(result.score, 4),
        "where": result.where,
        "passage": result.passage.text,
        "matches": result.passage.matches,
        "snippets": [
            {"where": where, "text": passage.text, "matches": passage.matches}
            for where, passage in result.passages.items()
        ],
        "remedy": result.remedy.text,
        **({"parts": result.parts} if explain else {}),
    }
