"""ocs search: which resolved problem (organisation, community, person) is this?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ocs.commands.options import (
    JsonOption,
    NoColorOption,
    QuietOption,
    RegistryOption,
    complete_kind,
    kind_of,
)


def search(
    words: Annotated[
        list[str], typer.Argument(help="What you remember of it, or a pasted error.", metavar="WORDS")
    ],
    kind: Annotated[
        list[Any] | None,
        typer.Option(
            help="Search these records instead of problems; may be given several times.",
            metavar="KIND",
            parser=kind_of,
            autocompletion=complete_kind,
        ),
    ] = None,
    number: Annotated[
        int, typer.Option("-n", help="How many results to print at most.", metavar="N", min=1, max=1000)
    ] = 10,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find a resolved problem from what you remember of it.

    Any of the words is enough; records with more of them, and in better places, come first.

    \b
    Example:
      ocs search calendar reminders late
      ocs search "550 5.7.1"
      ocs search --kind orgs food bank
    """
    from ocs.model.kinds import KIND
    from ocs.output import search as show
    from ocs.output.console import Screen
    from ocs.tasks import search as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    kinds = kind or [KIND["problem"]]
    answer = Workspace.open(registry, screen.counted).ask(
        lambda index: task.search(index, " ".join(words), kinds, limit=number)
    )
    if json:
        screen.json(show.as_json(answer))
    else:
        show.show(answer, kinds, screen)
    if not answer.results:
        raise typer.Exit(1)
