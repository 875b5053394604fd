"""ocs community: who led when, and leadership that changes without editing YAML."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from ocs.commands.changing import ChangingCall, carry_out
from ocs.commands.completion import complete_community
from ocs.commands.declared import Argument, Option
from ocs.commands.options import PERSON, Call, ReadingCall

if TYPE_CHECKING:
    from ocs.model.plan import EditPlan
    from ocs.tasks.communities.leadedits import LeadPlan, Setting
    from ocs.workspace import Workspace

CommunityArgument = Annotated[
    str,
    Argument(
        help="`communities/x`, or just `x`.", metavar="COMMUNITY", complete=complete_community
    ),
]
DecisionOption = Annotated[
    str | None, Option(help="Where the decision is recorded.", metavar="URL")
]
TitleOption = Annotated[
    str | None, Option(help="The title of the role, such as Coordinator.", metavar="TITLE")
]
ByOption = Annotated[
    str | None,
    Option(
        help="The lead. The default is the person whose mail address is git's user.email.",
        **PERSON,
    ),
]


def history(call: ReadingCall, community: CommunityArgument) -> None:
    """Show the present and past leads of a community, from its record and git's history.

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
    to: Annotated[str, Option(help="The new owner.", **PERSON)],
    of: Annotated[
        str | None,
        Option("--from", help="The owner who leaves, if there are several.", **PERSON),
    ] = None,
    title: TitleOption = None,
    stays: Annotated[
        bool, Option("--stays-as-peer", help="The owner who leaves becomes a peer.")
    ] = False,
    decision: DecisionOption = None,
) -> int:
    """Make another person the owner, and give them the old owner's resources.

    ocs lists the roles, resources and secrets that the old owner still has. It also prints the
    text for a pull request.

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
    """Resign as a lead of a community, with or without a successor.

    Example:
      ocs community step-down open-map-hispano --by luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    return _carry_out(lambda at: task.plan_step_down(community, by, decision, at), call)


def add_peer(
    call: ChangingCall,
    community: CommunityArgument,
    person: Annotated[str, Argument(help="The new peer.", **PERSON)],
    title: TitleOption = None,
    speaks_for: Annotated[
        list[str] | None, Option(help="An action that they may ask for.", metavar="ACTION")
    ] = None,
    decision: DecisionOption = None,
) -> int:
    """Make a person a peer of a community.

    Example:
      ocs community add-peer open-map-hispano yara-costa --speaks-for list
    """
    from ocs.tasks.communities import leadedits as task

    actions = speaks_for or ()
    return _carry_out(
        lambda at: task.plan_add_peer(community, person, title, actions, decision, at), call
    )


def confirm(call: ChangingCall, community: CommunityArgument, by: ByOption = None) -> int:
    """Confirm that a community's record is still correct. Only its leads can do this.

    Example:
      ocs community confirm open-map-hispano --by luis-gomez
    """
    from ocs.tasks.communities import leadedits as task

    return _carry_out(lambda at: task.plan_confirm(community, by, at), call)


def stale(call: ReadingCall) -> None:
    """List leads with no confirmation, commit or record in the last six months.

    Example:
      ocs community stale
    """
    from ocs.output.communities import community as show
    from ocs.tasks.communities import leaders as task

    screen, work, today = call.screen, call.work, call.today
    leads = task.stale(today, files=work.files, schemas=work.schemas)
    if call.json:
        screen.json(show.stale_as_json(leads, today))
    else:
        show.stale(leads, screen)


def _carry_out(propose: Callable[[Setting], LeadPlan], call: Call) -> int:
    """Carry the plan out, and show the next steps."""
    from ocs.output.communities import community as show
    from ocs.tasks.communities.leadedits import Setting

    plans: list[LeadPlan] = []

    def plan(work: Workspace) -> EditPlan:
        plans.append(propose(Setting(work.files, work.schemas, call.today)))
        return plans[0].plan

    return carry_out(
        plan,
        call,
        also=lambda screen: show.next_steps(plans[0].steps, screen),
        also_json=lambda: show.steps_as_json(plans[0].steps),
        body=lambda: list(show.pull_request(plans[0].steps))[2:],
    )
