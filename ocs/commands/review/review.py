"""ocs review: what a proposed change changes, who must agree, who has, and what is missing."""

from __future__ import annotations

from datetime import date, datetime
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
    """The number of an account. Raises ValueError."""
    if not (text.isascii() and text.isdigit()) or text.startswith("0"):
        raise ValueError(f"'{text}' is not an account number such as 4539057")
    return text


def reviewed(text: str) -> tuple[str, str]:
    """The account and commit of `4539057@1f3c…`. Raises ValueError."""
    number, commit = opener(text)
    if commit is None:
        raise ValueError(f"'{text}' lacks a commit: ACCOUNT_ID@COMMIT, such as 4539057@1f3c…")
    return number, commit


def opener(text: str) -> tuple[str, str | None]:
    """The account and commit of `4539057@1f3c…`, or the account alone. Raises ValueError."""
    number, at, commit = text.partition("@")
    return account(number), whole(commit) if at else None


def whole(commit: str) -> str:
    """A commit id that is not abbreviated. Raises ValueError."""
    if not (40 <= len(commit) <= 64 and set(commit) <= set("0123456789abcdef")):
        raise ValueError(f"'{commit}' is not a full commit id: 1f3c…, 40 letters and digits")
    return commit


def moment(text: str) -> tuple[date, str | None]:
    """The day here of 2026-11-20T09:30:00Z, and the commit after `@`. Raises ValueError."""
    time, at, commit = text.partition("@")
    try:
        parsed = datetime.fromisoformat(time)
        parsed = parsed.astimezone() if parsed.tzinfo else parsed
    except (ValueError, OverflowError):
        raise ValueError(f"'{time}' is not a time such as 2026-11-20T09:30:00Z") from None
    return parsed.date(), whole(commit) if at else None


def review(
    call: ReadingCall,
    commits: Annotated[
        str, Argument(help="The branch to merge into, and the change.", metavar="BASE..HEAD")
    ] = "origin/HEAD..HEAD",
    reviewed_by: Annotated[
        list[Any] | None,
        Option(
            help="An account that approved this commit on the platform.",
            metavar="ACCOUNT_ID@COMMIT",
            parser=reviewed,
        ),
    ] = None,
    opened_by: Annotated[
        Any,
        Option(
            help="The account that opened the pull request, and the head commit at that time.",
            metavar="ACCOUNT_ID[@COMMIT]",
            parser=opener,
        ),
    ] = None,
    opened_at: Annotated[
        list[Any] | None,
        Option(
            help="When the pull request was opened; the notice period starts then. With COMMIT: "
            "when this commit became the head of the pull request.",
            metavar="TIME[@COMMIT]",
            parser=moment,
        ),
    ] = None,
    weighed_by: Annotated[
        list[Any] | None,
        Option(
            help="The account of a gatekeeper who confirmed at this commit that people really "
            "agreed.",
            metavar="ACCOUNT_ID@COMMIT",
            parser=reviewed,
        ),
    ] = None,
    person: Annotated[
        str | None,
        Option(
            "--as",
            help="Confirm as this gatekeeper that the people really agreed, as the platform "
            "reports.",
            metavar="ME",
        ),
    ] = None,
    platform: Annotated[Platform, Option(help="Where the accounts are.")] = Platform.GITHUB,
    format: Annotated[
        Format | None, Option(help="How to print the verdict, if not as text.")
    ] = None,
) -> int:
    """Show the effect of a proposed change, who must agree, and which agreements are missing.

    BASE decides who must agree, not the change. ocs does not check out the branch, and runs
    nothing from it. The exit status is 0 if the change is allowed. It is 1 if the change is
    refused or agreements are missing, and 2 if ocs cannot tell.

    Example:
      ocs review main..HEAD
      ocs review main..HEAD --opened-by 990000201 --format markdown
      ocs review main..HEAD --opened-at 2026-11-01T09:30:00Z
      ocs review main..HEAD --as amara
    """
    from ocs.output.review import review as show
    from ocs.tasks.review import review as task

    printed_as = call.printed_as(format)
    base, dots, head = commits.partition("..")
    if not dots or not base or not head.strip("."):
        raise OcsError(
            f"'{commits}' is not BASE..HEAD, such as main..HEAD", "see `ocs review --help`"
        )
    screen, work = call.screen, call.work
    days = opened_at or []
    opened_account, opened_with = opened_by or (None, None)
    given = task.Given(
        platform.value,
        tuple(reviewed_by or ()),
        opened_account,
        max((day for day, commit in days if commit is None), default=None),
        opened_with,
        tuple((day, commit) for day, commit in days if commit is not None),
        tuple(weighed_by or ()),
        person,
    )
    with work.objects() as objects:
        head = head.lstrip(".")
        verdict = task.review(
            base, head, given, call.today, objects=objects, schemas=work.schemas
        )
    if printed_as == Format.JSON:
        screen.json(show.as_json(verdict))
    elif printed_as == Format.MARKDOWN:
        show.as_markdown(verdict, screen)
    elif printed_as == Format.GITHUB:
        show.as_github(verdict, screen, work.below_repository())
    else:
        show.as_text(verdict, screen, work.shown())
        if person is not None:
            show.pass_on(verdict, person, screen)
    return _status(verdict)


def _status(verdict: Review) -> int:
    if verdict:
        return 0
    return CANNOT_TELL if verdict.answer.value == "cannot tell" else 1
