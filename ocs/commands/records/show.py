"""ocs show: one record, readable; ocs list: a table of one kind."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.declared import Option
from ocs.commands.options import (
    JsonOption,
    KindArgument,
    NoColorOption,
    QuietOption,
    RecordArgument,
    RegistryOption,
    complete_condition,
)


def show(
    record: RecordArgument,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Show a record, laid out to be read, with what mentions it.

    \b
    Example:
      ocs show riverside-food-bank
      ocs show problems/nextcloud-occ-wrong-user
      ocs show vetting/lena
    """
    from ocs.output.console import Screen
    from ocs.output.records import records
    from ocs.tasks.records import show as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None)
    work = Workspace.open(registry, screen.counted)
    shown = work.ask(lambda index: task.show(index, work.record_name(record)))
    if json:
        screen.json(records.as_json(shown))
    else:
        records.show(shown, screen)


def list_records(
    kind: KindArgument,
    where: Annotated[
        list[str] | None,
        Option(
            help="Only records whose field has this value; may be given several times.",
            metavar="FIELD=VALUE",
            autocompletion=complete_condition,
        ),
    ] = None,
    registry: RegistryOption = None,
    json: JsonOption = False,
    no_color: NoColorOption = False,
    quiet: QuietOption = False,
) -> None:
    """List the records of one kind.

    `--where tags=backup` looks into lists, `--where skills=nextcloud` for a name among fields,
    and `--where cause=` for records without that field.

    \b
    Example:
      ocs list problems --where state=verified --where product=nextcloud
      ocs list people --where skills=civicrm
    """
    from ocs.output.console import Screen
    from ocs.output.records import records
    from ocs.tasks.records import lists as task
    from ocs.workspace import Workspace

    screen = Screen(color=False if no_color else None, quiet=quiet)
    work = Workspace.open(registry, screen.counted)
    listed = work.ask(lambda index: task.list_records(index, kind, where or (), work.schemas))
    if json:
        screen.json(records.table_as_json(listed))
    else:
        records.table(listed, screen)
