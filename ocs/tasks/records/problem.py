"""What becomes of a problem: seen working once more, withdrawn, renamed. Each is a plan of
edits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.edit import Edit, Set, addition, applied
from ocs.model.kinds import KIND, is_slug
from ocs.model.plan import EditPlan
from ocs.model.problem import Problem, ProblemState
from ocs.model.record import Tree, build
from ocs.model.registry import Document, Registry
from ocs.rules.nearest import listed
from ocs.rules.records.naming import slug
from ocs.rules.records.problems import missing_to_verify
from ocs.rules.records.schema import Schemas
from ocs.tasks.records.fieldedits import find, plan
from ocs.tasks.records.whoever import whoever_asks
from ocs.tasks.registry.load import load

_PROBLEM = KIND["problem"]


def plan_confirm(
    name: str,
    by: str | None,
    versions: str | None,
    today: date,
    *,
    files: Files,
    schemas: Schemas,
) -> EditPlan:
    """Somebody saw the solution work. What has all that it needs becomes verified.

    Without *by* it is whose mail address git knows. Raises OcsError for a withdrawn problem,
    for somebody unknown, and for what stands there already.
    """
    registry = load(files, schemas).registry
    document, problem = _problem(registry, name)
    if problem.state is ProblemState.WITHDRAWN:
        raise OcsError(
            f"the problem '{problem.id}' is withdrawn: {_why(problem)}",
            "write a new one if it is back",
        )
    person = (
        _known(by, registry)
        if by is not None
        else whoever_asks(registry, files, "who saw it working?")
    )
    item = {
        "by": person,
        "date": today.isoformat(),
        **({"versions": versions} if versions else {}),
    }
    if item in document.tree.get("seen_working", ()):
        raise OcsError(
            f"that {person} saw it working on {today} stands there already",
            "give another day with --on, or the versions with --versions",
        )
    edits: list[Edit] = [addition(document.tree, "seen_working", item)]
    after = build(Problem, problem.id, applied(document.tree, edits))
    missing = missing_to_verify(after)
    if problem.state is not ProblemState.VERIFIED and not missing:
        edits.append(Set(("state",), ProblemState.VERIFIED.value))
    said = _said_of_confirming(problem, person, missing)
    subject = f"{document.reference}: seen working by {person}"
    return plan(
        {document.file: edits}, registry, files, schemas, today, subject=subject, said=said
    )


def plan_withdraw(
    name: str, because: str, see: str | None, today: date, *, files: Files, schemas: Schemas
) -> EditPlan:
    """A problem is no longer true. Raises OcsError where it is withdrawn already, or *see* is
    no help.
    """
    registry = load(files, schemas).registry
    document, problem = _problem(registry, name)
    if problem.state is ProblemState.WITHDRAWN:
        raise OcsError(f"the problem '{problem.id}' is withdrawn already: {_why(problem)}")
    withdrawn: dict[str, Tree] = {"date": today.isoformat(), "because": because}
    if see:
        withdrawn["see"] = _instead(registry, see, problem)
    edits = [Set(("state",), ProblemState.WITHDRAWN.value), Set(("withdrawn",), withdrawn)]
    said = [f"'{problem.id}' stays, so that nobody tries it again"]
    subject = f"{document.reference}: withdrawn, {because}"
    return plan(
        {document.file: edits}, registry, files, schemas, today, subject=subject, said=said
    )


def plan_rename(
    name: str, new: str, today: date, *, files: Files, schemas: Schemas
) -> EditPlan:
    """A problem gets another id, and what mentions it the new one; the old id goes on leading
    there.

    Raises OcsError where the new one is no id, or one that is or was in use.
    """
    registry = load(files, schemas).registry
    document, problem = _problem(registry, name)
    _check_free(new, problem.id, registry)
    edits: dict[str, list[Edit]] = {
        document.file: [addition(document.tree, "formerly", problem.id)]
    }
    for other in registry:
        for reference in other.references:
            if reference.space in _PROBLEM.spaces and reference.target == problem.id:
                edits.setdefault(other.file, []).append(Set(reference.steps, new))
    others = len(edits) - 1
    said = [f"'{problem.id}' goes on leading to '{new}'", *_unread(registry)]
    if others:
        many = f"{others} other records named it, and now name '{new}'"
        said.insert(
            0, many if others > 1 else f"1 other record named it, and now names '{new}'"
        )
    subject, moved = (
        f"{document.reference}: renamed to {new}",
        {document.file: _PROBLEM.file(new)},
    )
    return plan(
        edits, registry, files, schemas, today, subject=subject, said=said, moved=moved
    )


def _problem(registry: Registry, name: str) -> tuple[Document, Problem]:
    document = find(registry, _PROBLEM, name)
    assert isinstance(document.record, Problem)
    return document, document.record


def _why(problem: Problem) -> str:
    return problem.withdrawn.because if problem.withdrawn else "it does not say why"


def _known(person: str, registry: Registry) -> str:
    return find(registry, KIND["person"], person).id


def _said_of_confirming(problem: Problem, person: str, missing: list[str]) -> Iterator[str]:
    if problem.state is ProblemState.VERIFIED:
        return
    if not missing:
        yield f"'{problem.id}' was {problem.state.value} and is now verified"
        return
    if person in problem.solved_by:
        yield f"{person} solved it, so this does not verify it: somebody else must see it working"
    yield f"'{problem.id}' stays {problem.state.value}: it lacks {listed(missing, 'and')}"


def _instead(registry: Registry, see: str, problem: Problem) -> str:
    other = find(registry, _PROBLEM, see).record
    assert isinstance(other, Problem)
    if other.id == problem.id:
        raise OcsError(
            f"'{see}' is the problem that is withdrawn", "name the one to read instead"
        )
    if other.state is ProblemState.WITHDRAWN:
        raise OcsError(
            f"'{other.id}' is withdrawn itself: {_why(other)}", "name one that holds"
        )
    return other.id


def _check_free(new: str, old: str, registry: Registry) -> None:
    if not is_slug(new):
        better = slug(new)
        hint = (
            f"write for example {better}" if is_slug(better) else "such as mail-waits-in-queue"
        )
        raise OcsError(
            f"'{new}' is no id: small letters, digits and single '-', 2 to 60 characters", hint
        )
    if new == old:
        raise OcsError(f"the problem has the id '{new}' already")
    now = registry.former_ids["problem"].get(new)
    if now is not None:
        raise OcsError(
            f"'{new}' was the id of problems/{now}", "an id is never used again; take another"
        )
    if new not in registry.ids("problem"):
        return
    if registry.former_ids["problem"].get(old) == new:
        raise OcsError(
            f"a renaming of '{old}' to '{new}' was interrupted",
            f"delete {_PROBLEM.file(old)} to finish it",
        )
    raise OcsError(f"there is a problem '{new}' already", "take another id")


def _unread(registry: Registry) -> Iterator[str]:
    """The problems of which nobody can say what they name."""
    for id in sorted(registry.ids("problem") - set(registry.by_kind["problem"])):
        yield f"{_PROBLEM.file(id)} cannot be read, so what it names was not looked at"
