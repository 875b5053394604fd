"""Arguments and options that several commands share, declared once for all of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from ocs.commands.completion import (
    complete_kind,
    complete_person,
    complete_record,
    complete_secret,
)
from ocs.commands.declared import Argument, Option, Shared
from ocs.errors import OcsError
from ocs.model.kinds import RECORD_FOLDERS, Kind, kind_named

if TYPE_CHECKING:
    from ocs.output.console import Screen
    from ocs.workspace import Workspace


def kind_of(word: str) -> Kind:
    """The kind with this name. Raises ValueError."""
    kind = kind_named(word)
    if kind is None:
        raise ValueError(f"'{word}' is not a kind; the kinds are {', '.join(RECORD_FOLDERS)}")
    return kind


def day(text: str) -> date:
    """The day that is written as 2026-11-20. Raises ValueError."""
    with suppress(ValueError):
        parsed = date.fromisoformat(text)
        if str(parsed) == text:  # and not 20261120, or 2026-W47-5
            return parsed
    raise ValueError(f"'{text}' is not a date such as 2026-11-20")


# The settings of an argument or option that names one of these.
PERSON: Any = {"metavar": "PERSON", "complete": complete_person}
SECRET: Any = {"metavar": "OWNER/NAME", "complete": complete_secret}
KIND_NAME: Any = {"metavar": "KIND", "parser": kind_of, "complete": complete_kind}
DATE: Any = {"metavar": "DATE", "parser": day}
_DIR: Any = {"metavar": "DIR", "panel": "Everywhere"}
_HERE = "Use the registry in or above this folder."

RegistryOption = Annotated[Path | None, Option("--registry", "-C", help=_HERE, **_DIR)]
RegistriesOption = Annotated[list[Path] | None, Option("--registry", "-C", help=_HERE, **_DIR)]
JsonOption = Annotated[
    bool, Option("--json", help="Print one JSON document.", panel="Everywhere")
]
NoColorOption = Annotated[
    bool, Option("--no-color", help="Print without colour.", panel="Everywhere")
]
QuietOption = Annotated[
    bool, Option("--quiet", "-q", help="Print no summaries and no hints.", panel="Everywhere")
]
OnOption = Annotated[
    date | None,
    Option(help="Use this date instead of today.", panel="Everywhere", **DATE),
]
DryRunOption = Annotated[bool, Option(help="Show what would change, and change nothing.")]
YesOption = Annotated[bool, Option("--yes", "-y", help="Do not ask for confirmation.")]
CommitOption = Annotated[bool, Option(help="Commit the change, and no other changes.")]
NoCommitOption = Annotated[bool, Option(help="Write the change, and do not commit it.")]
SecretArgument = Annotated[
    str, Argument(help="The secret, as its owner's id and its name.", **SECRET)
]
KindArgument = Annotated[
    Any, Argument(help=f"One of {', '.join(RECORD_FOLDERS)}.", **KIND_NAME)
]
RecordArgument = Annotated[
    str,
    Argument(
        help="`problems/x`, or just `x` if no other record has that id.",
        metavar="RECORD",
        complete=complete_record,
    ),
]


class Call(NamedTuple):
    """The options that commands share; those that a command does not take have defaults."""

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

    def printed_as(self, format: StrEnum | None) -> str:
        """How to print: as --format or --json say. Raises OcsError where they contradict."""
        if self.json and format not in (None, "json"):
            raise OcsError(
                f"cannot combine --json and --format {format}", "leave one of them out"
            )
        return "json" if self.json else format or "text"

    def check_day(self) -> None:
        """Raises OcsError for a day to come, which is no day on which something was done."""
        if self.on and self.on > date.today() and not self.dry_run:
            raise OcsError(
                f"{self.on} is in the future, and the record would name it as the day",
                "give today or an earlier day, or leave out --on; --dry-run accepts any day",
            )

    @property
    def screen(self) -> Screen:
        from ocs.output.console import Screen

        return Screen(color=False if self.no_color else None, quiet=self.quiet)

    @property
    def work(self) -> Workspace:
        """The registry, newly opened. Raises RegistryNotFoundError."""
        from ocs.workspace import Workspace

        return Workspace.open(self.registry, self.screen.counted)


# Reads the registry, as of a day.
ReadingCall = Annotated[Call, Shared("on", "registry", "json", "no_color", "quiet")]
# Looks things up; the day does not matter.
FindingCall = Annotated[Call, Shared("registry", "json", "no_color", "quiet")]
# Opens an editor, or prints a secret.
EditingCall = Annotated[Call, Shared("on", "registry", "no_color", "quiet")]
# Writes files, and does not commit them.
WritingCall = Annotated[Call, Shared("dry_run", "on", "registry", "json", "no_color", "quiet")]
