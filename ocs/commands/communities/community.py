"""ocs community: who led when, and leadership that changes without editing YAML."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from ocs.commands.changing import ChangingCall, carry_out
from ocs.commands.completion import complete_community
from ocs.commands.declared import Argument, Option
from ocs.commands.options import PERSON, Call, ReadingCall

if TYPE_CHECKING:
    from ocs.model.plan import EditPlan
    from ocs.output.console import Screen
    from ocs.tasks.communities.leadedits import LeadPlan, Setting
    from ocs.workspace import Workspace

CommunityArgument = Annotated[
    str,
    Argument(
        help="`communities/x`, or just `x`.",
        metavar="COMMUNITY",
        autocompletion=complete_community,
    ),
]
DecisionOption = Annotated[
    str | None, Option(help="Where the decision is written.", metavar="URL")
]
TitleOption = Annotated[
    str | None, Option(help="What the community calls the office.", metavar="TEXT")
]
ByOption = Annotated[
    str | None, Option(help="Who it is; otherwise whose mail address git knows.", **PERSON)
]


def history(call: ReadingCall, community: CommunityArgument) -> None:
    """Tell who led a community when, from its record and from git.

    \b
    Example:
      ocs community history open-map-hispano
    """
    from ocs.output.communities import community as show
    from ocs.tasks.communities import leaders as task

    screen, work, today = call.screen, call.work, call.today
    found = task.history(community, today, files=work.files, schemas=work.schemas)
    if call.json:
        screen.json(show.history_as_json(found.community, found.leads, found.events, today))
    else:
        show.history(found.leads, found.events, screen)


def handover(
    call: ChangingCall,
    community: CommunityArgument,
    to: Annotated[str, Option(help="Who follows.", **PERSON)],
    of: Annotated[
        str | None,
        Option("--from", help="Who hands over, where there are several owners.", **PERSON),
    ] = None,
    title: TitleOption = None,
    stays: Annotated[
        bool, Option("--stays-as-peer", help="Whoever hands over goes on as peer.")
    ] = False,
    decision: DecisionOption = None,
) -> int:
    """Hand a community over: another owner, and custodian of what the old one held.

    What the old one holds after it is told, with the text for a pull request.

    \b
    Example:
      ocs community handover open-map-hispano --to luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    return _carry_out(
        lambda at: task.plan_handover(community, to, of, title, decision, stays=stays, at=at),
        call,
    )


def step_down(
    call: ChangingCall,
    community: CommunityArgument,
    by: ByOption = None,
    decision: DecisionOption = None,
) -> int:
    """Leave office, whoever may follow.

    \b
    Example:
      ocs community step-down open-map-hispano --by luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    return _carry_out(lambda at: task.plan_step_down(community, by, decision, at), call)


def add_peer(
    call: ChangingCall,
    community: CommunityArgument,
    person: Annotated[str, Argument(help="Who becomes peer.", **PERSON)],
    title: TitleOption = None,
    speaks_for: Annotated[
        list[str] | None,
        Option(help="What they speak for; may be given several times.", metavar="ACTION"),
    ] = None,
    decision: DecisionOption = None,
) -> int:
    """Make somebody peer.

    \b
    Example:
      ocs community add-peer open-map-hispano yara-costa --speaks-for list
    """
    from ocs.tasks.communities import leadedits as task

    return _carry_out(
        lambda at: task.plan_add_peer(
            community, person, title, speaks_for or (), decision, at
        ),
        call,
    )


def confirm(call: ChangingCall, community: CommunityArgument, by: ByOption = None) -> int:
    """Say, as one of its leads, that what a community's record says is true.

    \b
    Example:
      ocs community confirm open-map-hispano --by luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    return _carry_out(lambda at: task.plan_confirm(community, by, at), call)


def stale(call: ReadingCall) -> None:
    """Tell the leads who have not been heard of for six months: no confirmation, no commit, no
    record.

    \b
    Example:
      ocs community stale
    """
    from ocs.output.communities import community as show
    from ocs.tasks.communities import leaders as task

    screen, work, today = call.screen, call.work, call.today
    unheard = task.stale(today, files=work.files, schemas=work.schemas)
    if call.json:
        screen.json(show.stale_as_json(unheard, today))
    else:
        show.stale(unheard, today, screen)


def _carry_out(propose: Callable[[Setting], LeadPlan], call: Call) -> int:
    """Carry the plan out, and show what comes next."""
    from ocs.output.communities import community as show
    from ocs.tasks.communities.leadedits import Setting

    made: list[LeadPlan] = []

    def plan(work: Workspace) -> EditPlan:
        made.append(propose(Setting(work.files, work.schemas, call.today)))
        return made[0].plan

    def also(screen: Screen) -> None:
        show.next_steps(made[0].steps, screen)

    def also_json() -> dict[str, Any]:
        return show.steps_as_json(made[0].steps)

    return carry_out(
        plan,
        call,
        also=also,
        also_json=also_json,
        body=lambda: list(show.pull_request(made[0].steps))[2:],
    )
