"""What a rule for one certificate is, and how it becomes a check of all of a registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from ocs.model.certificate import CertificateFile, KeyFault
from ocs.model.finding import Place, Severity
from ocs.model.registry import Registry
from ocs.rules.check import Check, Violation, check

_EACH = "run `ocs key check` to see how to fix each certificate"
Judge = Callable[[CertificateFile, date], Iterator[KeyFault]]


@dataclass(frozen=True, slots=True)
class KeyRule:
    """A rule for one certificate, and the check of all. `refuses`: what breaks it is not used."""

    check: Check
    refuses: bool
    judge: Judge


def key_rule(
    code: str, severity: Severity, *, refuses: bool, example: str, hint: str
) -> Callable[[Judge], KeyRule]:
    """Makes a rule of a function, and a check of the rule. Equal notes become one finding."""

    def ruled(judge: Judge) -> KeyRule:
        def rule(registry: Registry, today: date) -> Iterator[Violation]:
            for file in (registry.certificates or {}).values():
                for fault in judge(file, today):
                    is_note = severity is Severity.NOTE
                    root, hint = (fault.message, _EACH) if is_note else (None, fault.hint)
                    yield Violation(fault.message, (Place(file.name),), hint, root)

        rule.__doc__ = judge.__doc__
        return KeyRule(check(code, severity, example=example, hint=hint)(rule), refuses, judge)

    return ruled
