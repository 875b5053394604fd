"""Records, whose id is the name of their file, and how plain fields become typed ones."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from ocs.model.tree import Steps, Tree

__all__ = ["Record", "Reference", "Steps", "Tree", "build"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that is the id of something else; `space` names the kind of that."""

    target: str
    space: str
    steps: Steps
    of_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record that fits its schema. `id` is the file's name, for access `owner/name`."""

    id: str


R = TypeVar("R", bound=Record)


def build(cls: type[R], id: str, tree: Mapping[str, Tree], *, unchecked: bool = False) -> R:
    """The typed record for fields that fit the schema of *cls*.

    A field whose name is a keyword of Python ends in an underscore in the class: `with` is
    `with_`. Raises KeyError, TypeError or ValueError where the fields do not fit. Fields that
    the schema has not checked are *unchecked*: then each value's type is checked here.
    """
    read: Callable[..., R] = _builder(cast(Hashable, cls), unchecked)
    return read(tree, {"id": id})


@cache
def _builder(cls: Any, unchecked: bool) -> Callable[..., Any]:
    hints = typing.get_type_hints(cls)
    readers = {
        field.name.rstrip("_"): (field.name, _reader(hints[field.name], unchecked))
        for field in fields(cls)
    }

    def read(
        tree: Mapping[str, Tree], given: Mapping[str, str] = types.MappingProxyType({})
    ) -> Any:
        values: dict[str, Any] = dict(given)
        for key, value in tree.items():
            name, reader = readers[key]
            values[name] = value if reader is None else reader(value)
        return cls(**values)

    return read


def _reader(hint: Any, unchecked: bool) -> Callable[[Any], Any] | None:
    """How to read a value of this type from a tree; None where it stays as it is."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        return _reader(inner[0], unchecked) if len(inner) == 1 else None
    if origin is tuple:
        item = _reader(arguments[0], unchecked)
        return lambda values: tuple(
            map(item, _of(list, values)) if item else _of(list, values)
        )
    if origin is Mapping:
        value_reader = _reader(arguments[1], unchecked)
        if value_reader is None:
            return lambda values: types.MappingProxyType(_of(dict, values))
        return lambda values: types.MappingProxyType(
            {key: value_reader(value) for key, value in _of(dict, values).items()}
        )
    if hint is date:
        return date.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if is_dataclass(hint):
        return _builder(cast(Hashable, hint), unchecked)
    return (lambda value: _of(hint, value)) if unchecked and isinstance(hint, type) else None


def _of(type: type[Any], value: Any) -> Any:
    if not isinstance(value, type):
        raise TypeError(f"{value!r} is no {type.__name__}")
    return value
