"""The registry as a whole, from what is known of each file by itself.

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
class Whole:
    """A registry with what was found of its files, each by itself."""

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

    @classmethod
    def judged(
        cls,
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
    ) -> Whole:
        """The registry as it is on the day *today*; see `validate` for the rest."""
        documents = {
            document.file: document for document in read_before or () if document.data
        }
        known = kept.known(str(today)) if kept else {}
        entries = _entries(files)
        judge = Judge(files, schemas, today, now_ns, texts=texts, documents=documents)
        alone: list[Entry] = []
        others: list[Entry] = []
        for entry in entries:
            (alone if goes_one_by_one(entry.path) else others).append(entry)
        others.sort()
        judged, fresh = judge_all(others, known, judge, counted)
        secrets, of_others = other_files(files, opens_secrets=not only_records)
        registry = _together(judged, secrets, schemas)
        findings = [*_unknown_folders(files, registry), *of_others]

        judge = replace(judge, identifiers=Identifiers(registry)) if texts else judge
        also = _also(files, registry)
        also_under = _without_those_in_doubt(known, alone, judge, kept, counted)
        one_by_one, more = judge_all([*alone, *also], known, judge, counted)
        registry = _with(registry, one_by_one, judge)
        for each in (*judged, *one_by_one):
            if each.findings:
                findings += _decoded(from_json, each.findings)
        gone = known.keys() - {entry.path for entry in (*entries, *also)}
        gone |= known.keys() & {each.path for each in (*fresh, *more) if not each.is_kept}
        _keep([*fresh, *more], gone, judge, kept, also_under)
        return cls(registry, tuple(findings))


def _entries(files: Files) -> list[Entry]:
    """What is looked at: records, what lies in their place, and whatever else people write."""
    folders = [folder for folder in FOLDERS if folder not in _NO_TEXTS]
    found = files.records(folders)
    texts = [
        entry for entry in files.top() if entry.what == "file" and entry.path != "ocs.yaml"
    ]
    looked_into = [*found, *(entry for entry in texts if entry.path not in folders)]
    return [
        entry
        for entry in looked_into
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


def _together(
    judged: Collection[FileReport], secrets: frozenset[str] | None, schemas: Schemas
) -> Registry:
    present: dict[str, set[str]] = {kind.name: set() for kind in KINDS}
    for each in judged:
        if each.kind:
            present[each.kind].add(each.id)
    with_trees = [each for each in judged if each.tree]
    documents = _decoded(_documents, with_trees, schemas)
    return Registry(tuple(documents), frozen(present), secrets)


def _documents(judged: Sequence[FileReport], schemas: Schemas) -> list[Document]:
    return [
        document(each.path, KIND[each.kind], each.id, tree, schemas, fits=each.fits)
        for each, tree in zip(judged, trees_of(judged), strict=True)
    ]


def _with(registry: Registry, judged: Iterable[FileReport], judge: Judge) -> Registry:
    """The registry with records that go one by one: whole where others need more than their
    ids.
    """
    present = {name: set(ids) for name, ids in registry.present.items()}
    for each in judged:
        if each.kind:
            present[each.kind].add(each.id)
    known = names(replace(registry, present=frozen(present)))
    documents = list(registry)
    mentioned = set("\n".join(each.mentions for each in judged).split("\n"))
    unknown = mentioned - known - {""}
    for each in judged if unknown else ():
        if not unknown.isdisjoint(each.mentions.split("\n")):
            documents.extend(_document_of(each, judge))
    names_of = (each.partition(" ") for each in mentioned & known)
    also = frozenset((space, name) for space, _, name in names_of)
    documents.sort(key=lambda each: each.file)
    return replace(
        registry, documents=tuple(documents), present=frozen(present), also_mentioned=also
    )


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


def _without_those_in_doubt(
    known: dict[str, FileReport],
    entries: Sequence[Entry],
    judge: Judge,
    kept: ReportStore | None,
    counted: Counted,
) -> set[str]:
    """Forget what is no longer known since other names identify somebody than when it was
    found.

    Gives the digests of the identifiers with which all the rest was found.
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
    """The files of which it may be told otherwise now whom they name."""
    now = judge.identifiers.known if judge.identifiers else {}
    new = {name for name, whose in now.items() if (names_then or {}).get(name) != whose}
    if names_then is None or len(new) > _MOST_NEW_NAMES:
        return affected
    told = [entry for entry in affected if IDENTIFYING.code in known[entry.path].findings]
    rest = (
        [entry for entry in affected if IDENTIFYING.code not in known[entry.path].findings]
        if new
        else []
    )
    may_name = counted(
        Spread(_MayName(judge.files, frozenset(new)), rest), "looking for new names in file"
    )
    return [*told, *(entry for entry, hit in zip(rest, may_name, strict=True) if hit)]


def _keep(
    fresh: Sequence[FileReport],
    gone: Collection[str],
    judge: Judge,
    kept: ReportStore | None,
    also_under: Collection[str],
) -> None:
    if (
        kept is None
        or not judge.texts
        or judge.identifiers is None
        or not (fresh or gone or also_under)
    ):
        return
    rows = [each for each in fresh if each.is_kept]
    with suppress(StoreUnusableError):  # it is found anew the next time
        kept.keep(rows, gone, judge.identifiers.digest, judge.identifiers.known, also_under)


def _decoded(decode: Callable[..., T], *values: Any, **more: Any) -> T:
    """What was kept. Raises StoreUnusableError where it is not as it was written."""
    try:
        return decode(*values, **more)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise StoreUnusableError(
            f"what was found before cannot be read: {error}", is_broken=True
        ) from error


def _unknown_folders(files: Files, registry: Registry) -> Iterator[Finding]:
    if not registry.has_policy:
        return
    for top in files.top():
        if (
            top.what == "folder"
            and top.path not in FOLDERS
            and top.path not in registry.policy.also
        ):
            yield UNKNOWN_FOLDER.finding(
                f"ocs knows no folder '{top.path}', so nobody will read what lies in it",
                Place(top.path),
                hint=unknown_folder_hint(top.path, FOLDERS),
            )
