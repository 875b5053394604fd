"""Earlier versions of files in git's history. Nothing that the repository brings along runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git.program import GitError, answer, ask, begin
from ocs.errors import OcsError

_NOTHING = "0" * 40


class Version(NamedTuple):
    """What a commit made of a file, compared with one of its parents; a blob is empty for no file.

    A merge lists its changes once for each parent; those with the same `listing` are for the
    same one.
    """

    commit: str
    listing: int
    path: str
    before: str
    after: str


class HistoryUnknownError(OcsError):
    """Git does not have the whole history, or there is none."""


class History:
    """Files below *folders* in the history of *revision*. Raises HistoryUnknownError.

    Those of the *others* are in it as well, and what leads to a commit that was *seen* is not;
    such a commit need not be in this clone. Where nothing was seen, a shallow clone is refused.
    """

    def __init__(
        self,
        root: Path,
        folders: Sequence[str],
        revision: str = "HEAD",
        others: Sequence[str] = (),
        seen: Sequence[str] = (),
    ) -> None:
        self._root = root
        self._folders = folders
        self._revision = revision
        self._range = [revision, *others]
        if seen:
            self._range = ["--ignore-missing", *self._range, "--not", *seen]
        if not seen and self._ask("rev-parse", "--is-shallow-repository").strip() != "false":
            raise HistoryUnknownError(
                "this is a shallow clone, without the whole history",
                "fetch the rest with `git fetch --unshallow`",
            )

    def versions(self) -> list[Version]:
        """Every change of a file, of each commit in this history."""
        log = ["log", "--diff-merges=separate", "--raw", "-z", "--no-abbrev"]
        log += ["--full-history", "--relative", "--format=%x01%H"]
        return list(_versions(self._ask(*log, *self._range, "--", *self._folders)))

    def parents(self) -> Mapping[str, Sequence[str]]:
        """The parents of every commit."""
        lines = self._ask("rev-list", "--parents", self._revision).splitlines()
        return {words[0]: words[1:] for line in lines if (words := line.split())}

    def committed(self) -> Mapping[str, str]:
        """The blob of every file as it was committed last."""
        listed = self._ask("ls-tree", "-r", "-z", self._revision, "--", *self._folders)
        entries = (entry.partition("\t") for entry in listed.split("\0") if entry)
        return {path: words.split()[2] for words, _, path in entries}

    def contents(self, blobs: Iterable[str]) -> Mapping[str, bytes]:
        """The contents of blobs. Raises HistoryUnknownError where git does not have one."""
        question = "".join(f"{blob}\n" for blob in blobs)
        try:
            process = begin(self._root, "cat-file", "--batch")
            out = answer(process, "cat-file", question.encode())
        except GitError as error:
            raise HistoryUnknownError(error.message, error.hint) from error
        contents: dict[str, bytes] = {}
        at = 0
        while at < len(out):
            end = out.index(b"\n", at)
            words = out[at:end].decode().split()
            if len(words) != 3:
                message = "this clone lacks some files of its history"
                raise HistoryUnknownError(message, "make a full clone")
            at = end + 1 + int(words[2]) + 1
            contents[words[0]] = out[end + 1 : at - 1]
        return contents

    def _ask(self, *arguments: str) -> str:
        try:
            return ask(self._root, *arguments)
        except GitError as error:
            if error.status is None:
                raise HistoryUnknownError(error.message, error.hint) from error
            raise HistoryUnknownError(
                "cannot read git's history here", "see `git log`"
            ) from error


def _versions(log: str) -> Iterator[Version]:
    commit, listing = "", 0
    fields = iter(log.split("\0"))
    for field in fields:
        head, mark, behind = field.partition("\x01")
        change = (behind if mark else head).strip("\n")
        if mark:
            commit, _, change = change.partition("\n")
            listing += 1
        if change.startswith(":"):
            blobs = ["" if blob == _NOTHING else blob for blob in change.split(" ")[2:4]]
            yield Version(commit, listing, next(fields), *blobs)
