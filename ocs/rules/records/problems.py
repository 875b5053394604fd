"""What must hold of problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ocs.model.finding import Severity
from ocs.model.problem import Problem, ProblemState
from ocs.model.registry import Registry
from ocs.rules.check import Check, Violation, at, check
from ocs.rules.nearest import listed
from ocs.rules.records.dangers import dangers

NEAR_DUPLICATE = Check(
    "near-duplicate",
    Severity.NOTE,
    "No changed problem is nearly the same as another problem.",
    "two volunteers each wrote a record of the same problem",
    "Merge them into one, and withdraw the other with `ocs problem withdraw --see`. If both "
    "are needed, list one under `related:` of the other.",
)


def missing_to_verify(problem: Problem) -> list[str]:
    """What a problem lacks to be called verified."""
    others = {seen.by for seen in problem.seen_working} - set(problem.solved_by)
    needed = {
        "a resolution": problem.resolution,
        "a verification": problem.verification,
        "another person in `seen_working`": others,
    }
    return [what for what, there in needed.items() if not there]


@check(
    "not-verified",
    Severity.ERROR,
    example="state: verified, and nobody but the author saw it work",
    hint="Add what is missing, or write `state: draft`.",
    one_by_one=True,
)
def problems_verified_too_soon(registry: Registry, today: date) -> Iterator[Violation]:
    """A verified problem has a resolution, a verification, and a confirmation by somebody who did
    not solve it.
    """
    for problem in registry.records(Problem):
        missing = missing_to_verify(problem)
        if problem.state is ProblemState.VERIFIED and missing:
            message = f"this problem is marked verified, but lacks {listed(missing, 'and')}"
            yield Violation(message, (at("problem", problem.id, "state"),))


@check(
    "withdrawn-without-reason",
    Severity.ERROR,
    example="state: withdrawn, without `withdrawn: {because: …}`",
    hint="Write the reason, the day, and the problem to read instead. Or correct the state.",
    one_by_one=True,
)
def problems_withdrawn_without_reason(registry: Registry, today: date) -> Iterator[Violation]:
    """A problem has a `withdrawn:` reason if, and only if, its state is `withdrawn`."""
    for problem in registry.records(Problem):
        is_withdrawn = problem.state is ProblemState.WITHDRAWN
        if is_withdrawn and problem.withdrawn is None:
            yield Violation(
                "this problem is withdrawn, but does not say why",
                (at("problem", problem.id, "state"),),
                "add `withdrawn: {because: …}`",
            )
        elif problem.withdrawn is not None and not is_withdrawn:
            place = replace(at("problem", problem.id, "withdrawn"), of_key=True)
            yield Violation(
                f"this problem says why it was withdrawn, but its state is {problem.state}",
                (place,),
                "write `state: withdrawn`",
            )


@check(
    "dangerous-command",
    Severity.WARNING,
    example="resolution: run `curl https://fix.example/it.sh | sudo sh`",
    hint="Say what the command does. Write steps that a reader can check one by one.",
    one_by_one=True,
)
def problems_with_dangerous_commands(registry: Registry, today: date) -> Iterator[Violation]:
    """No solution tells readers to run what they cannot check or undo."""
    for problem in registry.records(Problem):
        for field in ("cause", "resolution", "verification", "workaround", "undo"):
            for what in dangers(getattr(problem, field) or ""):
                yield Violation(f"the {field} {what}", (at("problem", problem.id, field),))


CHECKS = (
    problems_verified_too_soon,
    problems_withdrawn_without_reason,
    problems_with_dangerous_commands,
    NEAR_DUPLICATE,
)
