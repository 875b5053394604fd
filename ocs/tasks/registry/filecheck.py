"""Judging files one by one: what can be said of each from its path and its bytes.

What was found the last time serves again for files that have not changed. A check that failed
on a file is no result of it, and is not kept.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ocs.adapters.files import Entry, Files
from ocs.adapters.workers import Spread
from ocs.adapters.yamlfile import MOST_BYTES, locate, parse
from ocs.errors import UnreadableError
from ocs.model.filereport import FileReport, as_json, days_alike, only_on
from ocs.model.finding import Finding, Place
from ocs.model.kinds import KIND_OF_FOLDER
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

# So much of a text that is no record is looked through for what leaked.
_MOST_TEXT_BYTES = 16 * MOST_BYTES
_WIDE_TEXT = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Among what a record mentions: that it had another id before.
FORMERLY = "formerly"
# What a web token begins with, which may say of itself when it expires.
_WEB_TOKEN = b"eyJ"


@dataclass(frozen=True, slots=True)
class Judge:
    """What files are judged by. Without `texts` their lines are not looked at.

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
        """What is known of a file; if its digest is the given one, only that."""
        entry, digest = question
        of_records = _is_for_records(entry.path)
        kind, id, found = placed(entry) if of_records else (None, "", ())
        most = MOST_BYTES if of_records else _MOST_TEXT_BYTES
        document = self.documents.get(entry.path)
        data = document.data if document else None
        try:
            if document is None and entry.what == "file":
                data = self.files.read(entry.path, most)
        except UnreadableError as error:
            found = [unreadable(entry.path, error.message)] if of_records else ()
        if data is None:
            return FileReport(
                entry.path, 0, b"", kind.name if kind else "", id, findings=as_json(found)
            )
        now = _digest(entry.path, data)
        if now and now == digest:
            return now
        findings = list(found)
        try:
            if document is None and kind is not None:
                document, wrong = read(entry.path, kind, id, data, self.schemas)
                findings += wrong
            elif document is not None and document.record is None:
                findings += self.schemas.of(document.kind).check(
                    entry.path, dict(document.tree)
                )
            judged = self._judged(entry.path, data, document, findings)
        except Exception as error:  # noqa: BLE001  one file never hides what is found in others
            findings.append(failed("judging the file", error, entry.path))
            judged = FileReport(entry.path, findings=as_json(findings))
        is_whole = not any(finding.code == CHECK_FAILED.code for finding in findings)
        return judged._replace(
            stamp=entry.stamp_at(self.now_ns),
            digest=now if self.texts and is_whole else b"",
            kind=kind.name if kind else "",
            id=id,
        )

    def _judged(
        self, path: str, data: bytes, document: Document | None, found: list[Finding]
    ) -> FileReport:
        if document is not None and document.kind.one_by_one:
            found += findings_alone(document, self.today)
        if self.texts:
            found += self._of_lines(path, data, document)
        dates = _dates(document.tree) if document else ()
        after, before = (
            only_on(self.today) if _WEB_TOKEN in data else days_alike(dates, self.today)
        )
        return FileReport(
            path,
            tree=_kept_fields(document),
            fits=document is not None and document.record is not None,
            mentions="\n".join(dict.fromkeys(_mentions(document))) if document else "",
            findings=as_json(_located(found, data)),
            after=after,
            before=before,
            under=self.identifiers.digest
            if self.identifiers and goes_one_by_one(path)
            else "",
        )

    def _of_lines(
        self, path: str, data: bytes, document: Document | None
    ) -> Iterator[Finding]:
        """What is found by looking at the lines of a file."""
        encoding = "utf-16" if data.startswith(_WIDE_TEXT) else "utf-8"
        if encoding == "utf-8" and b"\0" in data:
            return
        if b"\r\n" in data:
            message, hint = (
                "the lines of this file end as on Windows",
                "save it with Unix line ends",
            )
            yield LINE_ENDS.finding(message, Place(path), hint=hint)
        text = data.decode(encoding, "replace")
        yield from guarded(LEAKED_SECRET, leaks(path, text, self.today), path)
        kind = KIND_OF_FOLDER.get(path.partition("/")[0] if path != "ocs.yaml" else "")
        if self.identifiers and goes_one_by_one(path):
            named = _named(self.identifiers, path, text, data, document)
            yield from guarded(IDENTIFYING, named, path)
        elif kind and kind.name in ABOUT_PEOPLE and path.endswith(".yaml"):
            yield from guarded(PERSONAL_DATA, personal_data(path, text), path)


