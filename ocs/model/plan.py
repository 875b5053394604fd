"""Plans: what will be written, shown before it is carried out, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocs.model.certificate import CertificateReport
from ocs.model.change import Change, Commit, Replacement
from ocs.model.finding import Finding
from ocs.model.foreign import Alike


class Plan:
    """Files that are written and deleted together: all of them, or none."""

    __slots__ = ()

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        raise NotImplementedError

    @property
    def is_possible(self) -> bool:
        """May it be carried out?"""
        return True


@dataclass(frozen=True, slots=True)
class EditPlan(Plan):
    """The records that change, sentences that say how, and new findings, which forbid it."""

    changes: tuple[Change, ...] = ()
    sentences: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    records: int = 0  # afterwards
    subject: str = ""  # of the commit

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        return tuple(file for change in self.changes for file in change.replacements)

    @property
    def is_possible(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that an import writes: all of it where it is new, else these fields."""

    replacement: Replacement
    fields: tuple[str, ...]

    @property
    def file(self) -> str:
        return self.replacement.path

    @property
    def is_new(self) -> bool:
        return self.replacement.before is None


@dataclass(frozen=True, slots=True)
class ImportPlan(Plan):
    """The files that an import writes, how many records do not change, and its notes."""

    format: str
    changes: tuple[ImportedFile, ...]
    unchanged: int
    report: tuple[Alike, ...]

    @property
    def is_empty(self) -> bool:
        """Has the file no record, and only what is left out?"""
        return bool(self.report) and not (self.changes or self.unchanged)

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        return tuple(change.replacement for change in self.changes)


@dataclass(frozen=True, slots=True)
class CertificatePlan(Plan):
    """A certificate's file to write, with its changes; None where nothing is written."""

    report: CertificateReport
    replacement: Replacement | None
    changes: tuple[str, ...] = ()

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        return (self.replacement,) if self.replacement else ()

    @property
    def file(self) -> str | None:
        return self.replacement.path if self.replacement else None


@dataclass(frozen=True, slots=True)
class FilesPlan(Plan):
    """New files in the folder *root*, and those that existed before and do not change."""

    root: Path
    files: tuple[Replacement, ...]
    kept: tuple[str, ...] = ()

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        return self.files


@dataclass(frozen=True, slots=True)
class ExportPlan(FilesPlan):
    """The exported file, how much of the registry it holds, and notes on the rest."""

    communities: int = 0
    people: int = 0
    report: tuple[Alike, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The files that were written, and the commit that holds them, if there is one."""

    files: tuple[str, ...]
    commit: Commit | None = None
