"""Who led a community when, which leads were last active long ago, and what a change needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ocs.model.community import Lead, Role
from ocs.output.console import Screen, clean
from ocs.rules.nearest import many

if TYPE_CHECKING:
    from datetime import date

    from ocs.model.review import NextSteps


def next_steps(steps: NextSteps, screen: Screen) -> None:
    """What the person who leaves still holds, and the text of the pull request."""
    if steps.leaves:
        left = list(_left(steps))
        title = f"{steps.leaves} {'after this:' if left else 'holds nothing after this'}"
        screen.out()
        screen.out((title, "bold"))
        for line in left:
            screen.out("  [ ] ", clean(line))
    if steps.verdict is None:
        return
    if steps.decision is None:
        screen.say(
            "add --decision URL: the people who must agree need to see where it was decided"
        )
    screen.out()
    screen.out(("pull request", "bold"))
    for line in pull_request(steps):
        screen.out(f"  {clean(line)}".rstrip())


def pull_request(steps: NextSteps) -> Iterator[str]:
    """The text of a pull request: title, changes, who must agree, and what is left to do."""
    yield steps.title
    if steps.verdict is None:
        return
    yield ""
    changes = [f"- {amendment.sentence}" for amendment in steps.verdict.amendments]
    yield from changes
    yield ""
    if steps.decision and not any(steps.decision in line for line in changes):
        yield f"Decided: {steps.decision}"
    needs = ", ".join(required.need.label for required in steps.verdict.required)
    yield f"Must agree, by approving this: {needs or 'nobody'}"
    if steps.verdict.notice:
        yield f"Notice: {many(steps.verdict.notice.days, 'day')} from when this is opened"
    left = list(_left(steps))
    if left:
        yield ""
        yield f"{steps.leaves} after this:"
        yield from (f"- [ ] {line}" for line in left)


def _left(steps: NextSteps) -> Iterator[str]:
    yield from steps.holds
    yield from (f"may know the secret {name}: rotate it" for name in steps.rotate)


def steps_as_json(steps: NextSteps) -> dict[str, Any]:
    return {
        "still_holds": list(steps.holds),
        "rotate": list(steps.rotate),
        "pull_request": "\n".join(pull_request(steps)),
    }


def history(leads: Sequence[Lead], events: Sequence[Any], screen: Screen) -> None:
    """A line for each office, and one for each commit that changed something."""
    rows = [
        [str(lead.since or "?"), _end(lead), str(lead.who), lead.role.value, lead.title or ""]
        for lead in leads
    ]
    if rows:
        screen.table(["from", "to", "who", "role", "title"], rows)
    else:
        screen.out("no current or former leads are recorded")
    for event in events:
        screen.out()
        screen.out((f"{event.day}", "bold"), f"  {event.commit[:10]}")
        for line in event.sentences:
            screen.out("  ", clean(line))


def history_as_json(
    community: str, leads: Sequence[Lead], events: Sequence[Any], today: date
) -> dict[str, Any]:
    return {
        "community": community,
        "leads": [
            {
                "who": str(lead.who),
                "role": lead.role.value,
                "title": lead.title,
                "since": lead.since.isoformat() if lead.since else None,
                "until": lead.until.isoformat() if lead.until else None,
                "decision": lead.decision,
            }
            for lead in leads
        ],
        "commits": [
            {
                "day": event.day.isoformat(),
                "commit": event.commit,
                "said": list(event.sentences),
            }
            for event in events
        ],
        "on": today.isoformat(),
    }


def stale(unheard: Sequence[Any], screen: Screen) -> None:
    """A line for each lead who was last active long ago."""
    rows = [
        [lead.community, lead.who, lead.role, str(lead.last or "never"), lead.sign]
        for lead in unheard
    ]
    if rows:
        screen.table(["community", "lead", "role", "last active", "by"], rows)
    if not rows:
        screen.say("every lead was active in the last six months")
        return
    leads = f"{len(rows)} lead{'' if len(rows) == 1 else 's'}"
    ask = "ask them to run `ocs community confirm COMMUNITY`"
    screen.say(f"{leads} with no activity in the last six months; {ask}")


def stale_as_json(unheard: Sequence[Any], today: date) -> dict[str, Any]:
    return {
        "on": today.isoformat(),
        "leads": [
            {
                "community": lead.community,
                "who": lead.who,
                "role": lead.role,
                "last": lead.last.isoformat() if lead.last else None,
                "sign": lead.sign,
            }
            for lead in unheard
        ],
    }


def _end(lead: Lead) -> str:
    return str(lead.until or ("?" if lead.role is Role.EMERITUS else ""))
