"""What files were at other times, as git knows it. Nothing that the repository brings along is
run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git.program import GitError, answer, ask, begin
from ocs.errors import OcsError

_NOTHING = "0" * 40


class Version(NamedTuple):
    """What a commit made of a file, seen from one of its parents. A blob is empty where there
    is no file.

    A merge tells its changes once for each parent; what has the same `telling` is seen from
    the same one.
    """

    commit: str
    telling: int
    path: str
    before: str
    after: str


class HistoryUnknownError(OcsError):
    """Git does not have the whole history, or there is none."""


class History:
    """The history up to *revision* of the files below *folders* in the repository that *root*
    is in.

    Raises HistoryUnknownError where it is cut short, or cannot be read.
    """

    def __init__(self, root: Path, folders: Sequence[str], revision: str = "HEAD") -> None:
        self._root = root
        self._folders = folders
        self._revision = revision
        if self._asked("rev-parse", "--is-shallow-repository").strip() != "false":
            raise HistoryUnknownError(
                "git's history is cut short here", "fetch all of it: `git fetch --unshallow`"
            )

    def versions(self) -> list[Version]:
        """Every change of a file, of each commit that leads to the revision."""
        log = ["log", "--diff-merges=separate", "--raw", "-z", "--no-abbrev"]
        log += ["--full-history", "--relative", "--format=%x01%H"]
        return list(_versions(self._asked(*log, self._revision, "--", *self._folders)))

    def parents(self) -> Mapping[str, Sequence[str]]:
        """The parents of every commit."""
        lines = self._asked("rev-list", "--parents", self._revision).splitlines()
        return {words[0]: words[1:] for line in lines if (words := line.split())}

    def committed(self) -> Mapping[str, str]:
        """The blob of every file as it was committed last."""
        listed = self._asked("ls-tree", "-r", "-z", self._revision, "--", *self._folders)
        found = (entry.partition("\t") for entry in listed.split("\0") if entry)
        return {path: words.split()[2] for words, _, path in found}

    def contents(self, blobs: Iterable[str]) -> Mapping[str, bytes]:
        """What is in files. Raises HistoryUnknownError where git does not have one."""
        wanted = "".join(f"{blob}\n" for blob in blobs)
        try:
            process = begin(self._root, "cat-file", "--batch")
            out = answer(process, "cat-file", wanted.encode())
        except GitError as error:
            raise HistoryUnknownError(error.message, error.hint) from error
        found: dict[str, bytes] = {}
        at = 0
        while at < len(out):
            end = out.index(b"\n", at)
            words = out[at:end].decode().split()
            if len(words) != 3:
                raise HistoryUnknownError(
                    "git does not have all files of its history here", _FETCH
                )
            at = end + 1 + int(words[2]) + 1
            found[words[0]] = out[end + 1 : at - 1]
        return found

    def _asked(self, *question: str) -> str:
        try:
            return ask(self._root, *question)
        except GitError as error:
            if error.status is None:
                raise HistoryUnknownError(error.message, error.hint) from error
            raise HistoryUnknownError(
                "git's history cannot be read here", "see `git log`"
            ) from error


_FETCH = "make a clone that has everything"


def _versions(log: str) -> Iterator[Version]:
    commit, telling = "", 0
    fields = iter(log.split("\0"))
    for field in fields:
        head, mark, behind = field.partition("\x01")
        told = (behind if mark else head).strip("\n")
        if mark:
            commit, _, told = told.partition("\n")
            telling += 1
        if told.startswith(":"):
            _, _, before, after, _ = told.split(" ")
            path = next(fields)
            yield Version(
                commit,
                telling,
                path,
                *("" if blob == _NOTHING else blob for blob in (before, after)),
            )
