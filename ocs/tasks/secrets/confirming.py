"""Nobody gets anything whom the user has not confirmed: the asking before an encryption.

What must hold, in words:
- Every fact by which a reader can read what is encrypted is confirmed: the user was shown it
  and answered, or typed it, or ocs wrote it for the user. So are the keys in `.gpg-id` files.
- The user's own key, of which gpg has the secret part, needs no answer.
- Who could read a ciphertext before counts for nothing: whoever can write the file can put a
  recipient into it.
- Where nobody can be asked, only taking away is done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ocs.adapters.packets import read_message
from ocs.model.certificate import Certificate
from ocs.model.change import Replacement
from ocs.model.ciphertext import file_of as ciphertext_file
from ocs.model.plan import EditPlan
from ocs.model.secretplan import How, SecretPlan, SecretStep, Skipped
from ocs.model.trust import Fact, Question
from ocs.rules.nearest import listed
from ocs.rules.secrets.ciphertexts import holders, who_can_read
from ocs.rules.secrets.facts import (
    facts_needed,
    facts_of_gpg_id,
    facts_of_person,
    is_of_user,
    roster,
)
from ocs.rules.secrets.gpgids import owner_of_gpg_id
from ocs.rules.trust.copies import older
from ocs.rules.trust.questions import questions
from ocs.tasks.secrets.revoking import taking_away
from ocs.tasks.secrets.vault import Vault
from ocs.tasks.trust.memory import sources, users
from ocs.tasks.trust.own import remember as noted
from ocs.tasks.trust.stated import difference

# Shows a question about somebody, and returns where the user confirms it. Else raises OcsError.
Ask = Callable[[Question], None]
# Called with who the user is, at the first use.
Begin = Callable[[Sequence[str]], None]
NOT_AMONG = "none of your keys is among its {} readers"
_SOMEBODY_ELSE = "ask somebody who can read it to run `ocs secret sync`"
_AT_A_TERMINAL = (
    "run the command again at a terminal, where ocs can ask you; "
    "`ocs changes` shows these people"
)


def confirmed(
    plan: SecretPlan, vault: Vault, ask: Ask | None, begin: Begin = lambda users: None
) -> SecretPlan:
    """What of a plan may be carried out: all of it once the user has confirmed everybody.

    *begin* is called where somebody is not confirmed. Without *ask* nobody can be asked. Raises
    OcsError where the user does not confirm.
    """
    plan = _with_newest(_openable(plan, vault), vault)
    open_ = unconfirmed(plan, vault)
    if not open_:
        return plan
    begin(sorted(_users(vault)) if vault.memory.is_first_use else ())
    if ask is None:
        return _without(open_, plan, vault)
    for question in asked(open_, plan, vault):
        ask(question)
        vault.memory.confirm(question.facts)
    return plan


def _openable(plan: SecretPlan, vault: Vault) -> SecretPlan:
    """Of a plan for many secrets what the user's key can decrypt: ocs asks for no others."""
    if len(plan.steps) < 2 or all(step.how is not How.ANEW for step in plan.steps):
        return plan
    own = _users(vault)
    whose = holders(vault.registry)
    closed = [step for step in plan.steps if own and not _can_open(step, own, whose)]
    skipped = [
        Skipped(step.secret, NOT_AMONG.format(_recipients(step)), _SOMEBODY_ELSE)
        for step in closed
    ]
    steps = tuple(step for step in plan.steps if step not in closed)
    return replace(plan, steps=steps, skipped=(*plan.skipped, *skipped))


def _with_newest(plan: SecretPlan, vault: Vault) -> SecretPlan:
    """The plan without what would be encrypted to older copies of certificates than were seen."""
    steps: list[SecretStep] = []
    skipped: list[Skipped] = []
    for step in plan.steps:
        reason = next(_outdated(step, vault), None)
        if reason is None:
            steps.append(step)
            continue
        less = taking_away(step, vault)
        skipped.append(Skipped(step.secret, *reason, is_less=bool(less)))
        steps += [less] if less else []
    return _left(plan, steps, plan.others, skipped)


def _outdated(step: SecretStep, vault: Vault) -> Iterator[tuple[str, str]]:
    """Whose certificate is an older copy, and what to do."""
    copies = vault.memory.remembered.copies
    for person, certificate in _certificates(step, vault):
        before = copies.get(certificate.fingerprint)
        if before and (why := older(certificate, before)):
            yield (
                f"keys/{person}.asc is older than the copy that you last encrypted to: {why}",
                f"see `git log -- keys/{person}.asc`, and restore the newer copy",
            )


def _certificates(step: SecretStep, vault: Vault) -> Iterator[tuple[str, Certificate]]:
    """The certificates that a step encrypts to, with the people."""
    for person in step.readers if step.encrypts else ():
        file = (vault.registry.certificates or {}).get(person)
        if file and file.certificate:
            yield person, file.certificate


