"""Which commit a name means. A name is a branch, and nothing that a stranger can bring along.

Git itself prefers a tag to a branch of the same name, and fetching brings along tags. So ocs
looks a name up by itself:

- `HEAD` is what is checked out.
- `refs/…` is the full name of a ref.
- Another name is a local branch, then a branch of a remote (`origin/main`).
- What is no branch must be a whole commit id.
- A name that means two of these is refused.
- Parents may follow: `main~2`.
- A branch to merge into is the newer one of that branch and its upstream. If both have commits
  of their own, ocs refuses.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ocs.adapters.git.program import GitError, answer, begin
from ocs.errors import OcsError

HEAD = "HEAD"
_HEADS, _REMOTES = "refs/heads/", "refs/remotes/"
# What git allows in the name of a ref, and then parents.
_REVISION = re.compile(r"(?P<name>[^\x00-\x20\x7f~^:?*\[\\]+)(?P<parents>([~^][0-9]{0,6})*)")
_WHOLE_ID = re.compile("[0-9a-f]{40}([0-9a-f]{24})?")
_SOME_ID = re.compile("[0-9a-f]{4,63}")
_UNKNOWN = "fetch it first; in CI fetch the whole history (fetch-depth: 0)"


class Revision(NamedTuple):
    """A commit, and the full name of the ref that led to it; empty for an id."""

    commit: str
    ref: str = ""

    @property
    def branch(self) -> str:
        """The name of the branch, as people write it; empty for anything else."""
        for prefix in (_HEADS, _REMOTES):
            if self.ref.startswith(prefix):
                return self.ref.removeprefix(prefix)
        return ""


class _Ref(NamedTuple):
    name: str
    object: str
    upstream: str


def revision(folder: Path, text: str) -> Revision:
    """The commit that somebody names. Raises OcsError for none, or more than one."""
    parts = _REVISION.fullmatch(text)
    if parts is None or ".." in text or "@{" in text:
        raise _unknown(text, _UNKNOWN)
    ref = _the_only_ref(folder, parts["name"], text)
    commit = _commit(folder, f"{ref.object}{parts['parents']}")
    if not commit:
        raise _unknown(text, _UNKNOWN)
    return Revision(commit, "" if parts["parents"] else ref.name)


def base(folder: Path, text: str) -> Revision:
    """The commit of a branch to merge into: as `revision`, and no older than its upstream."""
    named = revision(folder, text)
    ref = _checked_out(folder) if named.ref == HEAD else named.ref
    if not ref.startswith(_HEADS):
        return named
    upstream = next((r.upstream for r in _refs(folder, ref) if r.name == ref), "")
    if not upstream.startswith(_REMOTES):
        return named
    other = next((r.object for r in _refs(folder, upstream) if r.name == upstream), "")
    other = _commit(folder, other) if other else ""
    if not other or _contains(folder, named.commit, other):
        return named
    if _contains(folder, other, named.commit):
        return Revision(other, upstream)
    names = Revision("", ref).branch, Revision("", upstream).branch
    raise OcsError(
        f"{names[0]} and {names[1]} have diverged, so ocs cannot tell which one is the base",
        f"pull or push {names[0]} first, or name the commit by its whole id",
    )


def _the_only_ref(folder: Path, name: str, text: str) -> _Ref:
    """What the name of a ref or an id means. Raises OcsError for nothing, or several things."""
    name = HEAD if name == "@" else name
    full = [name] if name.startswith("refs/") else [f"{_HEADS}{name}", f"{_REMOTES}{name}"]
    found = [ref for ref in _refs(folder, *full) if ref.name in full]
    if name == HEAD:
        found += [
            _Ref(HEAD, id, "")
            for id in [_answer(folder, "show-ref", "--verify", "--hash", HEAD)]
            if id
        ]
    elif _WHOLE_ID.fullmatch(name) and _commit(folder, name):
        found.append(_Ref("", name, ""))
    if len(found) > 1:
        names = " and ".join(ref.name or "a commit" for ref in found)
        raise OcsError(
            f"'{text}' is ambiguous here: {names}",
            "write the full name of the branch, such as refs/heads/main, or rename one",
        )
    if found:
        return found[0]
    if any(ref.name == f"refs/tags/{name}" for ref in _refs(folder, f"refs/tags/{name}")):
        raise _unknown(text, f"a name means a branch; for the tag write refs/tags/{name}")
    if _SOME_ID.fullmatch(name):
        raise _unknown(text, f"name a branch, or write the whole commit id; {_UNKNOWN}")
    raise _unknown(text, _UNKNOWN)


def _refs(folder: Path, *names: str) -> list[_Ref]:
    """The refs with these full names, and those below them."""
    form = "--format=%(refname)%00%(objectname)%00%(upstream)"
    lines = _answer(folder, "for-each-ref", form, *names).splitlines()
    return [_Ref(*line.split("\0")) for line in lines]


def _checked_out(folder: Path) -> str:
    """The full name of the branch that is checked out; empty for none."""
    return _answer(folder, "symbolic-ref", "--quiet", HEAD)


def _commit(folder: Path, id: str) -> str:
    """The whole id of a commit; empty where there is none."""
    options = ("--verify", "--quiet", "--end-of-options")
    return _answer(folder, "rev-parse", *options, f"{id}^{{commit}}")


def _contains(folder: Path, newer: str, older: str) -> bool:
    return _answer(folder, "merge-base", newer, older) == older


def _answer(folder: Path, *arguments: str) -> str:
    """What git answers; empty where it says no. Raises GitError where it does not answer."""
    try:
        return (
            answer(begin(folder, *arguments), arguments[0])
            .decode(errors="surrogateescape")
            .strip()
        )
    except GitError as error:
        if error.status is None:
            raise
        return ""


def _unknown(text: str, hint: str) -> OcsError:
    return OcsError(f"git has no revision '{text}' here", hint)
