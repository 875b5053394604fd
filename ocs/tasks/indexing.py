"""What the index keeps of a file: its fields, its words, and what it mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ocs.adapters.files import Entry, Files
from ocs.adapters.store.index import Row
from ocs.adapters.yamlfile import MOST_BYTES, parse
from ocs.errors import UnreadableError
from ocs.model.kinds import Kind
from ocs.model.record import Steps, Tree
from ocs.rules.codes import codes_in
from ocs.rules.facts import facts_of
from ocs.rules.naming import Misplaced, identify
from ocs.rules.references import mentions
from ocs.rules.schema import Schemas, Shape
from ocs.rules.words import Searchable, searchable


def rows(changed: Iterable[Entry], files: Files, schemas: Schemas, now_ns: int) -> Iterator[Row]:
    """The rows for these files, as they are now. `now_ns` is the time in nanoseconds.

    Reads any fields, also those that do not fit their schema; files that are no records are left out.
    """
    for entry in changed:
        try:
            kind, id = identify(entry.path)
        except Misplaced:
            continue
        try:
            data = files.read(entry.path, MOST_BYTES)
        except UnreadableError:
            data = b"\0"  # its place is kept, and what it held before is not told any more
        stamp = entry.stamp_at(now_ns)
        tree = parse(data).tree
        if tree is None:
            # Even a file that cannot be read as YAML is found by its words.
            words = Searchable(id.replace("-", " "), data.decode("utf-8", "replace"), "", "", "", "", "")
            yield Row(entry.path, stamp, kind.name, id, id, None, words, [], codes_in(words.symptoms))
        else:
            shape = schemas.of(kind)
            shape.convert(tree)
            named = list(_mentions(kind, id, tree, shape))
            words = searchable(kind, id, tree)
            codes = codes_in("\n".join(words))
            facts = facts_of(kind, tree)
            title = _title(kind, id, tree)
            yield Row(entry.path, stamp, kind.name, id, title, tree, words, named, codes, facts)


def _title(kind: Kind, id: str, tree: dict[str, Tree]) -> str:
    title = tree.get(kind.title)
    return title if isinstance(title, str) else id


def _mentions(kind: Kind, id: str, tree: dict[str, Tree], shape: Shape) -> Iterator[tuple[str, str, Steps]]:
    for reference in mentions(kind, id, tree, shape):
        yield reference.space, reference.target, reference.steps
    former = tree.get("formerly")
    for number, old in enumerate(former if isinstance(former, list) else ()):
        if isinstance(old, str):
            yield "formerly", old, ("formerly", number)
