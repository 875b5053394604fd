"""Who asks for an action, on whose behalf, and whether they may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ocs.adapters.files import Files
from ocs.errors import InvalidRecordError, OcsError, RecordNotFoundError
from ocs.model.community import Community
from ocs.model.kinds import KIND
from ocs.model.org import Org, OrgContact
from ocs.model.person import Person
from ocs.model.registry import Registry
from ocs.model.ruling import Ruling
from ocs.rules.communities import may as rules
from ocs.rules.nearest import did_you_mean, listed, one_of
from ocs.rules.people.accounts import known_by, people_with_account
from ocs.rules.records.schema import Schemas
from ocs.tasks.records.fieldedits import find
from ocs.tasks.registry.load import load

_FOLDERS = [KIND[name].folder for name in ("person", "vetting", "org", "community")]
_PREFIX = "people/"


def may(
    who: str, action: str, subject: str, today: date, *, files: Files, schemas: Schemas
) -> Ruling:
    """May *who* ask for *action* on behalf of *subject*?

    Raises OcsError if one of them is unknown, or their record cannot be read.
    """
    registry = load(files, schemas, folders=_FOLDERS).registry
    # Gatekeepers, and what people can speak for, are never guessed.
    policy = registry.by_kind["ocs"].get("ocs")
    if policy is None or policy.record is None:
        raise InvalidRecordError("ocs.yaml")
    owner = _owner(subject, registry)
    asker = _asker(who, registry, schemas)
    _check_action(action, owner, registry)
    if not isinstance(asker, Person):
        return rules.contact_may(asker[1], asker[0], action, owner, registry, today)
    platform, colon, login = who.partition(":")
    known = known_by(asker, platform.lower(), login) if colon else None
    if isinstance(owner, Org):
        ruling = rules.person_may_not(asker, action, owner, registry, today)
    else:
        ruling = rules.person_may(asker, action, owner, registry, today)
    return replace(ruling, known_by=known)


def _owner(name: str, registry: Registry) -> Org | Community:
    kinds = [kind for kind in (KIND["org"], KIND["community"]) if _may_be(name, kind.folder)]
    for kind in kinds:
        id = name.removeprefix(f"{kind.folder}/").removesuffix(".yaml")
        if id in registry.ids(kind.name) or id in registry.former_ids[kind.name]:
            record = find(registry, kind, name).record
            assert isinstance(record, Org | Community)
            return record
    known = {id for kind in kinds for id in registry.ids(kind.name)}
    nouns = ["organisation" if kind.name == "org" else kind.name for kind in kinds]
    raise RecordNotFoundError(
        f"no {' or '.join(nouns)} has the id '{name}'",
        did_you_mean(name.rpartition("/")[2], known)
        or "see `ocs list communities` and `ocs list orgs`",
    )


def _may_be(name: str, folder: str) -> bool:
    top, slash, _ = name.partition("/")
    return not slash or top == folder or top not in ("orgs", "communities")


def _asker(name: str, registry: Registry, schemas: Schemas) -> Person | tuple[Org, OrgContact]:
    platform, colon, login = name.partition(":")
    if colon:
        return _with_account(platform, login, registry, schemas)
    if "/" in name and not name.startswith(_PREFIX):
        return _contact(name.removeprefix("orgs/"), registry)
    id, ids = name.removeprefix(_PREFIX), registry.ids("person")
    if id not in ids and id not in registry.former_ids["person"]:
        raise RecordNotFoundError(
            f"no person in this registry has the id '{name}'",
            did_you_mean(name, ids)
            or "write a person's id, an account as github:login, or an organisation's contact as "
            "org/contact",
        )
    record = find(registry, KIND["person"], name).record
    assert isinstance(record, Person)
    return record


def _with_account(platform: str, login: str, registry: Registry, schemas: Schemas) -> Person:
    account, platform = f"{platform}:{login}", platform.lower()
    platforms = list(schemas.of(KIND["person"]).schema["properties"]["accounts"]["properties"])
    if platform not in platforms:
        hint = did_you_mean(platform, platforms) or f"use {one_of(platforms, 20)}"
        raise OcsError(f"ocs does not know the platform '{account.partition(':')[0]}'", hint)
    claimants = people_with_account(registry, platform, login)
    if len(claimants) == 1:
        return claimants[0]
    if claimants:
        names = listed([person.id for person in claimants], "and")
        raise OcsError(
            f"{names} both claim the account {account}, so ocs cannot tell who asks",
            "find out whose account it is, and correct the other record",
        )
    people = list(registry.records(Person))
    unread = sorted(registry.ids("person") - {person.id for person in people})
    if unread:
        file = KIND["person"].file(unread[0])
        raise OcsError(
            f"no readable record has that account, and {file} cannot be read",
            f"run `ocs validate {file}` and fix what it lists",
        )
    known = [str(p.accounts[platform]) for p in people if platform in p.accounts]
    raise RecordNotFoundError(
        f"no person in this registry has the account {account}",
        did_you_mean(login, known) or "verify who asks before you do what they ask for",
    )


def _contact(name: str, registry: Registry) -> tuple[Org, OrgContact]:
    org_name, _, wanted = name.partition("/")
    org = _owner(f"orgs/{org_name}", registry)
    assert isinstance(org, Org)
    for contact in org.contacts:
        if contact.id == wanted:
            return org, contact
    ids = [contact.id for contact in org.contacts]
    hint = did_you_mean(wanted, ids) or (
        f"use one of its contacts: {one_of(ids)}" if ids else "it has no contacts"
    )
    raise RecordNotFoundError(f"{org.id} has no contact '{wanted}'", hint)


def _check_action(action: str, owner: Org | Community, registry: Registry) -> None:
    for_orgs = {
        allowed
        for org in registry.records(Org)
        for contact in org.contacts
        for allowed in contact.may_authorise
    }
    for_communities = set(registry.policy.actions)
    known, elsewhere, others = for_communities, for_orgs, "organisations"
    if isinstance(owner, Org):
        known, elsewhere, others = for_orgs, for_communities, "communities"
    if action in known:
        return
    hint = f"for {owner.id}, use {one_of(sorted(known), 20)}"
    if action in elsewhere:
        raise OcsError(
            f"the action '{action}' is for {others}, and {owner.id} is not one",
            hint,
        )
    raise OcsError(f"there is no action '{action}'", did_you_mean(action, known) or hint)
