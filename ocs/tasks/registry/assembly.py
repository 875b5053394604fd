"""The registry assembled from the reports of its files.

Records of most kinds are judged together. Of those that go one by one (there may be very many)
it is enough here that what they mention exists; only where it does not, or where one had
another id before, are they read again to be judged among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from ocs.adapters.files import Entry, Files
from ocs.adapters.store.database import StoreUnusableError
from ocs.adapters.store.reports import ReportStore
from ocs.adapters.workers import Spread
from ocs.adapters.yamlfile import MOST_BYTES
from ocs.errors import UnreadableError
from ocs.model.filereport import FileReport, from_json, trees_of
from ocs.model.finding import Finding, Place
from ocs.model.kinds import FOLDERS, KIND, KINDS, RECORD_FOLDERS
from ocs.model.registry import Document, Registry
from ocs.rules.leaks.identifying import IDENTIFYING, Identifiers, plain_text
from ocs.rules.records.filechecks import UNKNOWN_FOLDER
from ocs.rules.records.naming import unknown_folder_hint
from ocs.rules.records.paths import known_folders
from ocs.rules.records.references import names
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.filecheck import Judge, goes_one_by_one, judge_all
from ocs.tasks.registry.load import Counted, document, frozen, read
from ocs.tasks.registry.otherfiles import other_files

T = TypeVar("T")

# Folders of which the lines are not looked at: what lies there is not for reading.
_NO_TEXTS = ("keys", "secrets")
# For more new names than this, every text is judged anew.
_MOST_NEW_NAMES = 200


@dataclass(frozen=True, slots=True)
class Assembly:
    """A registry, and the findings of its files, each by itself."""

    registry: Registry
    findings: tuple[Finding, ...]

    @property
    def records(self) -> int:
        return sum(map(len, self.registry.present.values()))

    @property
    def names(self) -> Iterator[str]:
        """Every record's file."""
        return (
            KIND[kind].file(id) for kind, ids in self.registry.present.items() for id in ids
        )


def assemble(
    files: Files,
    schemas: Schemas,
    today: date,
    *,
    texts: bool = True,
    counted: Counted = lambda items, what: items,
    now_ns: int = 0,
    kept: ReportStore | None = None,
    read_before: Registry | None = None,
    only_records: bool = False,
) -> Assembly:
    """The registry as it is on the day *today*; see `validate` for the rest."""
    documents = {document.file: document for document in read_before or () if document.data}
    known = kept.known(str(today)) if kept else {}
    entries = _entries(files)
    judge = Judge(files, schemas, today, now_ns, texts=texts, documents=documents)
    together = sorted(entry for entry in entries if not goes_one_by_one(entry.path))
    reports, fresh = judge_all(together, known, judge, counted)
    secrets, findings = other_files(files, opens_secrets=not only_records)
    registry = _of_reports(reports, secrets, schemas)
    findings = [*_unknown_folders(files, registry), *findings]

    judge = replace(judge, identifiers=Identifiers(registry)) if texts else judge
    also = _also(files, registry)
    one_by_one = [entry for entry in entries if goes_one_by_one(entry.path)]
    also_under = _forget_doubtful(known, one_by_one, judge, kept, counted)
    more, more_fresh = judge_all([*one_by_one, *also], known, judge, counted)
    registry = _with_one_by_one(registry, more, judge)
    for report in (*reports, *more):
        if report.findings:
            findings += _decoded(from_json, report.findings)
    fresh = [*fresh, *more_fresh]
    gone = known.keys() - {entry.path for entry in (*entries, *also)}
    gone |= known.keys() & {report.path for report in fresh if not report.is_kept}
    _keep(fresh, gone, judge, kept, also_under)
    return Assembly(registry, tuple(findings))


def _entries(files: Files) -> list[Entry]:
    """What is looked at: records, what lies in their place, and whatever else people write."""
    folders = [folder for folder in FOLDERS if folder not in _NO_TEXTS]
    texts = [
        entry
        for entry in files.top()
        if entry.what == "file" and entry.path not in ("ocs.yaml", *folders)
    ]
    return [
        entry
        for entry in (*files.records(folders), *texts)
        if entry.what == "file"
        or entry.path == "ocs.yaml"
        or entry.path.partition("/")[0] in RECORD_FOLDERS
    ]


def _also(files: Files, registry: Registry) -> list[Entry]:
    """What lies in folders that ocs leaves alone; secrets leak there as well."""
    folders = set(registry.policy.also) - set(FOLDERS)
    return [
        entry
        for entry in files.records(folders)
        if entry.what == "file" and entry.path != "ocs.yaml"
    ]


def _of_reports(
    reports: Collection[FileReport], secrets: frozenset[str] | None, schemas: Schemas
) -> Registry:
    with_trees = [report for report in reports if report.tree]
    documents = _decoded(_documents, with_trees, schemas)
    return Registry(tuple(documents), _present(reports), secrets)


def _documents(reports: Sequence[FileReport], schemas: Schemas) -> list[Document]:
    return [
        document(report.path, KIND[report.kind], report.id, tree, schemas, fits=report.fits)
        for report, tree in zip(reports, trees_of(reports), strict=True)
    ]


