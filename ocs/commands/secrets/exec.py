"""ocs secret exec: a program with secrets among its variables."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.completion import complete_secret
from ocs.commands.declared import Argument, Option, Program, Shared
from ocs.commands.options import Call
from ocs.errors import OcsError

_CALL = "`ocs secret exec OWNER/NAME -- COMMAND`"


def exec_with(
    call: Annotated[Call, Shared("on", "registry", "no_color", "quiet")],
    secrets: Annotated[
        list[str],
        Argument(
            help="Secrets, by their owners and names.",
            metavar="OWNER/NAME...",
            autocompletion=complete_secret,
        ),
    ],
    command: Annotated[list[str], Program(metavar="COMMAND...")],
    as_: Annotated[
        list[str] | None,
        Option(
            "--as",
            help="Set only this: a line's name, and the variable that it becomes.",
            metavar="KEY=VARIABLE",
        ),
    ] = None,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Only tell which variables would be set, not to what.")
    ] = False,
) -> None:
    """Run a command with what a secret says in its variables, which no other program gets.

    The first line is $SECRET_PASSWORD, and a line such as `user: root` is $SECRET_USER.
    Programs that want other names get them with --as; names that steer programs, such as PATH,
    are refused. The status is the command's own.

    Example:
      ocs secret exec riverside-food-bank/server1-ssh -- ./deploy.sh
      ocs secret exec riverside-food-bank/server1-ssh --as url=URL -- ./deploy.sh
      ocs secret exec riverside-food-bank/server1-ssh --dry-run
    """
    from ocs.output.secrets import list as show
    from ocs.tasks.secrets import exec as task

    if not command and not dry_run:
        raise OcsError("which command is to be run?", f"write it behind `--`: {_CALL}")
    work = call.work
    program = task.find_program(command) if command else ""
    keyrings = work.keyrings(call.today)
    made = task.environment(secrets, as_ or (), work.files, work.schemas, keyrings)
    if dry_run:
        show.variables(made.variables, call.screen)
    else:
        task.run(program, command, made.values)
