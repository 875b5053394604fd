"""Which paths a disk takes for one another, and which files programs obey.

A file system may ignore case, the composition of letters, characters that nobody sees, and dots
and spaces at the end of a name. Paths are compared as the worst of them would.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator

from ocs.model.kinds import FOLDERS
from ocs.rules.records.spelling import is_ignorable

# Names in a folder.
Listing = Callable[[str], Iterable[str]]
# Files of these endings are read by people. A host, or a program that it runs, obeys others.
_DOCUMENTS = (
    *(".md", ".rst", ".adoc", ".txt", ".odt", ".ods", ".odp", ".pdf", ".csv"),
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"),
)
_NAMED_DOCUMENTS = frozenset(
    {
        *("license", "licence", "copying", "notice", "authors", "readme", "changelog"),
        *("contributing", "news", "todo"),
    }
)
# Documents by their ending that a program obeys.
_OBEYED = (
    *("codeowners", "agents", "claude", "gemini", "copilot", "requirements", "constraints"),
    *("cmakelists", "robots", "cname"),
)


def on_disk(name: str) -> str:
    """A name as the worst file system compares it."""
    seen = "".join(letter for letter in name if not is_ignorable(letter))
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", seen).casefold())
    return folded.rstrip(" .")


def is_plain(path: str) -> bool:
    """Is every name of a path, on the worst file system, as it is written?"""
    return all(on_disk(name) == name for name in path.split("/"))


def twins(paths: Iterable[str], listing: Listing) -> Iterator[tuple[str, str]]:
    """The paths of which a part is the same, on some disk, as another name in its folder."""
    known: dict[str, dict[str, list[str]]] = {}
    told: set[str] = set()
    for path in paths:
        folder = ""
        for name in path.split("/"):
            if folder not in known:
                known[folder] = _by_name_on_disk(listing(folder))
            here = f"{folder}/{name}" if folder else name
            others = [other for other in known[folder].get(on_disk(name), ()) if other != name]
            if others and here not in told:
                told.add(here)
                yield here, f"{folder}/{others[0]}" if folder else others[0]
            folder = here


def _by_name_on_disk(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        found.setdefault(on_disk(name), []).append(name)
    return found


def known_folders(also: Collection[str]) -> frozenset[str]:
    """The folders of a registry. `also:` names no folder that a disk takes for another one."""
    own = {on_disk(folder) for folder in FOLDERS}
    return frozenset({*FOLDERS, *(folder for folder in also if on_disk(folder) not in own)})


def is_obeyed(path: str) -> bool:
    """May a host, or a program that it runs, go by this file, which is no record?

    That is so for every name with a dot before it, and all but documents for people.
    """
    parts = path.split("/")
    if any(part.startswith(".") and on_disk(part) != ".gpg-id" for part in parts):
        return True
    if parts[0] in ("keys", "secrets") or on_disk(parts[-1]) == ".gpg-id":
        return False
    name = on_disk(parts[-1])
    if name in _NAMED_DOCUMENTS:
        return False
    return not name.endswith(_DOCUMENTS) or name.startswith(_OBEYED)


def is_obeyed_around(path: str) -> bool:
    """As `is_obeyed`, of a file of the repository beside the registry's folder, by its whole path.

    The code of other projects may lie there. So it is what lies at the top, and in every folder
    what has a dot before its name or is known by it, such as CODEOWNERS.
    """
    folders, _, name = path.rpartition("/")
    is_dotted = any(part.startswith(".") for part in path.split("/"))
    return is_dotted or on_disk(name).startswith(_OBEYED) or (not folders and is_obeyed(path))
