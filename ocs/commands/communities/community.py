"""ocs community: who led when, and leadership that changes without editing YAML."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ocs.commands.asked import Asked, with_reading_options
from ocs.commands.carrying import carry_out, with_options
from ocs.commands.options import complete_community, complete_person

if TYPE_CHECKING:
    from ocs.model.plan import EditPlan
    from ocs.output.console import Screen
    from ocs.tasks.communities.leadedits import LeadPlan, Setting
    from ocs.workspace import Workspace

CommunityArgument = Annotated[
    str,
    typer.Argument(
        help="`communities/x`, or just `x`.",
        metavar="COMMUNITY",
        autocompletion=complete_community,
    ),
]
DecisionOption = Annotated[
    str | None, typer.Option(help="Where the decision is written.", metavar="URL")
]
TitleOption = Annotated[
    str | None, typer.Option(help="What the community calls the office.", metavar="TEXT")
]
ByOption = Annotated[
    str | None,
    typer.Option(
        help="Who it is; otherwise whose mail address git knows.",
        metavar="PERSON",
        autocompletion=complete_person,
    ),
]


@with_reading_options
def history(
    community: CommunityArgument,
    *,
    asked: Asked,
) -> None:
    """Tell who led a community when, from its record and from git.

    \b
    Example:
      ocs community history open-map-hispano
    """
    from ocs.output.communities import community as show
    from ocs.tasks.communities import leaders as task

    screen, work, today = asked.screen, asked.work, asked.today
    found = task.history(community, today, files=work.files, schemas=work.schemas)
    if asked.json:
        screen.json(show.history_as_json(found.community, found.leads, found.events, today))
    else:
        show.history(found.leads, found.events, today, screen)


@with_options()
def handover(
    community: CommunityArgument,
    to: Annotated[
        str,
        typer.Option(help="Who follows.", metavar="PERSON", autocompletion=complete_person),
    ],
    of: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Who hands over, where there are several owners.",
            metavar="PERSON",
            autocompletion=complete_person,
        ),
    ] = None,
    title: TitleOption = None,
    stays: Annotated[
        bool, typer.Option("--stays-as-peer", help="Whoever hands over goes on as peer.")
    ] = False,
    decision: DecisionOption = None,
    *,
    asked: Asked,
) -> None:
    """Hand a community over: another owner, and custodian of what the old one held.

    What the old one holds after it is told, with the text for a pull request.

    \b
    Example:
      ocs community handover open-map-hispano --to luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    _carry_out(
        lambda at: task.plan_handover(community, to, of, title, decision, stays=stays, at=at),
        asked,
    )


@with_options()
def step_down(
    community: CommunityArgument,
    by: ByOption = None,
    decision: DecisionOption = None,
    *,
    asked: Asked,
) -> None:
    """Leave office, whoever may follow.

    \b
    Example:
      ocs community step-down open-map-hispano --by luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    _carry_out(lambda at: task.plan_step_down(community, by, decision, at), asked)


@with_options()
def add_peer(
    community: CommunityArgument,
    person: Annotated[
        str,
        typer.Argument(
            help="Who becomes peer.", metavar="PERSON", autocompletion=complete_person
        ),
    ],
    title: TitleOption = None,
    speaks_for: Annotated[
        list[str] | None,
        typer.Option(
            help="What they speak for; may be given several times.", metavar="ACTION"
        ),
    ] = None,
    decision: DecisionOption = None,
    *,
    asked: Asked,
) -> None:
    """Make somebody peer.

    \b
    Example:
      ocs community add-peer open-map-hispano yara-costa --speaks-for list
    """
    from ocs.tasks.communities import leadedits as task

    _carry_out(
        lambda at: task.plan_add_peer(
            community, person, title, speaks_for or (), decision, at
        ),
        asked,
    )


@with_options()
def confirm(
    community: CommunityArgument,
    by: ByOption = None,
    *,
    asked: Asked,
) -> None:
    """Say, as one of its leads, that what a community's record says is true.

    \b
    Example:
      ocs community confirm open-map-hispano --by luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    _carry_out(lambda at: task.plan_confirm(community, by, at), asked)


@with_reading_options
def stale(
    *,
    asked: Asked,
) -> None:
    """Tell the leads who have not been heard of for six months: no confirmation, no commit, no
    record.

    \b
    Example:
      ocs community stale
    """
    from ocs.output.communities import community as show
    from ocs.tasks.communities import leaders as task

    screen, work, today = asked.screen, asked.work, asked.today
    unheard = task.stale(today, files=work.files, schemas=work.schemas)
    if asked.json:
        screen.json(show.stale_as_json(unheard, today))
    else:
        show.stale(unheard, today, screen)


def _carry_out(
    propose: Callable[[Setting], LeadPlan],
    asked: Asked,
) -> None:
    """Carry the plan out, and show what comes next."""
    from ocs.output.communities import community as show
    from ocs.tasks.communities.leadedits import Setting

    made: list[LeadPlan] = []

    def plan(work: Workspace) -> EditPlan:
        made.append(propose(Setting(work.files, work.schemas, asked.today)))
        return made[0].plan

    def also(screen: Screen) -> None:
        show.next_steps(made[0].steps, screen)

    def also_json() -> dict[str, Any]:
        return show.steps_as_json(made[0].steps)

    carry_out(
        plan,
        asked,
        also=also,
        also_json=also_json,
        body=lambda: list(show.pull_request(made[0].steps))[2:],
    )
