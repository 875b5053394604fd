"""Working on the text of one record, which is written only when it is valid.

The text lies aside from before the editor starts until it is in the registry, so that nothing
of it is lost.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from ocs.adapters.drafts import Aside, DraftFolders
from ocs.adapters.editor import find_editor, needs_no_terminal
from ocs.adapters.files import Files
from ocs.adapters.overlay import Overlay
from ocs.adapters.replacing import replace_all
from ocs.adapters.store.reports import ReportStore
from ocs.adapters.yamlfile import MOST_BYTES
from ocs.errors import OcsError
from ocs.model.change import Replacement
from ocs.model.finding import Finding, Place, Severity
from ocs.rules.check import may_hide
from ocs.rules.records.schema import Schemas
from ocs.tasks.records import template
from ocs.tasks.registry.ciphertexts import CODES as OF_SECRETS
from ocs.tasks.registry.load import Counted
from ocs.tasks.registry.validate import validate

__all__ = ["needs_no_terminal"]
_TOO_LARGE = "is larger than 1 MiB, the limit for a record"


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a record while it is worked on.

    `path` is the record's file, `before` its content, None for a new one, which begins with
    `template`. `place` is where the text lies, relative if that is near. `goes_on`: it was
    begun earlier. `aside` is None for a file of the user's own.
    """

    path: str
    before: bytes | None
    template: str
    place: Path
    aside: Aside | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class TextReport:
    """What is wrong with a text, and what would be written; true if there is no error."""

    data: bytes
    findings: tuple[Finding, ...]
    still_comments: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def current(files: Files, path: str) -> bytes:
    """What is in a record's file. Raises OcsError if it cannot be read, or is too large."""
    data = files.read(path, MOST_BYTES)
    if len(data) > MOST_BYTES:
        raise OcsError(f"{path} {_TOO_LARGE}", "keep large texts elsewhere and link to them")
    return data


def begin(
    path: str,
    before: bytes | None,
    begun: str,
    drafts: DraftFolders,
    *,
    afresh: bool = False,
) -> Draft:
    """A draft that lies aside: an earlier one, unless *afresh*, or a new one.

    Raises OcsError if the record has changed since the earlier one was begun.
    """
    aside = Aside(drafts, path)
    place = near(aside.file)
    if not afresh and _is_work(aside, begun) and aside.read() != before:
        if aside.before() != before:
            raise OcsError(
                f"{path} has changed since you started your text",
                f"merge both in {place} and add --file {place}, or start again with --discard",
            )
        return Draft(path, before, begun, place, aside, goes_on=True)
    aside.keep(begun.encode() if before is None else before, before)
    return Draft(path, before, begun, place, aside)


def given(
    path: str,
    before: bytes | None,
    begun: str,
    file: Path,
    drafts: DraftFolders,
    *,
    afresh: bool = False,
) -> Draft:
    """A draft whose text is in *file*; `-` is what is piped in, which is kept aside.

    Raises OcsError if it cannot be read or is too large, or if an earlier text would be lost
    and not *afresh*.
    """
    is_piped = file == Path("-")
    try:
        text = sys.stdin.buffer.read(MOST_BYTES + 1) if is_piped else _read(file)
    except OSError as error:
        raise OcsError(
            f"cannot read {file}: {error.strerror}", "name a file with the whole record"
        ) from error
    if len(text) > MOST_BYTES:
        raise OcsError(f"{'stdin' if is_piped else file} {_TOO_LARGE}")
    is_aside = any(file.resolve() == (folder / path).resolve() for folder in drafts.folders)
    if not is_piped and not is_aside:
        return Draft(path, before, begun, file)
    aside = Aside(drafts, path)
    place = near(aside.file)
    if is_piped and not afresh and _is_work(aside, begun) and aside.read() != text:
        raise OcsError(
            f"an unfinished draft of {path} is in {place}",
            "continue with it, or add --discard",
        )
    aside.keep(text, before)
    return Draft(path, before, begun, place, aside)


