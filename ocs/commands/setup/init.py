"""ocs init: a new registry, ready to use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ocs.commands.options import NoColorOption, QuietOption
from ocs.errors import OcsError


def init(
    folder: Annotated[
        Path, typer.Argument(help="Where it is to be; made if it is missing.", metavar="DIR")
    ] = Path(),
    name: Annotated[
        str | None, typer.Option(help="What the group calls itself.", metavar="NAME")
    ] = None,
    founder: Annotated[
        str | None,
        typer.Option(
            help="Your id, such as lena; you are the first gatekeeper.", metavar="ID"
        ),
    ] = None,
    founder_name: Annotated[
        str | None, typer.Option(help="Your name.", metavar="NAME")
    ] = None,
    ocs_at: Annotated[
        str | None,
        typer.Option(
            help="Where the checks of proposed changes get ocs from, by a whole commit id.",
            metavar="URL@COMMIT",
        ),
    ] = None,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Begin a registry: its own record, a README for those who join, and checks for proposed
    changes.

    Asks for what no option says. Files that are there already stay as they are.

    \\b
    Example:
      ocs init hands --name "Helping Hands" --founder lena
    """
    from ocs.output.console import Screen, clean
    from ocs.tasks.setup import init as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    name = name if name is not None else _asked("What does the group call itself?", "--name")
    founder = (
        founder
        if founder is not None
        else _asked("What is your id (small letters, such as lena)?", "--founder")
    )
    if founder_name is None and sys.stdin.isatty():
        founder_name = _asked("What is your name?", "--founder-name")
    folder = folder.absolute()
    place = task.place(ocs_at) if ocs_at is not None else None
    new = task.plan(
        folder, name, founder, founder_name or "", Workspace(folder).schemas, place
    )
    task.begin(new)
    for each in new.files:
        screen.out(f"new   {clean(each.path)}")
    for path in new.kept:
        screen.out(f"kept  {clean(path)}")
    if ocs_at is None:
        screen.say(
            "the checks of proposed changes wait for you to write where ocs is: "
            "replace OWNER and COMMIT"
        )
    screen.say(
        "name a second gatekeeper in ocs.yaml as soon as there is one; then see `ocs validate`"
    )


def _asked(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise OcsError(f"nobody is there to be asked: {question}", f"give it with {option}")
    try:
        answer: str = typer.prompt(question, prompt_suffix=" ", err=True)
    except typer.Abort:
        typer.echo(err=True)  # what comes next begins a line of its own
        raise
    return answer
