"""ocs init: a new registry, ready to use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from ocs.commands import prompt
from ocs.commands.asking import note
from ocs.commands.declared import Argument, Option, Shared
from ocs.commands.options import Call
from ocs.errors import OcsError


def init(
    call: Annotated[Call, Shared("no_color", "quiet")],
    folder: Annotated[
        Path, Argument(help="The folder; ocs makes it if it is missing.", metavar="DIR")
    ] = Path(),
    name: Annotated[str | None, Option(help="The name of the group.", metavar="NAME")] = None,
    founder: Annotated[
        str | None,
        Option(help="Your id, such as lena. You become the first gatekeeper.", metavar="ID"),
    ] = None,
    founder_name: Annotated[str | None, Option(help="Your name.", metavar="NAME")] = None,
    ocs_at: Annotated[
        str | None,
        Option(
            help="The git URL and full commit id of the ocs that checks pull requests.",
            metavar="URL@COMMIT",
        ),
    ] = None,
) -> None:
    """Create a registry with an ocs.yaml, a README, and checks for pull requests.

    ocs asks for options that you leave out, and keeps files that exist.

    Example:
      ocs init hands --name "Helping Hands" --founder lena
    """
    from ocs.output.console import clean
    from ocs.tasks.setup import init as task
    from ocs.workspace import Workspace

    screen = call.screen
    if name is None:
        name = _answer("What is the name of the group?", "--name")
    if founder is None:
        founder = _answer("What is your id (lowercase letters, such as lena)?", "--founder")
    if founder_name is None and prompt.can_ask():
        founder_name = prompt.answer("What is your name?")
    folder = folder.absolute()
    place = task.place(ocs_at) if ocs_at is not None else None
    new = task.plan(
        folder, name, founder, founder_name or "", Workspace(folder).schemas, place
    )
    task.begin(new)
    note(new.replacements, Workspace(folder), call.today, screen)
    for file in new.files:
        screen.out(f"new   {clean(file.path)}")
    for path in new.kept:
        screen.out(f"kept  {clean(path)}")
    if ocs_at is None:
        screen.say(
            "in the checks of pull requests, replace OWNER and COMMIT with the address and commit "
            "of ocs"
        )
    screen.say("name a second gatekeeper in ocs.yaml soon; then run `ocs validate`")


def _answer(question: str, option: str) -> str:
    if not prompt.can_ask():
        raise OcsError(
            f"there is no terminal for the question: {question}", f"answer with {option}"
        )
    return prompt.answer(question)
