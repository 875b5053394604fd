"""ocs review: what does this proposed change change, who must agree, who has, and what is
missing?
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from ocs.commands.declared import Argument, Option
from ocs.commands.options import ReadingCall
from ocs.errors import OcsError

if TYPE_CHECKING:
    from ocs.model.review import Review

CANNOT_TELL = 2


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    MARKDOWN = "markdown"


class Platform(StrEnum):
    GITHUB = "github"
    GITLAB = "gitlab"
    CODEBERG = "codeberg"


def account(text: str) -> str:
    """The number of an account. Raises ValueError for what is none."""
    if not (text.isascii() and text.isdigit()) or text.startswith("0"):
        raise ValueError(
            f"'{text}' is no number of an account; names of accounts change hands"
        )
    return text


def reviewed(text: str) -> tuple[str, str]:
    """Account and commit of `4539057@1f3c…`. Raises ValueError for anything else."""
    number, commit = opener(text)
    if commit is None:
        raise ValueError(f"'{text}' is no account's number and whole commit id: 4539057@1f3c…")
    return number, commit


def opener(text: str) -> tuple[str, str | None]:
    """Account and commit of `4539057@1f3c…`, or account alone. Raises ValueError for all else."""
    number, at, commit = text.partition("@")
    return account(number), whole(commit) if at else None


def whole(commit: str) -> str:
    """A commit's id. Raises ValueError where it is cut short, or none."""
    if not (
        40 <= len(commit) <= 64 and all(letter in "0123456789abcdef" for letter in commit)
    ):
        raise ValueError(f"'{commit}' is no whole commit id: 1f3c…, 40 letters and digits")
    return commit


def moment(text: str) -> tuple[date, str | None]:
    """The day, in UTC, of a time as 2026-11-20T09:30:00Z, and the commit that may stand behind
    an `@`.

    Raises ValueError for anything else.
    """
    time, at, commit = text.partition("@")
    try:
        found = datetime.fromisoformat(time)
        found = found.astimezone(UTC) if found.tzinfo else found
    except (ValueError, OverflowError):
        raise ValueError(f"'{time}' is no time such as 2026-11-20T09:30:00Z") from None
    return found.date(), whole(commit) if at else None


def review(
    call: ReadingCall,
    commits: Annotated[
        str,
        Argument(help="BASE..HEAD: where it is to be merged, and what.", metavar="BASE..HEAD"),
    ] = "origin/HEAD..HEAD",
    reviewed_by: Annotated[
        list[Any] | None,
        Option(
            help="Somebody approved this commit, says the platform.",
            metavar="ACCOUNT_ID@COMMIT",
            parser=reviewed,
        ),
    ] = None,
    opened_by: Annotated[
        Any,
        Option(
            help="Who opened the pull request, says the platform, and with which commit.",
            metavar="ACCOUNT_ID[@COMMIT]",
            parser=opener,
        ),
    ] = None,
    opened_at: Annotated[
        list[Any] | None,
        Option(
            help="When it was opened, says the platform: notice counts from then. "
            "With a commit: since when "
            "it was that one.",
            metavar="TIME[@COMMIT]",
            parser=moment,
        ),
    ] = None,
    platform: Annotated[Platform, Option(help="Where the accounts are.")] = Platform.GITHUB,
    format: Annotated[Format, Option(help="How the verdict is printed.")] = Format.TEXT,
) -> int:
    """Say what a proposed change changes, who must agree, who has, and what is missing.

    Who has a say is read from BASE, and both from git's objects: nothing of the branch is
    checked out or run. Ends with status 0 if it is allowed, 1 if not or not yet, and 2 where
    nobody can tell.

    Example:
      ocs review main..HEAD
      ocs review main..HEAD --opened-by 990000201 --opened-at 2026-11-01T09:30:00Z --format markdown
    """
    from ocs.output.review import review as show
    from ocs.tasks.review import review as task

    if call.json and format is not Format.TEXT:
        raise OcsError(
            f"--json and --format {format} ask for two things at once", "leave one of them out"
        )
    base, dots, head = commits.partition("..")
    if not dots or not base or not head.strip("."):
        raise OcsError(
            f"'{commits}' is not BASE..HEAD, such as main..HEAD", "see `ocs review --help`"
        )
    screen, work = call.screen, call.work
    days = opened_at or []
    who, opened_with = opened_by or (None, None)
    given = task.Given(
        platform.value,
        tuple(reviewed_by or ()),
        who,
        max((day for day, commit in days if commit is None), default=None),
        opened_with,
        tuple((day, commit) for day, commit in days if commit is not None),
    )
    with work.objects() as objects:
        verdict = task.review(
            base,
            head.lstrip("."),
            given,
            call.today,
            objects=objects,
            schemas=work.schemas,
        )
    if call.json or format is Format.JSON:
        screen.json(show.as_json(verdict))
    elif format is Format.MARKDOWN:
        show.as_markdown(verdict, screen)
    elif format is Format.GITHUB:
        show.as_github(verdict, screen, work.below_repository())
    else:
        show.as_text(verdict, screen, work.shown())
    return _status(verdict)


def _status(verdict: Review) -> int:
    if verdict:
        return 0
    return CANNOT_TELL if verdict.answer.value == "cannot tell" else 1
