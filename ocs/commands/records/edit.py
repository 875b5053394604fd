"""ocs new and ocs edit: write a record in an editor, and save only one that passes its checks."""

from __future__ import annotations

import shlex
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ocs.commands import prompt
from ocs.commands.asking import note
from ocs.commands.declared import Argument, Option
from ocs.commands.options import EditingCall, KindArgument, RecordArgument
from ocs.errors import OcsError
from ocs.model.change import Replacement

if TYPE_CHECKING:
    from ocs.output.console import Screen
    from ocs.tasks.records.textedit import Draft, TextReport
    from ocs.workspace import Workspace

DECLINED = 130

FileOption = Annotated[
    Path | None,
    Option(help="Read the record from this file, or `-` for stdin.", metavar="FILE"),
]
DiscardOption = Annotated[bool, Option(help="Discard the text of an earlier attempt.")]


def new(
    call: EditingCall,
    kind: KindArgument,
    id: Annotated[
        str | None,
        Argument(
            help="The record's id: OWNER/NAME for access, the person's id for vetting.",
            metavar="ID",
        ),
    ] = None,
    title: Annotated[
        str | None,
        Option(
            help="The title or name. Without ID, ocs makes an id from it.", metavar="TITLE"
        ),
    ] = None,
    file: FileOption = None,
    discard: DiscardOption = False,
) -> int:
    """Write a new record in your editor; ocs checks it when you save.

    Required fields are empty. All others are examples in comments; ocs removes comments that
    you leave unchanged. If the record has errors, ocs keeps your text. Run the same command
    again to continue. ocs uses the editor from OCS_EDITOR, VISUAL, EDITOR or git's core.editor,
    in this order.

    Example:
      ocs new problem --title "Calendar reminders arrive hours late"
      ocs new org river-house
      ocs new access river-house/cloud-admin
    """
    from ocs.tasks.records import new as naming
    from ocs.tasks.records import textedit as task

    screen, work = call.screen, call.work
    name = work.ask(lambda index: naming.new_id(index, kind, id, title))
    again = _command("new", [kind.name, name], call.registry)
    record = (kind.file(name), None, naming.begun(kind, title, work.files, work.schemas))
    if file is not None:
        draft = task.given(*record, file, work.draft_folders(), afresh=discard)
    else:
        _check_terminal()
        if title and kind.name == "problem":
            _show_known(title, work, screen)
        draft = task.begin(*record, work.draft_folders(), afresh=discard)
    return _finish(draft, again, work, screen, call.today, edited=file is None)


def edit(
    call: EditingCall,
    record: RecordArgument,
    file: FileOption = None,
    discard: DiscardOption = False,
) -> int:
    """Edit a record in your editor; ocs checks it when you save.

    If your text has errors, ocs does not change the record. It keeps your text. Run the same
    command again to continue. You can also fix a record whose file cannot be read.

    Example:
      ocs edit lena
      ocs edit orgs/riverside-food-bank
    """
    from ocs.tasks.records import show
    from ocs.tasks.records import textedit as task

    screen, work = call.screen, call.work
    found = work.ask(lambda index: show.find(index, work.record_name(record)))
    again = _command("edit", [found.reference], call.registry)
    text = (found.file, task.current(work.files, found.file), "")
    if file is not None:
        draft = task.given(*text, file, work.draft_folders(), afresh=discard)
    else:
        _check_terminal()
        draft = task.begin(*text, work.draft_folders(), afresh=discard)
    return _finish(draft, again, work, screen, call.today, edited=file is None)


def _command(name: str, words: list[str], registry: Path | None) -> str:
    """The command that continues with a draft."""
    options = ["--registry", str(registry)] if registry else []
    return shlex.join(["ocs", name, *words, *options])


def _check_terminal() -> None:
    from ocs.tasks.records import textedit as task

    if not (task.needs_no_terminal() or (prompt.can_ask() and sys.stdout.isatty())):
        raise OcsError(
            "there is no terminal for an editor",
            "give the whole record with `--file FILE`, or on stdin with `--file -`",
        )