def _can_open(
    step: SecretStep, own: Collection[str], whose: Mapping[str, frozenset[str]]
) -> bool:
    """Can the user decrypt what a step encrypts anew, as far as the recipients tell?"""
    if step.how is not How.ANEW or step.before is None:
        return True
    readers, unknown = who_can_read(read_message(step.before), whose)
    return bool(unknown) or not readers.isdisjoint(own)


def _users(vault: Vault) -> Mapping[str, str]:
    """The people who the user is: gpg has their secret key."""
    return users((vault.registry.certificates or {}).values(), vault.keyrings)


def _recipients(step: SecretStep) -> int:
    return len(read_message(step.before or b"").recipients)


def unconfirmed(plan: SecretPlan, vault: Vault) -> frozenset[Fact]:
    """The facts that a plan needs and the user has not confirmed."""
    needed = {fact for step in plan.steps for fact in _needed_for(step, vault)}
    needed |= {fact for file in plan.others for fact in _needed_in(file, vault)}
    if not needed:
        return frozenset()
    return _open(needed, plan, vault)


def asked(facts: Collection[Fact], plan: SecretPlan, vault: Vault) -> Iterator[Question]:
    """The questions about these facts; at the first use, about all gatekeepers as well."""
    registry = vault.registry
    if vault.memory.is_first_use:
        every = set(roster(registry))
        for fact in tuple(every):
            every |= set(facts_of_person(fact.person, registry, vault.today))
        facts = {*facts, *_open(every, plan, vault)}
    memory = vault.memory
    for question in questions(facts, registry, memory.remembered, memory.related):
        found = sources(question.facts, registry, vault.files.root)
        secrets = [
            step.secret
            for step in plan.steps
            if step.encrypts and question.person in step.readers
        ]
        yield replace(question, sources=found, secrets=tuple(secrets))


def people(facts: Iterable[Fact]) -> list[str]:
    """The people of whom these facts are."""
    return sorted({fact.person for fact in facts})


def remember(plan: SecretPlan, written: Collection[str], vault: Vault) -> None:
    """Remember what the user typed and took away, of a plan that was carried out."""
    written_to = [step for step in plan.steps if ciphertext_file(step.secret) in written]
    vault.memory.saw(
        certificate for step in written_to for _, certificate in _certificates(step, vault)
    )
    if plan.own:
        own = {fact for fact in plan.own if ciphertext_file(fact.about) in written}
        noted(frozenset(own), frozenset(), vault.memory)
    else:
        edits = [file for file in plan.edits.replacements if file.path in written]
        noted(*difference(edits, vault.today), vault.memory)
    vault.memory.looked()


def _needed_for(step: SecretStep, vault: Vault) -> Iterator[Fact]:
    if step.encrypts:
        yield from facts_needed(step.secret, step.readers, vault.registry, vault.today)


def _needed_in(file: Replacement, vault: Vault) -> Iterator[Fact]:
    yield from facts_of_gpg_id(owner_of_gpg_id(file.path), vault.registry)


def _open(needed: Collection[Fact], plan: SecretPlan, vault: Vault) -> frozenset[Fact]:
    """The facts among those needed that are neither confirmed nor typed, nor of the user."""
    left = {
        fact
        for fact in needed
        if fact not in vault.memory.remembered.facts and fact not in plan.own
    }
    if not left:
        return frozenset()
    own = _users(vault)
    return frozenset(fact for fact in left if not is_of_user(fact, own))


def _without(facts: Collection[Fact], plan: SecretPlan, vault: Vault) -> SecretPlan:
    """The plan without what gives anything to people of whom these facts are."""
    steps: list[SecretStep] = []
    skipped: list[Skipped] = []
    for step in plan.steps:
        against = people(set(_needed_for(step, vault)) & set(facts))
        if not against:
            steps.append(step)
            continue
        less = taking_away(step, vault)
        skipped.append(_skipped(step.secret, against, is_less=bool(less)))
        steps += [less] if less else []
    others: list[Replacement] = []
    notes: list[str] = []
    for file in plan.others:
        against = people(set(_needed_in(file, vault)) & set(facts))
        if not against:
            others.append(file)
        elif plan.only_removes:
            skipped.append(_skipped(file.path, against))
        else:
            notes.append(
                f"{file.path} waits until you have confirmed {listed(against, 'and')}"
            )
    return _left(plan, steps, others, skipped, notes)


def _left(
    plan: SecretPlan,
    steps: Sequence[SecretStep],
    others: Sequence[Replacement],
    skipped: Sequence[Skipped],
    notes: Sequence[str] = (),
) -> SecretPlan:
    """What is left of a plan. Where anything is skipped, only edits that remove somebody are."""
    is_left = plan.only_removes or not skipped
    return replace(
        plan,
        steps=tuple(steps),
        edits=plan.edits if is_left else EditPlan(),
        others=tuple(others),
        said=(*plan.said, *notes) if is_left else (),
        skipped=(*plan.skipped, *skipped),
    )


def _skipped(what: str, against: Sequence[str], *, is_less: bool = False) -> Skipped:
    reason = f"nobody has confirmed {listed(against, 'and')} here"
    return Skipped(what, reason, _AT_A_TERMINAL, is_less=is_less)
