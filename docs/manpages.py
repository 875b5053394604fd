"""Writes the manual pages: `ocs.1`, and one for each group of commands, such as `ocs-secret.1`.

Commands, options and examples are those of the help. What follows them stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ocs import __version__
from ocs.commands.declared import REQUIRED, Argument, help_of, parameters, program
from ocs.commands.table import COMMANDS, GROUPS, command_named

NAME = "open community support: solved problems, shared logins, and who speaks for whom"
ABOUT = (
    "ocs keeps records of problems, organisations, communities and people as YAML files in a "
    "git repository: a registry. Secrets in it are encrypted to their readers.",
    "A command works on the registry in or above the current folder. Records, questions and "
    "answers are plain text; --json prints one JSON document instead.",
)
OPTIONS = (
    ("--version", "Print the version. With --json, print the versions of ocs, Python, gpg, "
     "git and SQLite."),
    ("--install-completion", "Install completion for the current shell."),
    ("--show-completion", "Print the completion script for the current shell."),
    ("--help, -h", "Print help for ocs or for a command."),
)  # fmt: skip
STATUSES = (
    ("0", "Done, or the answer is yes."),
    ("1", "The answer is no: findings, a refused change, no results."),
    ("2", "Wrong usage, or something is missing or cannot be read."),
    ("3", "A bug in ocs. The message names a file with details to report."),
    ("130", "You interrupted the command, or declined to go on."),
)
ENVIRONMENT = (
    ("OCS_REGISTRIES", "Folders of more registries for `ocs search`, separated by colons."),
    ("OCS_EDITOR, VISUAL, EDITOR", "The editor for records and secrets; the first one counts."),
    ("GNUPGHOME", "The folder of your OpenPGP keys, ~/.gnupg by default."),
    ("PASSWORD_STORE_CLIP_TIME", "How many seconds a secret stays in the clipboard."),
    ("NO_COLOR", "Print without colour, as --no-color does."),
    ("XDG_CACHE_HOME, XDG_STATE_HOME", "Where caches and drafts go if the registry is not in "
     "a git repository; ~/.cache and ~/.local/state by default."),
)  # fmt: skip
FILES = (
    ("ocs.yaml", "The registry's own record. Its folder is the registry."),
    ("people/, orgs/, communities/, problems/, vetting/, access/", "Records, one in each file."),
    ("keys/", "The OpenPGP certificates of people."),
    ("secrets/OWNER/NAME.gpg", "Secrets, each encrypted to its readers."),
    (".git/ocs/", "The index and drafts of the registry. You can delete the index at any time."),
)  # fmt: skip
BEYOND = ("git(1)", "gpg(1)", "pass(1)")


def pages() -> dict[str, str]:
    """The manual pages by file name."""
    alone = [name for name in COMMANDS if " " not in name]
    groups = {
        group: [name for name in COMMANDS if name.startswith(f"{group} ")] for group in GROUPS
    }
    others = [f"ocs-{group}(1)" for group in GROUPS]
    overview = [(f"ocs {group} COMMAND", GROUPS[group]) for group in GROUPS]
    main = _page("ocs", NAME, [], ABOUT, alone, ["ocs COMMAND [OPTIONS]"], others, overview)
    return {"ocs.1": main} | {
        f"ocs-{group}.1": _page(
            f"ocs-{group}", _lower(GROUPS[group]), ["ocs(1)"], [GROUPS[group]], names
        )
        for group, names in groups.items()
    }


def _page(
    title: str,
    purpose: str,
    before: list[str],
    about: Iterable[str],
    names: list[str],
    synopsis: list[str] | None = None,
    others: Iterable[str] = (),
    groups: Iterable[tuple[str, str]] = (),
) -> str:
    lines = [
        '.\\" Written by docs/generate.py; change the code instead.',
        f'.TH {title.upper()} 1 "" "ocs {__version__}" "Open community support"',
        *(".SH NAME", f"{_text(title)} \\- {_text(purpose)}"),
        *(".SH SYNOPSIS", ".nf"),
        *(_text(line) for line in synopsis or map(usage, names)),
        *(".fi", ".SH DESCRIPTION", *_paragraphs(about)),
        ".SH COMMANDS",
    ]
    for name in names:
        lines += _command(name)
    for call, meaning in groups:
        lines += [f".SS {_text(call)}", _text(f"{meaning} See `man ocs-{call.split()[1]}`.")]
    if groups:
        lines += [".SH OPTIONS", *_terms(OPTIONS)]
    lines += [".SH EXIT STATUS", *_terms(STATUSES), ".SH ENVIRONMENT", *_terms(ENVIRONMENT)]
    lines += [".SH FILES", *_terms(FILES), ".SH EXAMPLES", ".nf"]
    lines += [_text(help_of(command_named(name)).examples[0]) for name in names]
    also = ", ".join(map(_reference, [*before, *others, *BEYOND]))
    return "\n".join([*lines, ".fi", ".SH SEE ALSO", also, ""])


def usage(name: str) -> str:
    """How a command is called: `ocs list [OPTIONS] KIND`."""
    command = command_named(name)
    words = ["ocs", name, "[OPTIONS]"]
    for parameter in parameters(command):
        if isinstance(parameter.declared, Argument):
            is_required = parameter.default is REQUIRED
            words.append(parameter.metavar if is_required else f"[{parameter.metavar}]")
    if behind := program(command):
        words += ["--", behind[1].settings["metavar"]]
    return " ".join(words)


def _command(name: str) -> Iterator[str]:
    command = command_named(name)
    help = help_of(command)
    yield f".SS {_text(usage(name))}"
    yield from _paragraphs([help.summary, *help.paragraphs])
    yield from _terms((", ".join(each.spellings), each.help) for each in parameters(command))
    yield from (".PP", "For example:", ".PP", ".nf", ".RS 4")
    yield from map(_text, help.examples)
    yield from (".RE", ".fi")


def _paragraphs(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield from ([".PP"] if number else []) + [_text(text)]


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, meaning in rows:
        yield from (".TP", f"\\fB{_text(term)}\\fR", _text(meaning))


def _reference(page: str) -> str:
    """Another page: its name in bold, as `man` writes it."""
    name, _, section = page.partition("(")
    return f"\\fB{_text(name)}\\fR({section}"


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].removesuffix(".")


def _text(text: str) -> str:
    """A text as roff: its signs as they are, and what stands between backquotes in bold."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti")
    text = text.replace("^", "\\(ha").replace("'", "\\(aq").replace('"', "\\(dq")
    text = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", text).replace("`", "\\(ga")
    text = "".join(sign if sign.isascii() else f"\\[u{ord(sign):04X}]" for sign in text)
    return f"\\&{text}" if text.startswith(".") else text
