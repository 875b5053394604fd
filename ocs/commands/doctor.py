"""ocs doctor: what is missing on this machine, and what mends it."""

from __future__ import annotations

import typer

from ocs.commands.options import JsonOption, NoColorOption, QuietOption, RegistryOption
from ocs.errors import RegistryNotFoundError


def doctor(
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Look whether everything is there that ocs needs, and say what mends it.

    Looks at git, gpg and its agent, the terminal, your editor and the registry, and changes nothing. Ends
    with status 1 if something is missing; advice alone leaves it at 0.

    \b
    Example:
      ocs doctor
      ocs doctor --json
    """
    from ocs.output import doctor as show
    from ocs.output.console import Screen
    from ocs.tasks import doctor as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    try:
        work = Workspace.open(registry)
        here = task.Here(work.root, work.index_folders())
    except RegistryNotFoundError:
        if registry is not None:
            raise
        here = task.Here(None)
    found = task.examine(here)
    if json:
        screen.json(show.as_json(found))
    else:
        show.examined(found, screen)
    if not task.is_healthy(found):
        raise typer.Exit(1)
