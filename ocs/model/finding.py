"""What a check finds: what is wrong, where, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ocs.model.record import Steps


class Severity(StrEnum):
    """Worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


# A line can be a whole file, and can have very many findings.
_LONGEST_TEXT = 400


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line, in characters. Line and column count from 1.

    `text` is the line; of a long one the part around the column, from the column `start` on.
    """

    line: int
    column: int
    length: int = 1
    text: str = ""
    start: int = 1

    def __post_init__(self) -> None:
        if len(self.text) > _LONGEST_TEXT:
            first = max(0, self.column - self.start - _LONGEST_TEXT // 2)
            object.__setattr__(self, "text", self.text[first : first + _LONGEST_TEXT])
            object.__setattr__(self, "start", self.start + first)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file of the registry.

    Rules give its steps (`of_key`: the key itself rather than its value); its span is computed
    later, and only for files with findings. A place outside YAML has its span from the start.
    """

    file: str
    steps: Steps = ()
    of_key: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong. `root` names the cause where several places share one."""

    code: str
    message: str
    places: tuple[Place, ...]
    hint: str | None = None
    severity: Severity = Severity.ERROR
    root: str | None = None

    @property
    def place(self) -> Place:
        return self.places[0]


def sort_key(finding: Finding) -> tuple[object, ...]:
    """Worst first, then by file and line."""
    span = finding.place.span or Span(0, 0)
    return (finding.severity.rank, finding.place.file, span.line, span.column, finding.code)


def by_root_cause(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with those of one cause joined into one that has all their places."""
    joined: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        cause: object = number if finding.root is None else (finding.code, finding.root)
        joined.setdefault(cause, []).append(finding)
    for alike in joined.values():
        places = tuple(place for finding in alike for place in finding.places)
        yield alike[0] if len(alike) == 1 else replace(alike[0], places=places)