def _named(
    identifiers: Identifiers, path: str, text: str, data: bytes, document: Document | None
) -> Iterator[Finding]:
    """Whom a file names, but for the ids by which its record mentions others."""
    references = document.references if document else ()
    named = list(
        identifiers.findings(path, text, {reference.target for reference in references})
    )
    yield from _but_for_mentions(named, document, data) if named and document else named


def judge_all(
    entries: Sequence[Entry], known: Mapping[str, FileReport], judge: Judge, counted: Counted
) -> tuple[list[FileReport], list[FileReport]]:
    """What is known of all the files, and of those which are not as they were *known*."""
    same: list[FileReport] = []
    changed: list[tuple[Entry, bytes]] = []
    for entry in entries:
        before = known.get(entry.path)
        if before is not None and before.stamp == entry.stamp:
            same.append(before)
        else:
            changed.append((entry, before.digest if before is not None else b""))
    fresh: list[FileReport] = []
    for (entry, _), answer in zip(
        changed, counted(Spread(judge, changed), "judging file"), strict=True
    ):
        if isinstance(answer, bytes):
            answer = known[entry.path]._replace(stamp=entry.stamp_at(judge.now_ns))
        fresh.append(answer)
    return [*same, *fresh], fresh


def _digest(path: str, data: bytes) -> bytes:
    """What tells these bytes at this place from others; empty where the path is no text, and
    is not kept.
    """
    try:
        return hashlib.blake2b(path.encode() + b"\0" + data, digest_size=16).digest()
    except UnicodeEncodeError:
        return b""


def _is_for_records(path: str) -> bool:
    return path == "ocs.yaml" or path.partition("/")[0] in KIND_OF_FOLDER


def goes_one_by_one(path: str) -> bool:
    """Does the file lie where there may be very many records, each judged for itself?"""
    folder, slash, _ = path.partition("/")
    return bool(slash) and folder in KIND_OF_FOLDER and KIND_OF_FOLDER[folder].one_by_one


def _dates(tree: Tree) -> Iterator[str]:
    """Every value that is a date, and perhaps others that have as many characters."""
    return (text for text in texts_of(tree) if len(text) == len("2026-11-20"))


def _kept_fields(document: Document | None) -> str:
    if document is None or document.kind.one_by_one:
        return ""
    return json.dumps(document.tree, separators=(",", ":"))


def _mentions(document: Document) -> Iterator[str]:
    """What the record mentions. What has not the form of a name is told by the schema."""
    for reference in document.references:
        if reference.target.split() == [reference.target]:
            yield f"{reference.space} {reference.target}"
    if document.tree.get("formerly"):
        yield FORMERLY


def _but_for_mentions(
    named: Sequence[Finding], document: Document, data: bytes
) -> Iterator[Finding]:
    """The findings of names that are not ids by which the record mentions others."""
    mentions = [
        Place(document.file, reference.steps, reference.of_key)
        for reference in document.references
    ]
    spans = [place.span for place in with_spans(mentions, data).values() if place.span]
    places = {
        (span.line, span.column + offset) for span in spans for offset in range(span.length)
    }
    for finding in named:
        span = finding.place.span
        if span is None or (span.line, span.column) not in places:
            yield finding


def with_spans(places: Sequence[Place], data: bytes) -> Mapping[Place, Place]:
    """The places in a file of these bytes, each with its line and column; none where it cannot
    be read.
    """
    if parse(data).tree is None:
        return {}
    spans = locate(data, [(place.steps, place.of_key) for place in places])
    return {
        place: replace(place, span=span) for place, span in zip(places, spans, strict=True)
    }


def _located(findings: Sequence[Finding], data: bytes) -> list[Finding]:
    """What was found in one file, with line and column."""
    places = [
        place
        for finding in findings
        for place in finding.places
        if place.span is None and place.steps
    ]
    found = with_spans(places, data) if places else {}
    return [
        replace(finding, places=tuple(found.get(place, place) for place in finding.places))
        for finding in findings
    ]
