"""What a command asks for, declared once for two readers.

Typer reads every call, completes and explains it, and takes 40 ms to load: half the time of a
search. A plain call, of words, flags, numbers, texts and folders, is read here; whatever is
more than that, or wrong, is left to typer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import EnumMeta
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

# How the text of a value is read, by the type of the parameter, where no parser is declared.
_READ: Mapping[Any, Callable[[str], Any]] = {
    int: int,
    int | None: int,
    str: str,
    str | None: str,
    Path | None: Path,
    list[Path] | None: Path,
}
# They may be given several times.
_SEVERAL = (list[Path] | None, list[Any] | None)
# What is declared of a parameter that is read here; of a `parser` ValueError says what is
# wrong.
_KNOWN = {"autocompletion", "help", "max", "metavar", "min", "parser", "rich_help_panel"}
# Not -n5 and -C/dir. An option that does not exist is a mistake; a sentence, a number and a
# sign are none.
_IS_WORD = re.compile(r"-(?!-|n\d+$|C[/.~]).{2,}|-[^A-Za-z0-]|--.*\s.*", re.DOTALL)


class Option:
    """An option of these names; *more* is what `typer.Option` is told besides."""

    __match_args__ = ("names", "more")

    def __init__(self, *names: str, **more: Any) -> None:
        self.names = names
        self.more = more


class Argument:
    """What stands without a name; *more* is what `typer.Argument` is told."""

    __match_args__ = ("more",)

    def __init__(self, **more: Any) -> None:
        self.more = more


class Words(Argument):
    """Any number of words, `-word` and `-1` among them: no options run together beside them."""


def as_words(args: Sequence[str]) -> list[str]:
    """The arguments, with a space before what begins with `-` and is a word: then it is taken
    as one.
    """
    return [f" {each}" if _IS_WORD.fullmatch(each) else each for each in args]


def takes_words(function: Callable[..., object]) -> bool:
    """Does this command take words?"""
    return any(isinstance(what, Words) for _, what in _declared(function).values())


def plain_values(
    function: Callable[..., object], args: Sequence[str]
) -> dict[str, Any] | None:
    """The parameters that a plain call of this command gives; None where typer is to be asked."""
    declared = _declared(function)
    named = {
        name: parameter
        for parameter, (_, what) in declared.items()
        if isinstance(what, Option)
        for name in what.names or (f"--{parameter.replace('_', '-')}",)
    }
    values: dict[str, Any] = {}
    unnamed: list[str] = []
    rest = iter(as_words(args) if takes_words(function) else args)
    try:
        for word in rest:
            if word == "--":
                unnamed += rest
            elif word == "-" or not word.startswith("-"):
                unnamed.append(word)
            else:
                name, text = _name_and_value(word)
                parameter = named[name]
                type, option = declared[parameter]
                text = text if text or type is bool else next(rest, "")
                value = _value(type, option, text)
                if type in _SEVERAL:
                    values.setdefault(parameter, []).append(value)
                elif parameter in values:  # typer says what that means
                    raise ValueError(word)
                else:
                    values[parameter] = value
        return values | _unnamed(function, declared, unnamed)
    except (KeyError, ValueError, ArithmeticError):
        return None


@cache
def _declared(function: Callable[..., object]) -> dict[str, tuple[Any, Any]]:
    """Of each parameter the type, and what was declared of it."""
    hints = get_type_hints(function, include_extras=True)
    pairs = ((name, getattr(hint, "__metadata__", (None,))) for name, hint in hints.items())
    return {
        name: (getattr(hints[name], "__origin__", None), what) for name, (what, *_) in pairs
    }


def _name_and_value(word: str) -> tuple[str, str]:
    if not word.startswith("--"):
        return word[:2], word[2:]
    name, equals, value = word.partition("=")
    if equals and not value:
        raise ValueError(word)
    return name, value


def _value(type: Any, option: Option, text: str) -> Any:
    """The value that an option's text is. Raises KeyError or ValueError where that is not
    plain.
    """
    if type is bool and not text:
        return True
    is_option = text.startswith("-") and text != "-"
    if type is bool or not text or is_option:
        raise ValueError(text)
    return _read(type, option, text)


def _read(type: Any, declared: Option | Argument, text: str) -> Any:
    if not declared.more.keys() <= _KNOWN:
        raise ValueError(text)
    read = declared.more.get("parser") or (type if isinstance(type, EnumMeta) else _READ[type])
    value = read(text)
    if "min" in declared.more and value < declared.more["min"]:
        raise ValueError(text)
    if "max" in declared.more and value > declared.more["max"]:
        raise ValueError(text)
    return value


def _unnamed(
    function: Callable[..., object], declared: Mapping[str, tuple[Any, Any]], given: list[str]
) -> dict[str, Any]:
    """What stands without a name, in its order. Raises KeyError or ValueError where that is
    not plain.
    """
    arguments = [
        (name, *each) for name, each in declared.items() if isinstance(each[1], Argument)
    ]
    if arguments and isinstance(arguments[0][2], Words):
        return {arguments[0][0]: given}
    needed = function.__code__.co_argcount - len(function.__defaults__ or ())
    if not needed <= len(given) <= len(arguments):
        raise ValueError(given)
    return {
        name: _read(type, what, text)
        for (name, type, what), text in zip(arguments, given, strict=False)
    }
