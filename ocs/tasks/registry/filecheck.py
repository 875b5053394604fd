"""Judging files one by one: what can be said of each from its path and its bytes.

The last report serves again for a file that has not changed. A report in which a check failed
is not kept.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ocs.adapters.files import Entry, Files
from ocs.adapters.workers import Spread
from ocs.adapters.yamlfile import MOST_BYTES, locate, parse
from ocs.errors import UnreadableError
from ocs.model.filereport import FileReport, as_json, days_alike, only_on
from ocs.model.finding import Finding, Place
from ocs.model.kinds import KIND_OF_FOLDER, Kind
from ocs.model.record import Tree
from ocs.model.registry import Document
from ocs.rules.check import CHECK_FAILED, failed, guarded
from ocs.rules.checks import findings_alone
from ocs.rules.leaks.identifying import IDENTIFYING, Identifiers
from ocs.rules.leaks.leaks import leaks
from ocs.rules.leaks.personal import ABOUT_PEOPLE, PERSONAL_DATA, personal_data
from ocs.rules.records.filechecks import LEAKED_SECRET, LINE_ENDS
from ocs.rules.records.schema import Schemas
from ocs.rules.search.searchable import texts_of
from ocs.tasks.registry.load import Counted, placed, read, unreadable

# As much of a text that is no record is searched for leaked secrets.
_MOST_TEXT_BYTES = 16 * MOST_BYTES
_WIDE_TEXT = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Among what a record mentions: that it had another id before.
FORMERLY = "formerly"
# The first letters of a web token, which may hold the day on which it expires.
_WEB_TOKEN = b"eyJ"


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges files. Without `texts` it does not look at their lines.

    `documents` are the records that were read already, by their files.
    """

    files: Files
    schemas: Schemas
    today: date
    now_ns: int
    identifiers: Identifiers | None = None
    texts: bool = True
    documents: Mapping[str, Document] = field(default_factory=dict)

    def __call__(self, question: tuple[Entry, bytes]) -> FileReport | bytes:
        """The report of a file; only its digest if that is the given one."""
        entry, digest = question
        folder_kind = _kind_of_folder(entry.path)
        kind, id, faults = placed(entry) if folder_kind else (None, "", ())
        most = MOST_BYTES if folder_kind else _MOST_TEXT_BYTES
        document = self.documents.get(entry.path)
        data = document.data if document else None
        try:
            if document is None and entry.what == "file":
                data = self.files.read(entry.path, most)
        except UnreadableError as error:
            faults = [unreadable(entry.path, error.message)] if folder_kind else ()
        report = FileReport(entry.path, kind=kind.name if kind else "", id=id)
        findings = list(faults)
        if data is None:
            return report._replace(findings=as_json(findings))
        now = _digest(entry.path, data)
        if now and now == digest:
            return now
        try:
            if document is None and kind is not None:
                document, faults = read(entry.path, kind, id, data, self.schemas)
                findings += faults
            elif document is not None and document.record is None:
                shape = self.schemas.of(document.kind)
                findings += shape.check(entry.path, dict(document.tree))
            report = self._judged(report, data, document, findings)
        except Exception as error:  # noqa: BLE001  one file never hides what is found in others
            findings.append(failed("judging the file", error, entry.path))
            report = report._replace(findings=as_json(findings))
        is_whole = not any(finding.code == CHECK_FAILED.code for finding in findings)
        return report._replace(
            stamp=entry.stamp_at(self.now_ns), digest=now if self.texts and is_whole else b""
        )

    def _judged(
        self,
        report: FileReport,
        data: bytes,
        document: Document | None,
        findings: list[Finding],
    ) -> FileReport:
        path = report.path
        if document is not None and document.kind.one_by_one:
            findings += findings_alone(document, self.today)
        if self.texts:
            findings += self._of_lines(path, data, document)
        dates = _dates(document.tree) if document else ()
        after, before = (
            only_on(self.today) if _WEB_TOKEN in data else days_alike(dates, self.today)
        )
        identifiers = self.identifiers if goes_one_by_one(path) else None
        return report._replace(
            tree=_kept_fields(document),
            fits=document is not None and document.record is not None,
            mentions="\n".join(dict.fromkeys(_mentions(document))) if document else "",
            findings=as_json(_located(findings, data)),
            after=after,
            before=before,
            under=identifiers.digest if identifiers else "",
        )

    def _of_lines(
        self, path: str, data: bytes, document: Document | None
    ) -> Iterator[Finding]:
        """What is found by looking at the lines of a file."""
        encoding = "utf-16" if data.startswith(_WIDE_TEXT) else "utf-8"
        if encoding == "utf-8" and b"\0" in data:
            return
        if b"\r\n" in data:
            message = "this file has Windows line endings"
            yield LINE_ENDS.finding(
                message, Place(path), hint="save it with Unix line endings"
            )
        text = data.decode(encoding, "replace")
        yield from guarded(LEAKED_SECRET, leaks(path, text, self.today), path)
        kind = _kind_of_folder(path)
        if self.identifiers and goes_one_by_one(path):
            named = _named(self.identifiers, path, text, data, document)
            yield from guarded(IDENTIFYING, named, path)
        elif kind and kind.name in ABOUT_PEOPLE and path.endswith(".yaml"):
            yield from guarded(PERSONAL_DATA, personal_data(path, text), path)


