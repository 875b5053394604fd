"""Where in a file a value stands; computed only for files with findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import yaml
from yaml import CBaseLoader

from ocs.adapters.yamlfile.text import decode, lines_of
from ocs.model.finding import Span
from ocs.model.record import Steps


def locate(data: bytes, wanted: Iterable[tuple[Steps, bool]]) -> list[Span]:
    """Where each of the *wanted* values (True: its key) or its nearest parent stands in a file."""
    text = decode(data)
    root = CBaseLoader(text).get_single_node()
    lines = lines_of(text)
    return [_span(_node(root, steps, of_key), lines) for steps, of_key in wanted]


def _node(root: Any, steps: Steps, of_key: bool) -> Any:
    node = shown = root
    for number, step in enumerate(steps):
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                return shown
            node = pair[1]
            shown = pair[0] if of_key and number == len(steps) - 1 else node
        elif isinstance(node, yaml.SequenceNode) and step in range(len(node.value)):
            node = shown = node.value[step]
        else:
            return shown
    return shown


def _span(node: Any, lines: Sequence[str]) -> Span:
    start, end = node.start_mark, node.end_mark
    line = lines[start.line] if start.line < len(lines) else ""
    length = 1
    if isinstance(node, yaml.ScalarNode):
        last = end.column if end.line == start.line else len(line)
        length = last - start.column
    return Span(start.line + 1, start.column + 1, max(1, length), line)
