"""Judging a registry: everything that is wrong with it, each cause once, at its line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ocs.adapters.files import Files
from ocs.adapters.git import Changes, changes_since
from ocs.adapters.yamlfile import MOST_BYTES, locate, parse
from ocs.errors import UnreadableError
from ocs.model.finding import Finding, Place, Severity, Span, by_root_cause, sort_key
from ocs.model.kinds import FOLDERS, KIND, KIND_OF_FOLDER
from ocs.model.registry import Registry
from ocs.rules.checks import run_checks
from ocs.rules.identifying import IDENTIFYING, Identifiers
from ocs.rules.leaks import LEAKED_SECRET, leaks
from ocs.rules.naming import Misplaced, identify
from ocs.rules.personal import ABOUT_PEOPLE, PERSONAL_DATA, personal_data
from ocs.rules.reading import LINE_ENDS
from ocs.rules.schema import Schemas
from ocs.tasks.load import Counted, load

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
    counted: Counted = lambda items, what: items,
) -> Report:
    """Judge the registry as it is on the day *today*.

    With *paths* (files or folders, seen from the registry's root; None for all) only what is found there is
    told, and what names a record of the *deleted* files; ids are still looked up in the whole registry.
    *only* and *skip* name codes of checks.
    """
    loaded = load(files, schemas, counted)

    def is_wanted(code: str) -> bool:
        return (not only or code in only) and code not in skip

    everything = [*loaded.findings, *run_checks(loaded.registry, today, is_wanted)]
    if any(is_wanted(check.code) for check in OF_TEXTS):
        everything.extend(_of_texts(files, loaded.registry, today, counted))
    found = [each for each in everything if is_wanted(each.code)]
    told = by_root_cause(found if paths is None else _within(found, paths, _ids_of(deleted)))
    located = _located(told, files)
    names = [KIND[kind].file(id) for kind, ids in loaded.registry.present.items() for id in ids]
    records = sum(_is_within(name, paths) for name in names) if paths is not None else len(names)
    return Report(tuple(sorted(located, key=sort_key)), records)


def _of_texts(files: Files, registry: Registry, today: date, counted: Counted) -> Iterator[Finding]:
    """What is found by looking at the lines of every file that is not there for secrets."""
    identifiers = Identifiers(registry)
    texts = files.texts([folder for folder in FOLDERS if folder not in ("secrets", "keys")])
    for entry in counted(texts, "looking through file"):
        try:
            data = files.read(entry.path, MOST_BYTES)
        except UnreadableError:
            continue
        if b"\0" in data:
            continue
        if b"\r\n" in data:
            message, hint = "the lines of this file end as on Windows", "save it with Unix line ends"
            yield LINE_ENDS.finding(message, Place(entry.path), hint=hint)
        text = data.decode("utf-8", "replace")
        yield from leaks(entry.path, text, today)
        kind = KIND_OF_FOLDER.get(entry.path.partition("/")[0] if entry.path != "ocs.yaml" else "")
        if kind and kind.name == "problem":
            yield from identifiers.findings(entry.path, text)
        elif kind and kind.name in ABOUT_PEOPLE and entry.path.endswith(".yaml"):
            yield from personal_data(entry.path, text)


def _ids_of(deleted: Collection[str]) -> Iterator[str]:
    """The ids of the records that lay at these paths."""
    for path in deleted:
        with suppress(Misplaced, KeyError):
            yield identify(path)[1]


def _within(findings: Iterable[Finding], paths: Collection[str], deleted: Iterable[str]) -> Iterator[Finding]:
    """The findings that have places at these paths, with only those places, or that a deletion made."""
    gone = set(deleted)
    for found in findings:
        if found.root in gone:
            yield found
            continue
        places = tuple(place for place in found.places if _is_within(place.file, paths))
        if places:
            yield replace(found, places=places)


def _is_within(file: str, paths: Collection[str]) -> bool:
    return any(path in ("", file) or file.startswith(f"{path}/") for path in paths)


def _located(findings: Iterable[Finding], files: Files) -> Iterator[Finding]:
    """The findings with line and column; only files with findings are read once more."""
    spans: dict[Place, Span] = {}
    wanted: dict[str, list[Place]] = {}
    findings = list(findings)
    for found in findings:
        for place in found.places:
            if place.span is None and place.steps:
                wanted.setdefault(place.file, []).append(place)
    for file, places in wanted.items():
        spans.update(_spans(file, places, files))
    for found in findings:
        places_with_spans = tuple(
            replace(place, span=spans[place]) if place in spans else place for place in found.places
        )
        yield replace(found, places=places_with_spans)


def _spans(file: str, places: list[Place], files: Files) -> dict[Place, Span]:
    try:
        data = files.read(file, MOST_BYTES)
    except UnreadableError:
        return {}
    if parse(data).tree is None:
        return {}
    found = locate(data, [(place.steps, place.of_key) for place in places])
    return dict(zip(places, found, strict=True))


def changes(root: Path, revision: str) -> Changes:
    """What a branch changed in the registry at *root* since it left *revision*. Raises OcsError."""
    return changes_since(root, revision)


def both(changed: Collection[str], paths: Collection[str]) -> set[str]:
    """The changed files that are at these paths."""
    return {path for path in changed if _is_within(path, paths)}
