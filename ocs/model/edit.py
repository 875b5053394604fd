"""Edits of a record's fields, apart from how its file is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocs.model.record import Steps, Tree


@dataclass(frozen=True, slots=True)
class Set:
    """The value at *steps* becomes *value*; a new field is added."""

    steps: Steps
    value: Tree


@dataclass(frozen=True, slots=True)
class Insert:
    """*value* becomes the list item at *steps*; the items from there on move."""

    steps: Steps
    value: Tree


@dataclass(frozen=True, slots=True)
class Remove:
    """The field or item at *steps* goes."""

    steps: Steps


Edit = Set | Insert | Remove


def applied(tree: Tree, edits: Iterable[Edit]) -> Tree:
    """The tree with the edits, one after the other. Raises LookupError for wrong steps."""
    for edit in edits:
        tree = _with(tree, edit, edit.steps)
    return tree


def addition(tree: Mapping[str, Tree], field: str, item: Tree) -> Edit:
    """The edit that appends *item* to a list, or begins the list."""
    items = tree.get(field)
    if isinstance(items, list):
        return Insert((field, len(items)), item)
    return Set((field,), [item])


def as_text(tree: Tree) -> Tree:
    """The tree as its file holds it: whole numbers are text there."""
    if isinstance(tree, Mapping):
        return {name: as_text(value) for name, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [as_text(item) for item in tree]
    return str(tree).lower() if isinstance(tree, bool) else str(tree)


def differences(old: Tree, new: Tree, steps: Steps = ()) -> Iterator[Edit]:
    """Smallest edits that turn *old* into *new*; the order of fields does not count."""
    if as_text(old) == as_text(new):
        return
    if not (old and new):
        yield Set(steps, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for name, value in new.items():
            if name in old:
                yield from differences(old[name], value, (*steps, name))
            else:
                yield Set((*steps, name), value)
        yield from (Remove((*steps, name)) for name in old if name not in new)
    elif _is_list(old) and _is_list(new):
        yield from _of_items(old, new, steps)
    else:
        yield Set(steps, new)


def _with(tree: Tree, edit: Edit, steps: Steps) -> Tree:
    if not steps:
        return edit.value if isinstance(edit, Set) else tree
    step, *rest = steps
    changed: Tree = dict(tree) if isinstance(tree, Mapping) else list(tree)
    if rest:
        changed[step] = _with(changed[step], edit, tuple(rest))
    elif isinstance(edit, Insert):
        changed.insert(step, edit.value)
    elif isinstance(edit, Remove):
        del changed[step]
    else:
        changed[step] = edit.value
    return changed


def _is_list(value: Tree) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _of_items(old: Sequence[Tree], new: Sequence[Tree], steps: Steps) -> Iterator[Edit]:
    """The edits of a list, from its end to its beginning, so that later steps stay true."""
    from difflib import SequenceMatcher

    before, after = ([repr(as_text(item)) for item in items] for items in (old, new))
    same = SequenceMatcher(None, before, after, autojunk=False)
    for _, first, last, to, to_last in reversed(same.get_opcodes()):
        both = min(last - first, to_last - to)
        for item in reversed(new[to + both : to_last]):
            yield Insert((*steps, first + both), item)
        for number in reversed(range(first + both, last)):
            yield Remove((*steps, number))
        for number in range(both):
            place = first + number
            yield from _of_item(old[place], new[to + number], (*steps, place))


def _of_item(old: Tree, new: Tree, steps: Steps) -> Iterator[Edit]:
    """The edits of an item; one with nothing in common with the old one replaces it."""
    are_fields = isinstance(old, Mapping) and isinstance(new, Mapping)
    if are_fields and not any(field in as_text(new).items() for field in as_text(old).items()):
        yield from (Insert(steps, new), Remove((*steps[:-1], int(steps[-1]) + 1)))
    else:
        yield from differences(old, new, steps)
