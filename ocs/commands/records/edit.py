"""ocs new: a record that was not there; ocs edit: another text for one. Neither writes what is
not good.
"""

from __future__ import annotations

import shlex
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ocs.commands import prompt
from ocs.commands.declared import Argument, Option
from ocs.commands.options import EditingCall, KindArgument, RecordArgument
from ocs.errors import OcsError

if TYPE_CHECKING:
    from ocs.output.console import Screen
    from ocs.tasks.records.textedit import Draft, TextReport
    from ocs.workspace import Workspace

DECLINED = 130

FileOption = Annotated[
    Path | None,
    Option(
        "--file",
        help="Take the whole record from this file instead of an editor; `-` is what is piped in.",
        metavar="FILE",
    ),
]
DiscardOption = Annotated[
    bool, Option("--discard", help="Forget the text that is kept from an earlier time.")
]


def new(
    call: EditingCall,
    kind: KindArgument,
    id: Annotated[
        str | None,
        Argument(
            help="The record's id; of access it is OWNER/NAME, of vetting the person's.",
            metavar="ID",
        ),
    ] = None,
    title: Annotated[
        str | None,
        Option(help="Its title or name; without an ID one is made of it.", metavar="TITLE"),
    ] = None,
    file: FileOption = None,
    discard: DiscardOption = False,
) -> int:
    """Write a new record: opened in your editor with explanations, and checked when you save
    it.

    What is needed stands open, everything else is an example in a comment, and comments that
    you leave as they are do not stay. A text that does not pass is kept aside, and the same
    command goes on with it. The editor is the one that OCS_EDITOR, VISUAL, EDITOR or git's
    core.editor names.

    \b
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
    begun = naming.begun(kind, title, work.files, work.schemas)
    record = (kind.file(name), None, begun)
    if file is not None:
        draft = task.given(*record, file, work.draft_folders(), afresh=discard)
    else:
        _check_terminal()
        if title and kind.name == "problem":
            _tell_of_known(title, work, screen)
        draft = task.begin(*record, work.draft_folders(), afresh=discard)
    return _finish(draft, again, work, screen, call.today, edited=file is None)


def edit(
    call: EditingCall,
    record: RecordArgument,
    file: FileOption = None,
    discard: DiscardOption = False,
) -> int:
    """Edit a record in your editor; it is checked when you save it.

    What does not pass is not written over the record: it is kept aside, and the same command
    goes on with it. A record whose file cannot be read can be mended so as well.

    \b
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
    """The command with which somebody goes on."""
    return shlex.join(
        ["ocs", name, *words, *(["--registry", str(registry)] if registry else [])]
    )


def _check_terminal() -> None:
    from ocs.tasks.records import textedit as task

    if not (task.needs_no_terminal() or (prompt.can_ask() and sys.stdout.isatty())):
        raise OcsError(
            "there is no terminal for an editor",
            "give the whole record with --file FILE, or --file - to pipe it",
        )


def _finish(
    draft: Draft, again: str, work: Workspace, screen: Screen, today: date, *, edited: bool
) -> int:
    """Edit and judge until the text is good and written, or somebody has had enough.

    However it ends before the record is written, it is said where the text is.
    """
    from ocs.output.records import textedit as show
    from ocs.tasks.records import textedit as task

    if edited and draft.goes_on:
        screen.say(
            f"going on with your text of {draft.path} from an earlier time (--discard "
            "begins afresh)"
        )
    try:
        status, judged = _edit_and_write(draft, work, screen, today, edited=edited)
    except OcsError as error:
        if not task.is_kept(draft):
            task.forget(draft)
            raise
        hint = f"your text is kept in {draft.place}; go on with `{again}`"
        raise OcsError(
            error.message, f"{error.hint}; {hint}" if error.hint else hint
        ) from error
    except BaseException:
        _say_where_it_is(draft, again, screen)
        raise
    if status:
        _say_where_it_is(draft, again, screen)
    elif judged:
        show.written(
            draft.path,
            is_new=draft.before is None,
            still_comments=judged.still_comments,
            screen=screen,
        )
    return status


def _edit_and_write(
    draft: Draft, work: Workspace, screen: Screen, today: date, *, edited: bool
) -> tuple[int, TextReport | None]:
    """The status, and the text that was written, if one was."""
    from ocs.output.records import textedit as show
    from ocs.tasks.records import textedit as task

    while True:
        if edited:
            task.edit(draft)
        if task.is_nothing(draft):
            return _end_without_a_change(draft, screen, edited=edited), None
        judged = _judged(draft, work, today)
        place = None if judged else str(draft.place)
        show.findings(judged.findings, draft.path, place, screen, work.shown())
        if judged:
            break
        if not (edited and _is_agreed("edit again?")):
            return 1, None
    is_known = draft.before is None and _is_known(draft, judged, work, screen)
    if is_known and edited and not _is_agreed("write it all the same?", unasked=True):
        return DECLINED, None
    task.write(draft, judged.data, work.root)
    return 0, judged


def _is_agreed(question: str, *, unasked: bool = False) -> bool:
    """Is the answer yes? *unasked* is the answer where nobody can be asked."""
    return prompt.is_confirmed(question) if prompt.can_ask() else unasked


def _tell_of_known(title: str, work: Workspace, screen: Screen) -> None:
    from ocs.output.records import textedit as show
    from ocs.tasks.search.duplicates import known_by_title

    show.known(work.ask(lambda index: known_by_title(title, index)), screen)


def _is_known(draft: Draft, judged: TextReport, work: Workspace, screen: Screen) -> bool:
    """Say which problems are perhaps the one that is about to be written."""
    from ocs.output.records import textedit as show
    from ocs.tasks.search.duplicates import known_already

    if not draft.path.startswith("problems/"):
        return False
    known = work.ask(lambda index: known_already(judged.data, draft.path, index))
    show.known(known, screen)
    return bool(known)


def _judged(draft: Draft, work: Workspace, today: date) -> TextReport:
    from ocs.tasks.records import textedit as task

    now_ns = time.time_ns()
    return work.with_judgements(
        lambda kept: task.report(
            draft, work.files, work.schemas, today, work.counted, now_ns=now_ns, kept=kept
        )
    )


def _end_without_a_change(draft: Draft, screen: Screen, *, edited: bool) -> int:
    from ocs.tasks.records import textedit as task

    task.forget(draft)
    if draft.before is not None:
        screen.say(f"{draft.path} stays as it is")
        return 0
    screen.say(f"nothing was written: {draft.path} would hold nothing of yours")
    if edited:
        screen.say(
            "an editor that opens a window must wait until that is closed, as in "
            "EDITOR='code --wait'"
        )
    return DECLINED


def _say_where_it_is(draft: Draft, again: str, screen: Screen) -> None:
    """Say where the text is that was not written, and how to go on."""
    from ocs.output.records import textedit as show
    from ocs.tasks.records import textedit as task

    if draft.aside is None:
        show.stays(draft.path, str(draft.place), screen)
    elif task.is_kept(draft):
        show.kept(draft.path, str(draft.place), again, screen)
    else:
        task.forget(draft)
