"""Answers a plain call, of words, flags, numbers, texts and folders, without Typer.

Typer takes 40 ms to load, half the time of a search. Everything that is not plain, or wrong, is
left to it: help, completion and messages about usage.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from enum import EnumMeta
from pathlib import Path
from typing import Any

from ocs import boundary
from ocs.commands.declared import (
    REQUIRED,
    SEVERAL,
    Command,
    Parameter,
    parameters,
    prepared,
    run,
)
from ocs.commands.table import COMMANDS, command_named
from ocs.errors import OcsError

# How to read the text of a value, by the type of a parameter without a parser.
_READ: Mapping[Any, Callable[[str], Any]] = {
    int: int,
    int | None: int,
    str: str,
    str | None: str,
    Path: Path,
    Path | None: Path,
    list[str]: str,
    list[str] | None: str,
    list[Path] | None: Path,
}
# The settings that this module understands.
_KNOWN = {"complete", "help", "max", "metavar", "min", "panel", "parser", "show_default"}


def answer(args: Sequence[str]) -> int | None:
    """Answer a plain call, and return its status; None for a call that Typer must read."""
    name = _name(args)
    if name is None or "_OCS_COMPLETE" in os.environ:
        return None
    command = command_named(name)
    values = plain_values(command, args[len(name.split()) :])
    if values is None:
        return None
    with boundary.environment(args):
        return boundary.status_of(lambda: run(command, values), args)


def _name(args: Sequence[str]) -> str | None:
    """The command that is called; its name is one word or two."""
    words = [word for word in args[:2] if " " not in word]
    names = (" ".join(words[:1]), " ".join(words))
    return next((name for name in names if name in COMMANDS), None)


def plain_values(command: Command, args: Sequence[str]) -> dict[str, Any] | None:
    """The values that a plain call of a command gives; None where Typer must read it."""
    args, values = prepared(command, args)
    try:
        options, arguments = _options(parameters(command), args)
        values |= options | _arguments(parameters(command), arguments)
    except (KeyError, ValueError, ArithmeticError, OcsError):
        return None
    is_given = (
        parameter.name in values or parameter.default is not REQUIRED
        for parameter in parameters(command)
    )
    return values if all(is_given) else None


def _options(
    declared: Sequence[Parameter], args: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """The values of the options, and the words between them.

    Raises KeyError or ValueError where that is not plain.
    """
    named = {name: parameter for parameter in declared for name in parameter.option_names}
    values: dict[str, Any] = {}
    unnamed: list[str] = []
    rest = iter(args)
    for word in rest:
        if word == "--":
            unnamed += rest
        elif word == "-" or not word.startswith("-"):
            unnamed.append(word)
        else:
            name, text = _name_and_value(word)
            option = named[name]
            text = text if text or option.type is bool else next(rest, "")
            value = _option_value(option, text)
            if option.type in SEVERAL:
                values.setdefault(option.name, []).append(value)
            elif option.name in values:  # Typer knows what that means
                raise ValueError(word)
            else:
                values[option.name] = value
    return values, unnamed


def _name_and_value(word: str) -> tuple[str, str]:
    if not word.startswith("--"):
        return word[:2], word[2:]
    name, equals, value = word.partition("=")
    if equals and not value:
        raise ValueError(word)
    return name, value


def _option_value(option: Parameter, text: str) -> Any:
    if option.type is bool and not text:
        return True
    is_option = text.startswith("-") and text != "-"
    if option.type is bool or not text or is_option:
        raise ValueError(text)
    return _value(option, text)


def _arguments(declared: Sequence[Parameter], texts: Sequence[str]) -> dict[str, Any]:
    """The values of the arguments; the last may take several."""
    arguments = [parameter for parameter in declared if not parameter.option_names]
    values: dict[str, Any] = {}
    if arguments and arguments[-1].type in SEVERAL:
        several = arguments.pop()
        values[several.name] = [_value(several, text) for text in texts[len(arguments) :]]
        texts = texts[: len(arguments)]
        if not values[several.name]:
            del values[several.name]
    if len(texts) > len(arguments):
        raise ValueError(texts)
    given = zip(arguments, texts, strict=False)
    return values | {argument.name: _value(argument, text) for argument, text in given}


def _value(parameter: Parameter, text: str) -> Any:
    """The value of a text. Raises KeyError or ValueError where that is not plain."""
    settings = parameter.declared.settings
    if not settings.keys() <= _KNOWN:
        raise ValueError(text)
    is_enum = isinstance(parameter.type, EnumMeta)
    read = settings.get("parser") or (parameter.type if is_enum else _READ[parameter.type])
    value = read(text)
    if "min" in settings and value < settings["min"]:
        raise ValueError(text)
    if "max" in settings and value > settings["max"]:
        raise ValueError(text)
    return value
