"""ocs search: find a solved problem, or another record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from ocs.commands import prompt
from ocs.commands.completion import complete_record
from ocs.commands.declared import Option, Shared, Words
from ocs.commands.options import KIND_NAME, Call, RegistriesOption
from ocs.errors import OcsError

# Of a longer log the end is read.
_MOST_LOG = 4_000_000
_RANK: Any = {"metavar": "N", "min": 1, "max": 100_000}
_CONTRADICTING = (
    ("--paths", "--json"),
    ("--paths", "--open"),
    ("--paths", "--explain"),
    ("--open", "--explain"),
)
_OTHERWISE, _OUTPUT = "Instead of words", "Output"


def search(
    call: Annotated[Call, Shared("json", "no_color", "quiet")],
    words: Annotated[
        list[str] | None,
        Words(
            help="What you remember of it, or a pasted error.",
            metavar="WORDS...",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        list[Any] | None,
        Option(help="Search records of this kind, not problems.", **KIND_NAME),
    ] = None,
    number: Annotated[
        int, Option("-n", help="Print at most this many results.", **_RANK | {"max": 1000})
    ] = 10,
    offset: Annotated[
        int, Option(help="Skip this many of the best results.", **_RANK | {"min": 0})
    ] = 0,
    no_correct: Annotated[bool, Option(help="Do not correct typing mistakes.")] = False,
    similar: Annotated[
        str | None,
        Option(
            help="Find records like this record, or like the text in this file.",
            metavar="RECORD|FILE",
            complete=complete_record,
            panel=_OTHERWISE,
        ),
    ] = None,
    log: Annotated[
        Path | None,
        Option(
            help="Search for the errors and warnings in this log file, or `-` for stdin.",
            metavar="FILE",
            panel=_OTHERWISE,
        ),
    ] = None,
    paths: Annotated[
        bool, Option(help="Print only the files of the results.", panel=_OUTPUT)
    ] = False,
    null: Annotated[
        bool,
        Option("-0", help="With --paths, end each file name with a NUL byte.", panel=_OUTPUT),
    ] = False,
    open_: Annotated[
        int | None, Option(help="Show the result with this number.", panel=_OUTPUT, **_RANK)
    ] = None,
    explain: Annotated[
        bool, Option(help="Explain the rank of each result.", panel=_OUTPUT)
    ] = False,
    registry: RegistriesOption = None,
) -> int:
    """Find a solved problem from what you remember of it.

    A record does not have to contain all words. It ranks higher if it has more of the words, or
    has them in its title. Narrow a search down with "exact words", -word, tag: product: state:
    org: kind: lang: error: in:title since:2026-01. To search several registries at once, repeat
    -C or set OCS_REGISTRIES.

    Example:
      ocs search calendar reminders late
      ocs search "550 5.7.1" state:verified
      ocs search --kind orgs food bank
      journalctl -u postfix | ocs search --log -
    """
    from ocs.model.kinds import KIND
    from ocs.workspace import registries

    if null and not paths:
        raise OcsError("-0 needs --paths", "add --paths, or leave out -0")
    outputs = {"--paths": paths, "--open": open_, "--explain": explain, "--json": call.json}
    given = {name for name, value in outputs.items() if value}
    for pair in _CONTRADICTING:
        if given.issuperset(pair):
            raise OcsError(f"cannot combine {' and '.join(pair)}", "leave one of them out")
    screen = call.screen
    kinds = kind or [KIND["problem"]]
    work = registries(registry or (), screen.counted)
    query = _query(" ".join(words or ()), similar, log, work)
    # Ranks count from the first result, whatever the offset.
    limit, offset = (1, open_ - 1) if open_ else (number, offset)

    def ask(index: Any) -> Any:
        # Loads while git looks for changes.
        import ocs.output.search.search  # noqa: F401
        from ocs.tasks.search import search as task

        sought = query(index)
        # A log or a text has too many words to have one meaning.
        meaning = task.known_meaning() if isinstance(sought, str) else None
        return task.search(
            index, sought, kinds, limit, offset=offset, correct=not no_correct, meaning=meaning
        )

    answer = work.ask(ask)
    from ocs.output.search import search as show

    for where, error in work.failed.items():
        screen.warn(f"{where} was not searched: {error.message}")
    if open_ is not None and answer.total:
        _open(answer, open_, work, call.json, screen)
    elif call.json:
        screen.json(show.as_json(answer, work.shown(), work.failed, explain))
    elif paths:
        screen.names([work.shown() + result.record.path for result in answer.results], null)
    else:
        show.show(answer, screen, explain)
    return 0 if answer.results else 1


def _query(text: str, similar: str | None, log: Path | None, work: Any) -> Any:
    """The function that makes the query: words, a log, or what a record or file is about."""
    if sum(map(bool, (text.strip(), similar, log))) > 1:
        raise OcsError("cannot combine words, --similar and --log", "use only one of them")
    if similar is not None:
        from ocs.tasks.search import likeness

        return lambda index: likeness.of_named(work.record_name(similar), Path(similar), index)
    if not text.strip() and log is None and not prompt.can_ask():
        log = Path("-")
    if log is not None:
        text = _log_of(log)
    # Nobody types filters into a paste of several lines.
    if log is not None or "\n" in text.strip():
        from ocs.tasks.search.logs import of_log

        return lambda index: of_log(text, index)
    return lambda index: text


def _log_of(file: Path) -> str:
    """A log, or the end of a long one; `-` is stdin."""
    if str(file) == "-":
        return _end_of(sys.stdin.buffer)
    try:
        with file.open("rb") as log:
            return _end_of(log)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OcsError(f"cannot read {file}: {reason}") from error


def _end_of(log: BinaryIO) -> str:
    data = b""
    while block := log.read(1_000_000):
        data = (data + block)[-_MOST_LOG:]
    return data.decode("utf-8", "replace")


def _open(answer: Any, rank: int, work: Any, json: bool, screen: Any) -> None:
    """Show the result of this rank as `ocs show` does."""
    from ocs.output.records import records
    from ocs.tasks.records.show import show

    if not answer.results:
        raise OcsError(f"there is no result {rank}; the last is {answer.total}")
    record = answer.results[0].record
    shown = work.home_of(record).ask(lambda index: show(index, record.reference))
    if json:
        screen.json(records.as_json(shown))
    else:
        records.show(shown, screen)