def _finish(
    draft: Draft, again: str, work: Workspace, screen: Screen, today: date, *, edited: bool
) -> int:
    """Edit and check until the text passes and is written, or the user gives up.

    However it ends, the user learns where the unwritten text is.
    """
    from ocs.output.records import textedit as show
    from ocs.tasks.records import textedit as task

    if edited and draft.goes_on:
        screen.say(f"continuing with your draft of {draft.path} (--discard starts again)")
    try:
        status, report = _edit_and_write(draft, work, screen, today, edited=edited)
    except OcsError as error:
        if not task.is_kept(draft):
            task.forget(draft)
            raise
        hint = f"your text is kept in {draft.place}; continue with `{again}`"
        raise OcsError(
            error.message, f"{error.hint}; {hint}" if error.hint else hint
        ) from error
    except BaseException:
        _show_place(draft, again, screen)
        raise
    if status:
        _show_place(draft, again, screen)
    elif report:
        show.written(
            draft.path,
            is_new=draft.before is None,
            still_comments=report.still_comments,
            screen=screen,
        )
    return status


def _edit_and_write(
    draft: Draft, work: Workspace, screen: Screen, today: date, *, edited: bool
) -> tuple[int, TextReport | None]:
    """The status, and the report on the text that was written, if one was."""
    from ocs.output.records import textedit as show
    from ocs.tasks.records import textedit as task

    while True:
        if edited:
            task.edit(draft)
        if task.is_nothing(draft):
            return _end_unchanged(draft, screen, edited=edited), None
        report = _report(draft, work, today)
        place = None if report else str(draft.place)
        show.findings(report.findings, draft.path, place, screen, work.shown())
        if report:
            break
        if not (edited and prompt.can_ask() and prompt.is_confirmed("edit again?")):
            return 1, None
    is_known = draft.before is None and _is_known(draft, report, work, screen)
    if (
        is_known
        and edited
        and prompt.can_ask()
        and not prompt.is_confirmed("write it anyway?")
    ):
        return DECLINED, None
    task.write(draft, report.data, work.root)
    if edited:  # a text from a file may be anybody's
        note([Replacement(draft.path, report.data, draft.before)], work, today, screen)
    return 0, report


def _report(draft: Draft, work: Workspace, today: date) -> TextReport:
    from ocs.tasks.records import textedit as task

    now_ns = time.time_ns()
    return work.with_judgements(
        lambda kept: task.report(
            draft, work.files, work.schemas, today, work.counted, now_ns=now_ns, kept=kept
        )
    )


def _show_known(title: str, work: Workspace, screen: Screen) -> None:
    from ocs.output.records import textedit as show
    from ocs.tasks.search.duplicates import known_by_title

    show.known(work.ask(lambda index: known_by_title(title, index)), screen)


def _is_known(draft: Draft, report: TextReport, work: Workspace, screen: Screen) -> bool:
    """Show the problems that are perhaps the one about to be written."""
    from ocs.output.records import textedit as show
    from ocs.tasks.search.duplicates import known_already

    if not draft.path.startswith("problems/"):
        return False
    known = work.ask(lambda index: known_already(report.data, draft.path, index))
    show.known(known, screen)
    return bool(known)


def _end_unchanged(draft: Draft, screen: Screen, *, edited: bool) -> int:
    from ocs.tasks.records import textedit as task

    task.forget(draft)
    if draft.before is not None:
        screen.say(f"{draft.path} is unchanged")
        return 0
    screen.say(f"nothing was written: you filled in no field of {draft.path}")
    if edited:
        screen.say(
            "an editor with a window must wait until you close it, as in EDITOR='code --wait'"
        )
    return DECLINED


def _show_place(draft: Draft, again: str, screen: Screen) -> None:
    """Show where the unwritten text is, and how to continue."""
    from ocs.output.records import textedit as show
    from ocs.tasks.records import textedit as task

    if draft.aside is None:
        show.stays(draft.path, str(draft.place), screen)
    elif task.is_kept(draft):
        show.kept(draft.path, str(draft.place), again, screen)
    else:
        task.forget(draft)
