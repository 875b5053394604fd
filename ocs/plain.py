"""The commands that are typed most, answered without typer where they are called plainly."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

from ocs import boundary
from ocs.commands.declared import plain_values

# Each is the function of its name, in this module.
COMMANDS = {
    "search": "search.search",
    "show": "records.show",
    "may": "communities.may",
    "review": "review.review",
}


def answer(args: Sequence[str]) -> int | None:
    """Answer a plain call, and give its status; None where it is another command, or typer is
    to be asked.
    """
    if not args or args[0] not in COMMANDS or "_OCS_COMPLETE" in os.environ:
        return None
    command = getattr(import_module(f"ocs.commands.{COMMANDS[args[0]]}"), args[0])
    values = plain_values(command, args[1:])
    if values is None:
        return None
    with boundary.environment(args):
        return boundary.status_of(lambda: command(**values), args)
