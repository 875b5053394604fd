"""Plans that confirm, withdraw and rename a problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
from ocs.tasks.records.gituser import git_user
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
    """Somebody saw the solution work; the problem becomes verified if nothing is missing.

    Without *by* it is git's user. Raises OcsError for a withdrawn problem, an unknown person,
    and an entry that is there already.
    """
    registry = load(files, schemas).registry
    document, problem = _problem(registry, name)
    if problem.state is ProblemState.WITHDRAWN:
        raise OcsError(
            f"the problem '{problem.id}' is withdrawn: {_why(problem)}",
            "if the problem is back, write a new record",
        )
    if by is None:
        person = git_user(registry, files, "cannot tell who saw it working")
    else:
        person = find(registry, KIND["person"], by).id
    item = {"by": person, "date": today.isoformat()}
    if versions:
        item["versions"] = versions
    if item in document.tree.get("seen_working", ()):
        raise OcsError(
            f"the record already says that {person} saw it working on {today}",
            "give another day with --on, or the versions with --versions",
        )
    edits: list[Edit] = [addition(document.tree, "seen_working", item)]
    after = build(Problem, problem.id, applied(document.tree, edits))
    missing = missing_to_verify(after)
    if problem.state is not ProblemState.VERIFIED and not missing:
        edits.append(Set(("state",), ProblemState.VERIFIED.value))
    edit_plan = plan({document.file: edits}, registry, files, schemas, today)
    subject = f"{document.reference}: seen working by {person}"
    sentences = tuple(_confirmed(problem, person, missing))
    return replace(edit_plan, subject=subject, sentences=sentences)


def plan_withdraw(
    name: str, because: str, see: str | None, today: date, *, files: Files, schemas: Schemas
) -> EditPlan:
    """A problem is no longer true. Raises OcsError if it, or the one to *see*, is withdrawn."""
    registry = load(files, schemas).registry
    document, problem = _problem(registry, name)
    if problem.state is ProblemState.WITHDRAWN:
        raise OcsError(f"the problem '{problem.id}' is already withdrawn: {_why(problem)}")
    withdrawn: dict[str, Tree] = {"date": today.isoformat(), "because": because}
    if see:
        withdrawn["see"] = _instead(registry, see, problem)
    edits = [Set(("state",), ProblemState.WITHDRAWN.value), Set(("withdrawn",), withdrawn)]
    edit_plan = plan({document.file: edits}, registry, files, schemas, today)
    subject = f"{document.reference}: withdrawn, {because}"
    sentence = f"'{problem.id}' stays in the registry, so that nobody tries its solution again"
    return replace(edit_plan, subject=subject, sentences=(sentence,))


def plan_rename(
    name: str, new: str, today: date, *, files: Files, schemas: Schemas
) -> EditPlan:
    """A problem and its mentions get a new id; the old id still leads to it.

    Raises OcsError if *new* is no id, or is or was in use.
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
    sentences = [f"you can still find '{new}' as '{problem.id}'", *_unread(registry)]
    if others:
        records, verb = ("records", "name") if others > 1 else ("record", "names")
        sentences.insert(0, f"{others} other {records} named it, and now {verb} '{new}'")
    moved = {document.file: _PROBLEM.file(new)}
    edit_plan = plan(edits, registry, files, schemas, today, moved)
    subject = f"{document.reference}: renamed to {new}"
    return replace(edit_plan, subject=subject, sentences=tuple(sentences))


def _problem(registry: Registry, name: str) -> tuple[Document, Problem]:
    document = find(registry, _PROBLEM, name)
    assert isinstance(document.record, Problem)
    return document, document.record


def _why(problem: Problem) -> str:
    return problem.withdrawn.because if problem.withdrawn else "it gives no reason"


def _confirmed(problem: Problem, person: str, missing: list[str]) -> Iterator[str]:
    if problem.state is ProblemState.VERIFIED:
        return
    if not missing:
        yield f"'{problem.id}' was {problem.state.value} and is now verified"
        return
    if person in problem.solved_by:
        yield f"{person} solved it, so somebody else must see it working to verify it"
    yield f"'{problem.id}' stays {problem.state.value}; missing: {listed(missing, 'and')}"


def _instead(registry: Registry, see: str, problem: Problem) -> str:
    other = find(registry, _PROBLEM, see).record
    assert isinstance(other, Problem)
    if other.id == problem.id:
        raise OcsError(
            f"'{see}' is the problem that you withdraw", "give another problem with --see"
        )
    if other.state is ProblemState.WITHDRAWN:
        raise OcsError(
            f"'{other.id}' is withdrawn, too: {_why(other)}", "name one that is not withdrawn"
        )
    return other.id


def _check_free(new: str, old: str, registry: Registry) -> None:
    if not is_slug(new):
        better = slug(new) if is_slug(slug(new)) else "mail-waits-in-queue"
        raise OcsError(
            f"'{new}' is not an id: use 2 to 60 lowercase letters, digits and single '-'",
            f"write for example {better}",
        )
    if new == old:
        raise OcsError(f"the problem already has the id '{new}'")
    for now in registry.former_ids["problem"].get(new, ()):
        raise OcsError(
            f"'{new}' was the id of {now.reference}",
            "ids are never reused; choose another one",
        )
    if new not in registry.ids("problem"):
        return
    if new in [now.id for now in registry.former_ids["problem"].get(old, ())]:
        raise OcsError(
            f"the rename from '{old}' to '{new}' was interrupted",
            f"to finish it, delete {_PROBLEM.file(old)}",
        )
    raise OcsError(f"the problem '{new}' already exists", "choose another id")


def _unread(registry: Registry) -> Iterator[str]:
    for id in sorted(registry.ids("problem") - set(registry.by_kind["problem"])):
        yield f"{_PROBLEM.file(id)} cannot be read, so ocs did not update what it names"