def edit(draft: Draft) -> None:
    """Let the user's editor work on the draft; put back work of which it leaves nothing.

    Raises OcsError if there is no editor or it fails, KeyboardInterrupt if interrupted.
    """
    assert draft.aside is not None
    before, was_work = text_of(draft), not is_nothing(draft)
    find_editor().edit(draft.aside.file)
    if was_work and not text_of(draft).strip():
        draft.aside.keep(before, draft.before)
        raise OcsError("the editor returned an empty text; your text is kept")


def text_of(draft: Draft) -> bytes:
    return _read(draft.place) if draft.aside is None else draft.aside.read(MOST_BYTES) or b""


def is_nothing(draft: Draft) -> bool:
    """Has nothing been added since the draft was begun?"""
    return _is_nothing(text_of(draft), draft.before, draft.template)


def _is_work(aside: Aside, begun: str) -> bool:
    return not _is_nothing(aside.read() or b"", aside.before(), begun)


def _is_nothing(text: bytes, before: bytes | None, begun: str) -> bool:
    if before is None:
        return template.is_untouched(text, begun)
    return text == before or not text.strip()


def report(
    draft: Draft,
    files: Files,
    schemas: Schemas,
    today: date,
    counted: Counted = lambda items, what: items,
    now_ns: int = 0,
    kept: ReportStore | None = None,
) -> TextReport:
    """What is wrong with the text, and what writing it would make wrong elsewhere.

    Lines are those of the text if it has errors, else those of what is written. Earlier
    findings of other files are taken from *kept*.
    """
    check = partial(
        validate,
        schemas=schemas,
        today=today,
        skip=OF_SECRETS,
        counted=counted,
        now_ns=now_ns,
        kept=kept,
    )

    def findings_with(data: bytes) -> tuple[Finding, ...]:
        return check(Overlay(files, {draft.path: data})).findings

    text = text_of(draft)
    with_blanks = template.with_blanks(text, draft.template)
    data = template.without_comments(text, draft.template)
    findings = findings_with(with_blanks)
    known: frozenset[_Key] = frozenset()
    if any(_is_elsewhere(finding, draft.path) for finding in findings):
        known = frozenset(key for finding in check(files).findings for key in _keys(finding))
    still_comments = tuple(template.still_comments(text, draft.template))
    of_text = TextReport(data, _new(findings, draft.path, known), still_comments)
    if of_text and of_text.findings and data != with_blanks:
        return replace(of_text, findings=_new(findings_with(data), draft.path, known))
    return of_text


_Key = tuple[str, str, Place]


def _new(
    findings: Iterable[Finding], path: str, known: frozenset[_Key]
) -> tuple[Finding, ...]:
    """Findings in this file, new ones elsewhere, and failed checks that may hide some here."""
    return tuple(
        finding
        for finding in findings
        if not (_is_elsewhere(finding, path) and known.issuperset(_keys(finding)))
        or may_hide(finding, (path,))
    )


def _is_elsewhere(finding: Finding, path: str) -> bool:
    return all(place.file != path for place in finding.places)


def _keys(finding: Finding) -> Iterator[_Key]:
    return ((finding.code, finding.message, place) for place in finding.places)


def write(draft: Draft, data: bytes, root: Path) -> None:
    """Write the record, and forget the draft. Raises OcsError if its file has changed."""
    folder = Path(draft.path).parent
    try:
        for outer in reversed([folder, *folder.parents]):
            if (root / outer).is_symlink():
                raise OcsError(
                    f"{outer} is a symbolic link, and links are not followed",
                    "replace it with a folder",
                )
            (root / outer).mkdir(exist_ok=True)
    except OSError as error:
        raise OcsError(f"cannot create a folder for {draft.path}: {error.strerror}") from error
    replace_all(root, [Replacement(draft.path, data, draft.before)])
    forget(draft)


def forget(draft: Draft) -> None:
    """Delete the draft; a file of the user's own stays."""
    if draft.aside is not None:
        draft.aside.discard()


def is_kept(draft: Draft) -> bool:
    """Does work of the user's lie aside?"""
    return draft.aside is not None and not is_nothing(draft)


def near(path: Path) -> Path:
    """The path from the current folder, if it is below that."""
    relative = Path(os.path.relpath(path))
    return path if ".." in relative.parts else relative


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)
