"""What the index keeps of a file: its fields, its words, and what it mentions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocs.adapters.files import Entry, Files
from ocs.adapters.store.index import Row, as_text
from ocs.adapters.yamlfile import MOST_BYTES, parse
from ocs.errors import UnreadableError
from ocs.model.kinds import Kind
from ocs.model.record import Tree
from ocs.rules.records.naming import Misplaced, identify
from ocs.rules.records.references import mentions
from ocs.rules.records.schema import Schemas, Shape
from ocs.rules.search.codes import codes_in
from ocs.rules.search.facets import facets_of
from ocs.rules.search.searchable import Searchable, searchable


@dataclass(frozen=True, slots=True)
class Indexer:
    """Makes the row for a file as it is now; none for what is no record.

    Reads any fields, also those that do not fit their schema. `now_ns` is the time in
    nanoseconds.
    """

    files: Files
    schemas: Schemas
    now_ns: int

    def __call__(self, entry: Entry) -> Row | None:
        try:
            kind, id = identify(entry.path)
        except Misplaced:
            return None
        try:
            data = self.files.read(entry.path, MOST_BYTES)
        except UnreadableError:
            data = b"\0"  # the row stays, without what the file held before
        stamp = entry.stamp_at(self.now_ns)
        tree = parse(data).tree
        if tree is None:
            # The words of a file count even where it cannot be read as YAML.
            words = Searchable(
                id.replace("-", " "), data.decode("utf-8", "replace"), "", "", "", "", ""
            )
            return Row(
                entry.path, stamp, kind.name, id, id, None, words, (), codes_in(words.symptoms)
            )
        shape = self.schemas.of(kind)
        shape.convert(tree)
        title = tree.get(kind.title)
        words = searchable(kind, id, tree)
        return Row(
            entry.path,
            stamp,
            kind.name,
            id,
            title if isinstance(title, str) else id,
            as_text(tree),
            words,
            tuple(_mentions(kind, id, tree, shape)),
            codes_in("\n".join(words)),
            facets_of(kind, tree),
        )


def _mentions(
    kind: Kind, id: str, tree: dict[str, Tree], shape: Shape
) -> Iterator[tuple[str, str, str]]:
    for reference in mentions(kind, id, tree, shape):
        yield reference.space, reference.target, as_text(reference.steps)
    former = tree.get("formerly")
    for number, old in enumerate(former if isinstance(former, list) else ()):
        if isinstance(old, str):
            yield "formerly", old, as_text(("formerly", number))
