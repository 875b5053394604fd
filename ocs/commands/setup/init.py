"""ocs init: a new registry, ready to use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ocs.commands import prompt
from ocs.commands.declared import Argument, Option, Shared
from ocs.commands.options import Call
from ocs.errors import OcsError


def init(
    call: Annotated[Call, Shared("no_color", "quiet")],
    folder: Annotated[
        Path, Argument(help="Where it is to be; made if it is missing.", metavar="DIR")
    ] = Path(),
    name: Annotated[
        str | None, Option(help="What the group calls itself.", metavar="NAME")
    ] = None,
    founder: Annotated[
        str | None,
        Option(help="Your id, such as lena; you are the first gatekeeper.", metavar="ID"),
    ] = None,
    founder_name: Annotated[str | None, Option(help="Your name.", metavar="NAME")] = None,
    ocs_at: Annotated[
        str | None,
        Option(
            help="Where the checks of proposed changes get ocs from, by a whole commit id.",
            metavar="URL@COMMIT",
        ),
    ] = None,
) -> None:
    """Begin a registry: its own record, a README for those who join, and checks for proposed
    changes.

    Asks for what no option says. Files that are there already stay as they are.

    Example:
      ocs init hands --name "Helping Hands" --founder lena
    """
    from ocs.output.console import clean
    from ocs.tasks.setup import init as task
    from ocs.workspace import Workspace

    screen = call.screen
    name = name if name is not None else _answer("What does the group call itself?", "--name")
    founder = (
        founder
        if founder is not None
        else _answer("What is your id (small letters, such as lena)?", "--founder")
    )
    if founder_name is None and prompt.can_ask():
        founder_name = prompt.answer("What is your name?")
    folder = folder.absolute()
    place = task.place(ocs_at) if ocs_at is not None else None
    new = task.plan(
        folder, name, founder, founder_name or "", Workspace(folder).schemas, place
    )
    task.begin(new)
    for file in new.files:
        screen.out(f"new   {clean(file.path)}")
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


def _answer(question: str, option: str) -> str:
    if not prompt.can_ask():
        raise OcsError(f"nobody is there to be asked: {question}", f"give it with {option}")
    return prompt.answer(question)
