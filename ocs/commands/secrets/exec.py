"""ocs secret exec: a program with secrets among its variables."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ocs.commands.days import OnOption
from ocs.commands.options import NoColorOption, QuietOption, RegistryOption, complete_secret
from ocs.errors import OcsError

_CALL = "`ocs secret exec OWNER/NAME -- COMMAND`"


class Running(TyperCommand):
    """What stands behind `--` is the command of another program, and neither argument nor
    option here.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.obj = args[at + 1 :]
        return super().parse_args(ctx, args[:at])

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "-- COMMAND..."]


def exec_with(
    ctx: typer.Context,
    secrets: Annotated[
        list[str],
        typer.Argument(
            help="Secrets, by their owners and names.",
            metavar="OWNER/NAME...",
            autocompletion=complete_secret,
        ),
    ],
    as_: Annotated[
        list[str] | None,
        typer.Option(
            "--as",
            help="Set only this: a line's name, and the variable that it becomes; can be repeated.",
            metavar="KEY=VARIABLE",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only tell which variables would be set, not to what."),
    ] = False,
    on: OnOption = None,
    registry: RegistryOption = None,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run a command with what a secret says in its variables, which no other program gets.

    The first line is $SECRET_PASSWORD, and a line such as `user: root` is $SECRET_USER.
    Programs that want other names get them with --as; names that steer programs, such as PATH,
    are refused. The status is the command's own.

    \b
    Example:
      ocs secret exec riverside-food-bank/server1-ssh -- ./deploy.sh
      ocs secret exec riverside-food-bank/server1-ssh --as url=URL -- ./deploy.sh
      ocs secret exec riverside-food-bank/server1-ssh --dry-run
    """
    from ocs.output.console import Screen
    from ocs.output.secrets import list as show
    from ocs.tasks.secrets import exec as task
    from ocs.workspace import Workspace

    command: list[str] = ctx.obj
    if not command and not dry_run:
        raise OcsError("which command is to be run?", f"write it behind `--`: {_CALL}")
    work = Workspace.open(registry)
    program = task.find_program(command) if command else ""
    keyrings = work.keyrings(on or date.today())
    made = task.environment(secrets, as_ or (), work.files, work.schemas, keyrings)
    if dry_run:
        show.variables(made.variables, Screen(color=False if no_color else None, quiet=quiet))
    else:
        task.run(program, command, made.values)


exec_with.command_class = Running  # type: ignore[attr-defined]
