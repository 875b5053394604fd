"""What a check is: a code, how bad it is, what it means, and the rule that finds it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ocs.model.finding import Finding, Place, Severity
from ocs.model.registry import Registry


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of a registry: what does not hold, where, and what to write instead.

    Where several places share one cause, `root` names it.
    """

    message: str
    places: tuple[Place, ...]
    hint: str | None = None
    root: str | None = None


Rule = Callable[[Registry, date], Iterator[Said]]


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table of checks. `meaning` says what must hold, `mend` what to do where it
    does not.

    `rule` is None where what is found is found while files are read. A rule that goes
    `one_by_one` finds of a record the same in a registry of that record alone, and on all days
    between the same two dates of it.
    """

    code: str
    severity: Severity
    meaning: str
    example: str
    mend: str
    rule: Rule | None = None
    one_by_one: bool = False

    def finding(
        self, message: str, *places: Place, hint: str | None = None, root: str | None = None
    ) -> Finding:
        """A finding of this check."""
        return Finding(self.code, message, places, hint, self.severity, root)

    def findings(self, registry: Registry, today: date) -> Iterator[Finding]:
        """What the rule finds in a registry on the day *today*."""
        for said in self.rule(registry, today) if self.rule else ():
            yield self.finding(said.message, *said.places, hint=said.hint, root=said.root)


def check(
    code: str, severity: Severity, *, example: str, mend: str, one_by_one: bool = False
) -> Callable[[Rule], Check]:
    """Makes a check of a rule. The first paragraph of the rule's docstring says what must hold."""

    def checked(rule: Rule) -> Check:
        meaning = inspect.cleandoc(rule.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
        return Check(code, severity, meaning, example, mend, rule, one_by_one)

    return checked
