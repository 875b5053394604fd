"""Arguments and options that several commands share, declared once for all of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from ocs.commands.completion import (
    complete_kind,
    complete_person,
    complete_record,
    complete_secret,
)
from ocs.commands.declared import Argument, Option, Shared
from ocs.model.kinds import RECORD_FOLDERS, Kind, kind_named

if TYPE_CHECKING:
    from ocs.output.console import Screen
    from ocs.workspace import Workspace

EVERYWHERE = "Everywhere"
# The settings of an argument or an option that names somebody.
PERSON: Any = {"metavar": "PERSON", "autocompletion": complete_person}


def kind_of(word: str) -> Kind:
    """The kind that a word names. Raises ValueError where it names none."""
    kind = kind_named(word)
    if kind is None:
        raise ValueError(f"there is no kind '{word}', only {', '.join(RECORD_FOLDERS)}")
    return kind


def day(text: str) -> date:
    """The day that a text such as 2026-11-20 names. Raises ValueError where it names none."""
    with suppress(ValueError):
        found = date.fromisoformat(text)
        if str(found) == text:  # and not 20261120, or 2026-W47-5
            return found
    raise ValueError(f"'{text}' is no date such as 2026-11-20")


def _option(*names: str, help: str, **settings: Any) -> Any:
    return Option(*names, help=help, rich_help_panel=EVERYWHERE, **settings)


RegistryOption = Annotated[
    Path | None,
    _option(
        "--registry",
        "-C",
        help="A folder of the registry, if not the current one.",
        metavar="DIR",
    ),
]
RegistriesOption = Annotated[
    list[Path] | None,
    _option(
        "--registry",
        "-C",
        help="A folder of the registry, if not the current one.",
        metavar="DIR",
    ),
]
JsonOption = Annotated[bool, _option("--json", help="Print one JSON document.")]
NoColorOption = Annotated[bool, _option("--no-color", help="Print without colour.")]
QuietOption = Annotated[bool, _option("--quiet", "-q", help="Print no summaries and hints.")]
OnOption = Annotated[
    date | None,
    _option("--on", help="Judge dates as if it were this day.", metavar="DATE", parser=day),
]
DryRunOption = Annotated[bool, Option("--dry-run", help="Only tell what would be written.")]
YesOption = Annotated[bool, Option("--yes", "-y", help="Do not ask.")]
CommitOption = Annotated[
    bool, Option("--commit", help="Commit what is written, and nothing else that was changed.")
]
NoCommitOption = Annotated[
    bool, Option("--no-commit", help="Leave what is written in the folder, without a commit.")
]
SecretArgument = Annotated[
    str,
    Argument(
        help="The secret, by its owner and its name.",
        metavar="OWNER/NAME",
        autocompletion=complete_secret,
    ),
]
KindArgument = Annotated[
    Any,
    Argument(
        help=f"One of {', '.join(RECORD_FOLDERS)}.",
        metavar="KIND",
        parser=kind_of,
        autocompletion=complete_kind,
    ),
]
RecordArgument = Annotated[
    str,
    Argument(
        help="`problems/x`, or `x` where only one record has that id.",
        metavar="RECORD",
        autocompletion=complete_record,
    ),
]


class Call(NamedTuple):
    """How a command was called, as far as commands share that. What one does not take has its
    default.
    """

    dry_run: DryRunOption = False
    commit: CommitOption = False
    no_commit: NoCommitOption = False
    on: OnOption = None
    registry: RegistryOption = None
    json: JsonOption = False
    no_color: NoColorOption = False
    quiet: QuietOption = False

    @property
    def today(self) -> date:
        return self.on or date.today()

    @property
    def screen(self) -> Screen:
        from ocs.output.console import Screen

        return Screen(color=False if self.no_color else None, quiet=self.quiet)

    @property
    def work(self) -> Workspace:
        """The registry, opened anew. Raises RegistryNotFoundError where there is none."""
        from ocs.workspace import Workspace

        return Workspace.open(self.registry, self.screen.counted)


# What judges the registry on a day.
ReadingCall = Annotated[Call, Shared("on", "registry", "json", "no_color", "quiet")]
# What looks things up, on whichever day.
FindingCall = Annotated[Call, Shared("registry", "json", "no_color", "quiet")]
# What opens an editor, or prints a secret.
EditingCall = Annotated[Call, Shared("on", "registry", "no_color", "quiet")]
# What writes files, and leaves it to you to commit them.
WritingCall = Annotated[Call, Shared("dry_run", "on", "registry", "json", "no_color", "quiet")]
