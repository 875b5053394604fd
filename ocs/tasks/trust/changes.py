"""What differs from what the user remembers, here and on the default branch; and confirming it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ocs.adapters.files import Files
from ocs.adapters.git import origin
from ocs.adapters.git.objects import Objects
from ocs.adapters.memories import Memories
from ocs.model.kinds import RECORD_FOLDERS
from ocs.model.registry import Registry
from ocs.model.trust import Difference, Fact, Question
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.facts import facts_of, is_of_user
from ocs.rules.trust.changes import State, differences
from ocs.rules.trust.questions import questions
from ocs.tasks.registry.certificates import Keyrings, with_certificates
from ocs.tasks.registry.commitfiles import proposed
from ocs.tasks.registry.load import load
from ocs.tasks.trust.memory import Memory, open_memory, sources, users

_FOLDERS = tuple(folder for folder in RECORD_FOLDERS if folder != "problems")


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs, and what is remembered and the same, with the day on which it was confirmed.

    `users` are the people who the user is. `branch` is the default branch as it was fetched
    last, None where there is none. `lost` is the commit that the user has seen and it does not
    hold, and `may_be_older` says that it may be from before that: then nothing counts as gone.
    """

    memory: Memory
    registry: Registry
    differences: tuple[Difference, ...]
    same: tuple[tuple[Fact, date], ...]
    branch: str | None
    shared_head: str
    users: tuple[str, ...]
    lost: str = ""
    may_be_older: bool = False

    @property
    def to_confirm(self) -> tuple[Difference, ...]:
        """What the default branch states and the user has not confirmed."""
        return tuple(change for change in self.differences if change.is_shared)

    @property
    def gone(self) -> tuple[Difference, ...]:
        return tuple(change for change in self.differences if change.is_gone)


def changes(
    files: Files,
    schemas: Schemas,
    memories: Memories | None,
    keyrings: Keyrings,
    today: date,
    *,
    is_verified: bool = False,
) -> Changes:
    """What differs from what the user has confirmed, here and on the default branch.

    With *is_verified* gpg verifies the certificates of the default branch, for `confirm`.
    """
    root = files.root
    to_verify = keyrings if is_verified else None
    branch = origin.default_branch(root)
    here = _registry(files, schemas, None if branch else to_verify)
    head = origin.head(root)
    shared = here
    if branch:
        with Objects(root) as objects:
            shared = _registry(
                proposed(root, branch[1], None, objects).files, schemas, to_verify
            )
    memory = open_memory(shared, root, memories, today, branch[1] if branch else "")
    facts = facts_of(here, today), facts_of(shared, today)
    state = State(*facts, head, branch[1] if branch else head)
    certificates = [*(here.certificates or {}).values(), *(shared.certificates or {}).values()]
    own = users(certificates, keyrings)
    found = [
        change
        for change in differences(
            state,
            memory.remembered,
            memory.known,
            lambda one, other: origin.leads_to(root, one, other),
        )
        if not is_of_user(change.fact, own)
    ]
    stated = {*facts[0], *facts[1]}
    seen = memory.remembered.seen
    is_lost = bool(branch and seen) and not origin.leads_to(root, seen, state.shared_head)
    is_older = is_lost and origin.may_lead_to(root, state.shared_head, seen)
    found = [change for change in found if not (is_older and change.is_gone)]
    return Changes(
        memory,
        shared,
        tuple(
            _with_source(change, here, shared, branch[1] if branch else "", files)
            for change in found
        ),
        tuple(
            sorted(
                (fact, day) for fact, day in memory.remembered.facts.items() if fact in stated
            )
        ),
        branch[0] if branch else None,
        state.shared_head,
        tuple(sorted(own)),
        seen if is_lost else "",
        is_older,
    )


def confirm(found: Changes, ask: Callable[[Question], None]) -> Sequence[Fact]:
    """Ask about everybody of whom the default branch states something new; what was confirmed.

    What is gone is forgotten. Raises OcsError where the user does not confirm.
    """
    memory = found.memory
    new = [change.fact for change in found.to_confirm]
    for question in questions(new, found.registry, memory.remembered, memory.related):
        revision = found.shared_head if found.branch else ""
        commits = sources(question.facts, found.registry, memory.root, revision)
        ask(replace(question, sources=commits))
        memory.confirm(question.facts)
        file = (found.registry.certificates or {}).get(question.person)
        if file and file.certificate:
            memory.saw([file.certificate])
    memory.forget([change.fact for change in found.gone])
    if not found.may_be_older:
        memory.confirm((), seen=found.shared_head)
    return new


def _registry(files: Files, schemas: Schemas, keyrings: Keyrings | None) -> Registry:
    registry = load(files, schemas, folders=_FOLDERS).registry
    return with_certificates(registry, files, keyrings)[0]


def _with_source(
    change: Difference, here: Registry, shared: Registry, revision: str, files: Files
) -> Difference:
    if change.is_gone:
        return change
    registry, commit = (shared, revision) if change.is_shared else (here, "")
    found = sources((change.fact,), registry, files.root, commit)
    return change._replace(source=found[0])
