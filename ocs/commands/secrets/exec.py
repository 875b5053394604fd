"""ocs secret exec: run a program with secrets in its environment."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.declared import Argument, Option, Program, Shared
from ocs.commands.options import SECRET, Call
from ocs.errors import OcsError

_CALL = "`ocs secret exec OWNER/NAME -- COMMAND`"


def exec_with(
    call: Annotated[Call, Shared("on", "registry", "no_color", "quiet")],
    secrets: Annotated[
        list[str], Argument(help="The secrets.", **SECRET | {"metavar": "OWNER/NAME..."})
    ],
    command: Annotated[list[str], Program(metavar="COMMAND...")],
    as_: Annotated[
        list[str] | None,
        Option(
            "--as",
            help="Set only this variable, from the line with this key.",
            metavar="KEY=VARIABLE",
        ),
    ] = None,
    dry_run: Annotated[
        bool, Option(help="Show the names of the variables, and run nothing.")
    ] = False,
) -> None:
    """Run a command with secrets in its environment. No other program gets them.

    ocs puts the first line into $SECRET_PASSWORD, and a line such as `user: root` into
    $SECRET_USER. Use --as for other names. ocs refuses names that change how programs run, such
    as PATH. The exit status is that of the command.

    Example:
      ocs secret exec riverside-food-bank/server1-ssh -- ./deploy.sh
      ocs secret exec riverside-food-bank/server1-ssh --as url=URL -- ./deploy.sh
      ocs secret exec riverside-food-bank/server1-ssh --dry-run
    """
    from ocs.output.secrets import list as show
    from ocs.tasks.secrets import exec as task

    if not command and not dry_run:
        raise OcsError("there is no command to run", f"write it after `--`: {_CALL}")
    work = call.work
    program = task.find_program(command) if command else ""
    keyrings = work.keyrings(call.today)
    environment = task.environment(secrets, as_ or (), work.files, work.schemas, keyrings)
    if dry_run:
        show.variables(environment.variables, call.screen)
    else:
        task.run(program, command, environment.values)
