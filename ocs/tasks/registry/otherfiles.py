"""Looking at what lies in a registry and is no record: keys, ciphertexts and links."""

from __future__ import annotations

from collections.abc import Iterator

from ocs.adapters.files import Entry, Files
from ocs.adapters.replacing import UNFINISHED, at_rest
from ocs.errors import UnreadableError
from ocs.model.finding import Finding, Place
from ocs.rules.records.filechecks import (
    INTERRUPTED_CHANGE,
    LINK_OUTSIDE,
    NOT_CIPHERTEXT,
    UNREADABLE_FILE,
)
from ocs.rules.records.naming import Misplaced, identify_key, identify_secret
from ocs.rules.secrets.files import is_ciphertext
from ocs.tasks.registry.load import misplaced

# As much of a file as tells what it is.
_HEAD_BYTES = 100
_NOT_READ = "ocs reads only plain files here"


def other_files(
    files: Files, *, opens_secrets: bool
) -> tuple[frozenset[str] | None, list[Finding]]:
    """The names of the ciphertexts, None where there is no folder of them, and what is wrong.

    Whether they are ciphertexts is only known where one *opens_secrets*.
    """
    findings = [*_links(files), *interrupted(files)]
    secrets: set[str] = set()
    has_secrets = False
    for entry in sorted(files.records(("keys", "secrets"))):
        folder = entry.path.partition("/")[0]
        has_secrets |= folder == "secrets"
        if entry.path == "ocs.yaml":
            continue
        if entry.what != "file":
            why = "cannot list this folder" if entry.what == "unlisted" else _NOT_READ
            findings.append(UNREADABLE_FILE.finding(why, Place(entry.path)))
            continue
        try:
            if folder == "keys":
                identify_key(entry.path)
            else:
                secrets.add(identify_secret(entry.path))
                findings.extend(_no_ciphertext(entry, files) if opens_secrets else ())
        except Misplaced as error:
            findings.append(misplaced(entry.path, error))
    return (frozenset(secrets) if has_secrets else None), findings


def interrupted(files: Files) -> Iterator[Finding]:
    """A change that is neither finished nor undone, and that no process is making now."""
    if not files.looks(UNFINISHED):
        return
    with at_rest(files.root) as is_at_rest:
        is_left = is_at_rest and files.looks(UNFINISHED)
    if is_left:
        hint = "run `ocs secret sync` to finish or undo it"
        yield INTERRUPTED_CHANGE.finding(
            "a change was interrupted halfway", Place(UNFINISHED), hint=hint
        )


def _no_ciphertext(entry: Entry, files: Files) -> Iterator[Finding]:
    try:
        head = files.read(entry.path, _HEAD_BYTES)
    except UnreadableError as error:
        yield UNREADABLE_FILE.finding(error.message, Place(entry.path))
        return
    if not is_ciphertext(head):
        yield NOT_CIPHERTEXT.finding(
            "this is not encrypted",
            Place(entry.path),
            hint="remove the file and change the secret in it, because git keeps the "
            "old one; then run `ocs secret add`",
        )


def _links(files: Files) -> Iterator[Finding]:
    """Links at the root that lead out of the registry; ocs reads no link below its folders."""
    for entry in files.top():
        if entry.what == "link" and files.leads_out(entry.path):
            yield LINK_OUTSIDE.finding(
                "this link leads out of the registry",
                Place(entry.path),
                hint="put the file itself in its place",
            )
