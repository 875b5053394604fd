"""What a check is: a code, how bad it is, what it means, and the rule that finds it.

A check that fails on something is a finding itself, `check-failed`, and an error: what it would
have found is not known, so nothing may pass because of it. What the exception says is not
repeated, since a secret may stand in it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ocs.model.finding import Finding, Place, Severity
from ocs.model.kinds import KIND
from ocs.model.registry import Document, Registry


@dataclass(frozen=True, slots=True)
class Violation:
    """What in a registry breaks a rule. `hint` is the check's own where it is None.

    Where several places share one cause, `root` names it.
    """

    message: str
    places: tuple[Place, ...]
    hint: str | None = None
    root: str | None = None


def at(kind: str, id: str, *steps: str | int) -> Place:
    """A place in the file of a record."""
    return Place(KIND[kind].file(id), steps)


Rule = Callable[[Registry, date], Iterator[Violation]]


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table of checks: `meaning` says what must hold, `hint` what to do otherwise.

    `rule` is None where files are checked while they are read. A rule that goes `one_by_one`
    finds of a record the same in a registry of that record alone, and on all days between the
    same two dates of it.
    """

    code: str
    severity: Severity
    meaning: str
    example: str
    hint: str
    rule: Rule | None = None
    one_by_one: bool = False

    @property
    def short_hint(self) -> str:
        """The hint as a finding has it: in lower case, without a full stop."""
        return self.hint[0].lower() + self.hint[1:].removesuffix(".")

    def finding(
        self, message: str, *places: Place, hint: str | None = None, root: str | None = None
    ) -> Finding:
        """A finding of this check."""
        return Finding(self.code, message, places, hint, self.severity, root)

    def findings(self, registry: Registry, today: date) -> Iterator[Finding]:
        """What the rule finds in a registry on the day *today*.

        Where the rule fails on some records and goes `one_by_one`, the rest is still found.
        """
        found: list[Finding] = []
        try:
            found.extend(self._of_rule(registry, today))
        except Exception as error:  # noqa: BLE001  whatever it is, the other checks go on
            if self.one_by_one and len(registry.documents) > 1:
                for document in registry:
                    yield from self.findings(Registry((document,)), today)
                return
            found.append(self._failed(error, registry, today))
        yield from found

    def _of_rule(self, registry: Registry, today: date) -> Iterator[Finding]:
        for broken in self.rule(registry, today) if self.rule else ():
            hint = broken.hint or self.short_hint
            yield self.finding(broken.message, *broken.places, hint=hint, root=broken.root)

    def _failed(self, error: Exception, registry: Registry, today: date) -> Finding:
        what = f"the check {self.code}"
        if self.one_by_one and registry.documents:
            return failed(what, error, registry.documents[0].file)
        return failed(what, error, self._culprit(error, registry, today), of_all=True)

    def _culprit(self, error: Exception, registry: Registry, today: date) -> str | None:
        """The file of a record that is enough for the same failure, or None."""
        culprits = (
            document.file for document in registry if self._fails_on(document, error, today)
        )
        return next(culprits, None)

    def _fails_on(self, document: Document, error: Exception, today: date) -> bool:
        try:
            list(self._of_rule(Registry((document,)), today))
        except Exception as other:  # noqa: BLE001  compared with the one that is to be placed
            return _where(other) == _where(error)
        return False


def check(
    code: str, severity: Severity, *, example: str, hint: str, one_by_one: bool = False
) -> Callable[[Rule], Check]:
    """Makes a check of a rule. The first paragraph of the rule's docstring says what must hold."""

    def checked(rule: Rule) -> Check:
        meaning = inspect.cleandoc(rule.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
        return Check(code, severity, meaning, example, hint, rule, one_by_one)

    return checked


CHECK_FAILED = Check(
    "check-failed",
    Severity.ERROR,
    "Every check finishes on every file.",
    "problems/mail-late.yaml, on which the check leaked-secret stops with an IndexError",
    "Report it to the authors of ocs. Until it is fixed, do this check by hand.",
)


def failed(
    what: str, error: Exception, file: str | None = None, *, of_all: bool = False
) -> Finding:
    """That *what* failed, on a file where that is known.

    A check `of_all` the registry may have had more to say of any other file.
    """
    where = f"{type(error).__name__} at {_where(error)}"
    on = " on this file" if file else ""
    return CHECK_FAILED.finding(
        f"{what} failed{on}, so its findings are unknown: {where}",
        Place(file or "ocs.yaml"),
        hint="report this message, the file's name and `ocs --version` to the authors of "
        "ocs; not the file's content",
        root=f"{what} {where}" if of_all else None,
    )


def guarded(check: Check, found: Iterable[Finding], file: str) -> Iterator[Finding]:
    """What a check finds in a file, and where it fails, that it did."""
    try:
        yield from found
    except Exception as error:  # noqa: BLE001  whatever it is, the rest goes on
        yield failed(f"the check {check.code}", error, file)


def may_hide(found: Finding, changed: Collection[str]) -> bool:
    """Is this a check that failed where it may hide what a change of these files does?"""
    return found.code == CHECK_FAILED.code and (
        found.root is not None or any(place.file in changed for place in found.places)
    )


def _where(error: Exception) -> str:
    """The innermost place in our own code that an exception came from."""
    where, trace = "an unknown place", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith("ocs."):
            where = f"{module}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return where
