"""Reading other projects' YAML, which is not ours: anchors and aliases are followed.

Every scalar is text, so that nothing is guessed. The size of the file is bounded, and so is
what its aliases unfold to: a few lines can make that larger than any memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml._yaml import CParser

from ocs.errors import OcsError
from ocs.model.record import Tree

MOST_BYTES = 20 * 1024 * 1024
# Every value, key and list counts, each time that an alias repeats it.
MOST_NODES = 250_000
DEEPEST = 50


@dataclass(frozen=True, slots=True)
class ForeignDocument:
    """A file as nested dicts and lists of text, and `repeated` fields with their lines."""

    tree: Tree
    repeated: tuple[tuple[str, int], ...] = ()  # of which the first one counts


def read(path: Path) -> ForeignDocument:
    """The document in a file. Raises OcsError where it is no YAML, too large or unreadable."""
    if path.is_dir():
        raise OcsError(f"{path} is a folder", "name the file in it")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise OcsError(f"cannot read {path}: {reason}", "name a file that exists") from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> ForeignDocument:
    """The document in *data*. Raises OcsError, which calls the file *name*, as `read` does."""
    if len(data) > MOST_BYTES:
        hint = "such files have a few hundred KiB; check that this is the right one"
        raise OcsError(f"{name} is larger than 20 MiB", hint)
    try:
        walk = _Reading(CParser(data.decode("utf-8-sig")), name)
        return ForeignDocument(walk.run(), tuple(walk.repeated))
    except UnicodeDecodeError as error:
        raise OcsError(f"{name} is not UTF-8: {error.reason}", "save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"line {mark.line + 1}: " if mark else ""
        message = f"{name} is not valid YAML: {at}{error.problem or error.context}"
        raise OcsError(message, _AS_GIVEN) from error
    except yaml.YAMLError as error:
        message = f"{name} is not valid YAML: {' '.join(str(error).split())}"
        raise OcsError(message, _AS_GIVEN) from error


_AS_GIVEN = "use the file as the other project publishes it"


@dataclass(slots=True)
class _Collection:
    """A mapping or list that is being read. `nodes` counts its values, unfolded."""

    value: Any
    anchor: str | None
    key: str | None = None
    nodes: int = 1


class _Reading:
    """One walk over the events of a file, without recursion."""

    def __init__(self, parser: Any, name: str) -> None:
        self._next = parser.get_event
        self._name = name
        self._stack: list[_Collection] = []
        self._anchors: dict[str, tuple[Tree, int]] = {}
        self._root: Tree = None
        self.repeated: list[tuple[str, int]] = []

    def run(self) -> Tree:
        documents = 0
        while (event := self._next()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                if event.anchor:
                    self._anchors[event.anchor] = (event.value, 1)
                self._put(event.value, 1, event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._begin({} if kind is yaml.MappingStartEvent else [], event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end(event)
            elif kind is yaml.AliasEvent:
                self._repeat(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    hint = "keep one document in the file"
                    raise self._refused(event, "a second document begins", hint)
        if not documents:
            raise OcsError(f"{self._name} is empty", _AS_GIVEN)
        return self._root

    def _begin(self, value: Any, event: Any) -> None:
        if len(self._stack) == DEEPEST:
            raise self._refused(event, f"it is nested deeper than {DEEPEST}", _AS_GIVEN)
        top = self._stack[-1] if self._stack else None
        if top and isinstance(top.value, dict) and top.key is None:
            raise self._refused(event, "a field's name must be a word", _AS_GIVEN)
        if event.anchor:
            self._anchors.pop(event.anchor, None)  # until it is whole
        self._stack.append(_Collection(value, event.anchor))

    def _end(self, event: Any) -> None:
        done = self._stack.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.value, done.nodes)
        self._put(done.value, done.nodes, event)

    def _repeat(self, event: Any) -> None:
        """Put what an alias repeats where it stands."""
        if any(open.anchor == event.anchor for open in self._stack):
            message = f"'*{event.anchor}' refers to a value that contains it"
            raise self._refused(event, message, _AS_GIVEN)
        if event.anchor not in self._anchors:
            raise self._refused(event, f"nothing defines '&{event.anchor}' above", _AS_GIVEN)
        self._put(*self._anchors[event.anchor], event)

    def _put(self, value: Tree, nodes: int, event: Any) -> None:
        """Put a value below its key, into its list, or at the root, and count it."""
        if not self._stack:
            self._root = value
            return
        top = self._stack[-1]
        top.nodes += nodes
        if top.nodes > MOST_NODES:
            raise self._refused(
                event, f"it contains more than {MOST_NODES:,} values", _AS_GIVEN
            )
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is None:
            if not isinstance(value, str):
                raise self._refused(event, "a field's name must be a word", _AS_GIVEN)
            top.key = value
        else:
            if top.key in top.value:
                self.repeated.append((top.key, event.start_mark.line + 1))
            top.value.setdefault(top.key, value)
            top.key = None

    def _refused(self, event: Any, why: str, hint: str) -> OcsError:
        return OcsError(
            f"{self._name} cannot be imported: line {event.start_mark.line + 1}: {why}", hint
        )
