"""The content of a YAML file, and the way to a value in it."""

from __future__ import annotations

from typing import Any

# Nested dicts and lists of text, and of whole numbers where the schema says so.
Tree = Any
# The way to a value within a file: `("leads", 1, "person")`; list items count from 0.
Steps = tuple[str | int, ...]
