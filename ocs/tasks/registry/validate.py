"""Judging a registry: everything that is wrong with it, each cause once, at its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ocs.adapters.files import Files
from ocs.adapters.git.changes import Changes, changes_since
from ocs.adapters.store.reports import ReportStore
from ocs.adapters.yamlfile import MOST_BYTES
from ocs.errors import OcsError, UnreadableError
from ocs.model.finding import Finding, Place, Severity, by_root_cause, sort_key
from ocs.model.registry import Registry
from ocs.model.trust import Fact
from ocs.rules.check import CHECK_FAILED, failed, may_hide
from ocs.rules.checks import run_checks
from ocs.rules.leaks.identifying import IDENTIFYING
from ocs.rules.leaks.personal import PERSONAL_DATA
from ocs.rules.records.filechecks import LEAKED_SECRET, LINE_ENDS, UNKNOWN_FOLDER
from ocs.rules.records.naming import Misplaced, identify
from ocs.rules.records.problems import NEAR_DUPLICATE
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.assembly import assemble
from ocs.tasks.registry.certificates import CODES as OF_KEYS
from ocs.tasks.registry.certificates import Keyrings, with_certificates
from ocs.tasks.registry.ciphertexts import CODES as OF_SECRETS
from ocs.tasks.registry.ciphertexts import with_ciphertexts
from ocs.tasks.registry.filecheck import at, unlocated, with_spans
from ocs.tasks.registry.load import Counted
from ocs.tasks.registry.rotation import with_history

# Checks that look at the lines of files.
OF_TEXTS = (LINE_ENDS, LEAKED_SECRET, IDENTIFYING, PERSONAL_DATA)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, worst first, among how many records."""

    findings: tuple[Finding, ...]
    records: int

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    def passed(self, *, strict: bool = False) -> bool:
        """No finding is an error; if *strict*, none is a warning either."""
        return not self.count(Severity.ERROR) and not (strict and self.count(Severity.WARNING))


def validate(
    files: Files,
    schemas: Schemas,
    today: date,
    paths: Collection[str] | None = None,
    *,
    deleted: Collection[str] = (),
    only: Collection[str] = (),
    skip: Collection[str] = (),
    keyrings: Keyrings | None = None,
    counted: Counted = lambda items, what: items,
    now_ns: int = 0,
    kept: ReportStore | None = None,
    read_before: Registry | None = None,
    only_records: bool = False,
    compare: Callable[[Files, Collection[str]], Iterable[Finding]] | None = None,
    confirmed: Container[Fact] = frozenset(),
) -> Report:
    """Judge the registry as it is on the day *today*.

    With *paths* (files or folders, seen from the registry's root; None for all) the report has
    only what is found there, and what names a record of the *deleted* files; ids are still
    looked up in the whole registry. *only* and *skip* name codes of checks; the report has
    every check that failed, unless *skip* names that code. Without *keyrings* no certificate is
    verified. Reports that were *kept* serve again; without `now_ns`, the time in nanoseconds,
    no new ones are kept. *confirmed* are the facts that the user has confirmed. *compare* finds
    problems at these paths that say nearly the same as others.

    What the registry *read_before* has of the files is not read again. With *only_records* no
    file in secrets/ is opened, and no finding has a line: see `located`.
    """

    def is_wanted(code: str) -> bool:
        return (not only or code in only) and code not in skip

    texts = any(is_wanted(check.code) for check in OF_TEXTS)
    assembly = assemble(
        files,
        schemas,
        today,
        texts=texts,
        counted=counted,
        now_ns=now_ns,
        kept=kept,
        read_before=read_before,
        only_records=only_records,
    )
    registry = replace(assembly.registry, confirmed=confirmed)
    findings = list(assembly.findings)
    with _failing("looking at the certificates", findings):
        if any(map(is_wanted, OF_KEYS | OF_SECRETS)):
            files_read = read_before.certificates if read_before else None
            registry, faults = with_certificates(registry, files, keyrings, files_read)
            findings += faults
    with _failing("looking at the ciphertexts", findings):
        if any(map(is_wanted, OF_SECRETS)):
            registry = with_ciphertexts(registry, files)
            registry, faults = with_history(registry, files, today)
            findings += faults
    findings += run_checks(registry, today, is_wanted)
    with _failing("comparing problems", findings):
        if compare and paths is not None and is_wanted(NEAR_DUPLICATE.code):
            findings += compare(files, paths)
    findings = [
        finding
        for finding in findings
        if is_wanted(finding.code)
        or (finding.code == CHECK_FAILED.code and CHECK_FAILED.code not in skip)
    ]
    if paths is None:
        records = assembly.records
    else:
        findings = list(_within(findings, paths, _ids_of(deleted)))
        is_within = _is_at(paths)
        records = sum(map(is_within, assembly.names))
    findings = list(by_root_cause(findings))
    if not only_records:
        findings = located(findings, files)
    return Report(tuple(sorted(findings, key=sort_key)), records)


@contextmanager
def _failing(what: str, findings: list[Finding]) -> Iterator[None]:
    """Report it as a finding if this step fails, so that the rest goes on."""
    try:
        yield
    except (OcsError, OSError):  # foreseen; the caller reports them
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the rest goes on
        findings.append(failed(what, error, of_all=True))


def _ids_of(deleted: Collection[str]) -> Iterator[str]:
    for path in deleted:
        with suppress(Misplaced, KeyError):
            yield identify(path)[1]


def _within(
    findings: Iterable[Finding], paths: Collection[str], deleted: Iterable[str]
) -> Iterator[Finding]:
    """The findings at these paths, with only those places, and those that a deletion made.

    A check that failed might have found something at these paths, so it stays.
    """
    gone = set(deleted)
    is_within = _is_at(paths)
    folders = {folder for path in paths for folder in _and_above(path)} - {*paths}

    def concerns(finding: Finding, place: Place) -> bool:
        """Is a place at these paths? That of a folder is there for all that lies in it."""
        is_above = finding.code == UNKNOWN_FOLDER.code and place.file in folders
        return is_above or is_within(place.file)

    for finding in findings:
        if finding.root in gone or may_hide(finding, ()):
            yield finding
            continue
        places = tuple(place for place in finding.places if concerns(finding, place))
        if places:
            yield replace(finding, places=places)


def _is_at(paths: Collection[str]) -> Callable[[str], bool]:
    """Is a file one of these paths, or below one?"""
    every = frozenset(paths)
    return lambda file: "" in every or not every.isdisjoint(_and_above(file))


def _and_above(path: str) -> Iterator[str]:
    """A path and the folders in which it lies, but for the root."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def located(findings: Sequence[Finding], files: Files) -> list[Finding]:
    """The findings with line and column; only files with findings are read once more."""
    wanted: dict[str, list[Place]] = {}
    for place in unlocated(findings):
        wanted.setdefault(place.file, []).append(place)
    spans: dict[Place, Place] = {}
    for file, places in wanted.items():
        with suppress(UnreadableError):
            spans |= with_spans(places, files.read(file, MOST_BYTES))
    return [at(finding, spans) for finding in findings]


def changes(root: Path, revision: str) -> Changes:
    """What a branch changed in the registry at *root* since it left *revision*."""
    return changes_since(root, revision)


def both(changed: Collection[str], paths: Collection[str]) -> set[str]:
    """The changed files that are at these paths."""
    return set(filter(_is_at(paths), changed))