def judge_all(
    entries: Sequence[Entry], known: Mapping[str, FileReport], judge: Judge, counted: Counted
) -> tuple[list[FileReport], list[FileReport]]:
    """The reports of all the files, and of those that are not as they were *known*."""
    same: list[FileReport] = []
    changed: list[tuple[Entry, bytes]] = []
    for entry in entries:
        before = known.get(entry.path)
        if before is not None and before.stamp == entry.stamp:
            same.append(before)
        else:
            changed.append((entry, before.digest if before is not None else b""))
    fresh: list[FileReport] = []
    reports = counted(Spread(judge, changed), "judging file")
    for (entry, _), report in zip(changed, reports, strict=True):
        if isinstance(report, bytes):
            report = known[entry.path]._replace(stamp=entry.stamp_at(judge.now_ns))
        fresh.append(report)
    return [*same, *fresh], fresh


def _digest(path: str, data: bytes) -> bytes:
    """The digest of a path and its bytes; empty for a path that is no text, which is not kept."""
    try:
        return hashlib.blake2b(path.encode() + b"\0" + data, digest_size=16).digest()
    except UnicodeEncodeError:
        return b""


def _kind_of_folder(path: str) -> Kind | None:
    """The kind of the records that belong where a file lies."""
    return KIND_OF_FOLDER.get("" if path == "ocs.yaml" else path.partition("/")[0])


def goes_one_by_one(path: str) -> bool:
    """Does the file lie where there may be very many records, each judged for itself?"""
    kind = _kind_of_folder(path)
    return kind is not None and kind.one_by_one and "/" in path


def _dates(tree: Tree) -> Iterator[str]:
    """Every value that is a date, and perhaps others that have as many characters."""
    return (text for text in texts_of(tree) if len(text) == len("2026-11-20"))


def _kept_fields(document: Document | None) -> str:
    if document is None or document.kind.one_by_one:
        return ""
    return json.dumps(document.tree, separators=(",", ":"))


def _mentions(document: Document) -> Iterator[str]:
    """What the record mentions. The schema reports what has not the form of a name."""
    for reference in document.references:
        if reference.target.split() == [reference.target]:
            yield f"{reference.space} {reference.target}"
    if document.tree.get("formerly"):
        yield FORMERLY


def _named(
    identifiers: Identifiers, path: str, text: str, data: bytes, document: Document | None
) -> Iterator[Finding]:
    """Whom a file names, but for the ids by which its record mentions others."""
    references = document.references if document else ()
    findings = list(identifiers.findings(path, text, {each.target for each in references}))
    if not findings:
        return
    mentions = [Place(path, reference.steps, reference.of_key) for reference in references]
    spans = [place.span for place in with_spans(mentions, data).values() if place.span]
    places = {
        (span.line, span.column + offset) for span in spans for offset in range(span.length)
    }
    for finding in findings:
        span = finding.place.span
        if span is None or (span.line, span.column) not in places:
            yield finding


def with_spans(places: Sequence[Place], data: bytes) -> dict[Place, Place]:
    """The places in a file's bytes, each with line and column; none where it cannot be read."""
    if not places or parse(data).tree is None:
        return {}
    spans = locate(data, [(place.steps, place.of_key) for place in places])
    return {
        place: replace(place, span=span) for place, span in zip(places, spans, strict=True)
    }


def _located(findings: Sequence[Finding], data: bytes) -> list[Finding]:
    """The findings of one file, with line and column."""
    spans = with_spans(list(unlocated(findings)), data)
    return [at(finding, spans) for finding in findings]


def unlocated(findings: Iterable[Finding]) -> Iterator[Place]:
    """The places of findings of which only the steps are known."""
    for finding in findings:
        for place in finding.places:
            if place.span is None and place.steps:
                yield place


def at(finding: Finding, spans: Mapping[Place, Place]) -> Finding:
    """The finding with the places that have spans in place of those without."""
    return replace(finding, places=tuple(spans.get(place, place) for place in finding.places))