def _present(reports: Iterable[FileReport]) -> Mapping[str, frozenset[str]]:
    present: dict[str, set[str]] = {kind.name: set() for kind in KINDS}
    for report in reports:
        if report.kind:
            present[report.kind].add(report.id)
    return frozen(present)


def _with_one_by_one(
    registry: Registry, reports: Collection[FileReport], judge: Judge
) -> Registry:
    """The registry with records that go one by one: whole where others need more than ids."""
    more = _present(reports)
    present = {name: ids | more[name] for name, ids in registry.present.items()}
    known = names(replace(registry, present=present))
    documents = list(registry)
    mentioned = set("\n".join(report.mentions for report in reports).split("\n"))
    unknown = mentioned - known - {""}
    for report in reports if unknown else ():
        if not unknown.isdisjoint(report.mentions.split("\n")):
            documents.extend(_document_of(report, judge))
    pairs = (mention.partition(" ") for mention in mentioned & known)
    also = frozenset((space, name) for space, _, name in pairs)
    documents.sort(key=lambda document: document.file)
    return replace(registry, documents=tuple(documents), present=present, also_mentioned=also)


def _document_of(report: FileReport, judge: Judge) -> Iterator[Document]:
    """The record of a file of which only the report was needed so far."""
    if report.path in judge.documents:
        yield judge.documents[report.path]
        return
    with suppress(UnreadableError):
        data = judge.files.read(report.path, MOST_BYTES)
        kind = KIND[report.kind]
        document, _ = read(report.path, kind, report.id, data, judge.schemas)
        if document is not None:
            yield document


@dataclass(frozen=True, slots=True)
class _MayName:
    """Does the text or the id of a file perhaps name one of these?"""

    files: Files
    wanted: frozenset[str]

    def __call__(self, entry: Entry) -> bool:
        try:
            text = plain_text(
                entry.path.encode("utf-8", "replace")
                + b"\n"
                + self.files.read(entry.path, MOST_BYTES)
            )
        except UnreadableError:
            return True
        return any(name in text for name in self.wanted)


def _forget_doubtful(
    known: dict[str, FileReport],
    entries: Sequence[Entry],
    judge: Judge,
    kept: ReportStore | None,
    counted: Counted,
) -> set[str]:
    """Forget reports that may differ now that other names identify somebody.

    Returns the digests of the identifiers that all other reports were made with.
    """
    if judge.identifiers is None or kept is None:
        return set()
    stale: dict[str, list[Entry]] = {}
    for entry in entries:
        before = known.get(entry.path)
        if before is not None and before.under != judge.identifiers.digest:
            stale.setdefault(before.under, []).append(entry)
    for digest, affected in stale.items():
        for entry in _doubtful(affected, known, kept.names(digest), judge, counted):
            del known[entry.path]
    return set(stale)


def _doubtful(
    affected: Sequence[Entry],
    known: Mapping[str, FileReport],
    names_then: Mapping[str, str] | None,
    judge: Judge,
    counted: Counted,
) -> Iterable[Entry]:
    """The files that may name somebody now and did not before, or the other way round."""
    now = judge.identifiers.known if judge.identifiers else {}
    new = {name for name, whose in now.items() if (names_then or {}).get(name) != whose}
    if names_then is None or len(new) > _MOST_NEW_NAMES:
        return affected
    naming: list[Entry] = []
    rest: list[Entry] = []
    for entry in affected:
        names_somebody = IDENTIFYING.code in known[entry.path].findings
        (naming if names_somebody else rest).append(entry)
    if not new:
        return naming
    may_name = counted(
        Spread(_MayName(judge.files, frozenset(new)), rest), "looking for new names in file"
    )
    return [*naming, *(entry for entry, hit in zip(rest, may_name, strict=True) if hit)]


def _keep(
    fresh: Sequence[FileReport],
    gone: Collection[str],
    judge: Judge,
    kept: ReportStore | None,
    also_under: Collection[str],
) -> None:
    is_news = bool(fresh or gone or also_under)
    if kept is None or not judge.texts or judge.identifiers is None or not is_news:
        return
    rows = [report for report in fresh if report.is_kept]
    with suppress(StoreUnusableError):  # it is found anew the next time
        kept.keep(rows, gone, judge.identifiers.digest, judge.identifiers.known, also_under)


def _decoded(decode: Callable[..., T], *values: Any, **more: Any) -> T:
    """What was kept. Raises StoreUnusableError where it is damaged."""
    try:
        return decode(*values, **more)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise StoreUnusableError(
            f"what was found before cannot be read: {error}", is_broken=True
        ) from error


def _unknown_folders(files: Files, registry: Registry) -> Iterator[Finding]:
    known = known_folders(registry.policy.also)
    for top in files.top() if registry.has_policy else ():
        if top.what == "folder" and top.path not in known:
            yield UNKNOWN_FOLDER.finding(
                f"ocs does not know the folder '{top.path}', and reads nothing in it",
                Place(top.path),
                hint=unknown_folder_hint(top.path, FOLDERS),
            )
