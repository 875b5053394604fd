"""What was taken away since ocs last looked, and may be back: git's history tells.

Files show what holds now. Whoever was revoked or suspended by somebody else, and is back before
the user's ocs encrypts anything, looks the same there as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from ocs.adapters.git.versions import History
from ocs.model.change import Replacement
from ocs.model.kinds import RECORD_FOLDERS
from ocs.model.trust import Fact
from ocs.tasks.trust.stated import difference

# Problems state nothing of who can read secrets.
_FILES = ("ocs.yaml", "keys", *(folder for folder in RECORD_FOLDERS if folder != "problems"))


def taken_away(
    facts: Collection[Fact],
    root: Path,
    heads: Sequence[str],
    looked: Sequence[str],
    today: date,
) -> Mapping[Fact, str]:
    """Those of these facts that a commit took away, of which *heads* have one in their history.

    Commits in the history of *looked* are left out. Each fact comes with a commit. Raises
    HistoryUnknownError where git cannot tell.
    """
    new = [head for head in heads if head not in looked]
    if not (facts and new and looked):
        return {}
    history = History(root, _FILES, new[0], new[1:], looked)
    changes = [version for version in history.versions() if version.before]
    blobs = {blob for change in changes for blob in (change.before, change.after) if blob}
    contents = history.contents(sorted(blobs)) if blobs else {}
    gone: dict[Fact, str] = {}
    for change in changes:
        before, after = contents[change.before], contents.get(change.after, b"")
        _, removed = difference([Replacement(change.path, after, before)], today)
        for fact in removed.intersection(facts):
            gone.setdefault(fact, change.commit)
    return gone
