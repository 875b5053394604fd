"""ocs show: one record, readable; ocs list: a table of one kind."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.completion import complete_condition
from ocs.commands.declared import Option, Shared
from ocs.commands.options import Call, FindingCall, KindArgument, RecordArgument


def show(
    call: Annotated[Call, Shared("registry", "json", "no_color")], record: RecordArgument
) -> None:
    """Show a record, and the records that mention it.

    Example:
      ocs show riverside-food-bank
      ocs show problems/nextcloud-occ-wrong-user
      ocs show vetting/lena
    """
    from ocs.output.records import records
    from ocs.tasks.records import show as task

    screen, work = call.screen, call.work
    shown = work.ask(lambda index: task.show(index, work.record_name(record)))
    if call.json:
        screen.json(records.as_json(shown))
    else:
        records.show(shown, screen)


def list_records(
    call: FindingCall,
    kind: KindArgument,
    where: Annotated[
        list[str] | None,
        Option(
            help="List only records whose field has this value.",
            metavar="FIELD=VALUE",
            complete=complete_condition,
        ),
    ] = None,
) -> None:
    """List the records of one kind.

    `--where tags=backup` matches an item of a list. `--where skills=nextcloud` matches the name
    of a field in `skills:`. `--where cause=` finds records without that field.

    Example:
      ocs list problems --where state=verified --where product=nextcloud
      ocs list people --where skills=civicrm
    """
    from ocs.output.records import records
    from ocs.tasks.records import lists as task

    screen, work = call.screen, call.work
    listed = work.ask(lambda index: task.list_records(index, kind, where or (), work.schemas))
    if call.json:
        screen.json(records.table_as_json(listed))
    else:
        records.table(listed, screen)
