"""What another project's file says, joined with what stands in a record.

The file adds and corrects; it never takes out. Fields that it says nothing of stay, and so
does what it no longer names: nobody knows on which day it ended, so that is noted for a person
to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ocs.model.community import Role
from ocs.model.foreign import ForeignCommunity, ForeignLead, ForeignPerson, Note
from ocs.model.record import Tree
from ocs.rules.exchange.matching import Identities

# What the importer writes of a lead; everything else was added by a person.
_OURS = frozenset(("person", "name", "role", "title"))
_ORDER = [role.value for role in Role]


def person_fields(
    person: ForeignPerson, old: Mapping[str, Tree], *, imported: bool
) -> dict[str, Tree]:
    """The fields of a person's record. One that was not *imported* keeps its name."""
    name = person.name if imported else old.get("name", person.name)
    accounts = dict(old.get("accounts", {}))
    for platform, account in person.accounts.items():
        if str(accounts.get(platform, "")).casefold() != str(account).casefold():
            accounts[platform] = account
    return {**old, "name": name, **({"accounts": accounts} if accounts else {})}


class Merged:
    """The fields of a community's record. `notes` gathers what only the record has."""

    def __init__(
        self,
        community: ForeignCommunity,
        titles: Collection[str],
        ids: Identities,
        old: Mapping[str, Tree],
    ) -> None:
        self._community = community
        self._titles = titles
        self._ids = ids
        self._old = old
        self.notes: list[Note] = []

    def fields(self) -> dict[str, Tree]:
        community, old = self._community, self._old
        fields: dict[str, Tree] = {"kind": community.kind, **old}
        for name, text in community.fields.items():
            if str(old.get(name, "")).strip() != text:
                fields[name] = text
        if community.part_of:
            fields["part_of"] = self._added(
                "part_of", [self._ids.communities[community.part_of]], lambda parent: parent
            )
        if community.contacts:
            contacts = [dict(contact) for contact in community.contacts]
            fields["contacts"] = self._added(
                "contacts", contacts, lambda contact: contact.get("type")
            )
        leads = self._leads(community.leads or ())
        if leads or (community.leads is not None and not old):
            fields["leads"] = leads
        self._note_leads_at(fields)
        return fields

    def _added(
        self, name: str, new: Sequence[Tree], kind: Callable[[Tree], Tree]
    ) -> list[Tree]:
        """A list with the file's items. Other contacts of a kind in the file are noted."""
        old = list(self._old.get(name, ()))
        kinds = [kind(item) for item in new]
        for item in old:
            if name == "contacts" and item not in new and kind(item) in kinds:
                why = "it stays; remove it if it is no longer true"
                self._note("not-in-file", f"one of {name}", why, str(item["url"]))
        return [*old, *(item for item in new if item not in old)]

    def _leads(self, leads: Sequence[ForeignLead]) -> list[Tree]:
        """The leads that stand there, brought up to date, with those that are new."""
        waiting = [self._lead(lead) for lead in leads]
        listed: list[Tree] = []
        for old in self._old.get("leads", ()):
            same = _same(old, waiting)
            if same is None:
                listed.append(old)
                self._note_left(old)
            else:
                waiting = [lead for lead in waiting if lead is not same]
                listed.append(self._updated(old, same))
                self._note_returned(old, same)
        for new in waiting:
            listed.insert(_place_of(new, listed), new)
        return listed

    def _updated(self, old: Mapping[str, Tree], new: Mapping[str, Tree]) -> Mapping[str, Tree]:
        """A lead as the file has it, but for an end and for a title that a person wrote."""
        if "until" in old:
            return old
        own = "title" in old and old["title"] not in self._titles
        return {**old, **new, **({"title": old["title"]} if own else {})}

    def _lead(self, lead: ForeignLead) -> dict[str, Tree]:
        who = {"person": self._ids.people[lead.person]} if lead.person else {"name": lead.name}
        title = {"title": lead.title} if lead.title else {}
        return {**who, "role": lead.role.value, **title}

    def _note_left(self, lead: Mapping[str, Tree]) -> None:
        if _is_in_office(lead):
            why = "they stay: the file does not say since when they are out of office"
            hint = "write `until:` with the first day out of office"
            self._note("not-in-file", f"a lead ({lead['role']})", why, str(_who(lead)), hint)

    def _note_returned(self, old: Mapping[str, Tree], new: Mapping[str, Tree]) -> None:
        if "until" in old and new["role"] != Role.EMERITUS:
            why = "the record says that they are, or will be, out of office"
            self._note("kept", "a lead whom the file names", why, str(_who(old)))

    def _note_leads_at(self, fields: Mapping[str, Tree]) -> None:
        if any(map(_is_in_office, fields.get("leads", ()))):
            why = "the file names leads, so it may no longer be true"
            for name in ("vacant_since", "leads_at"):
                if name in fields:
                    self._note("kept", f"`{name}`", why)

    def _note(
        self, code: str, what: str, why: str, place: str = "", hint: str | None = None
    ) -> None:
        record = f"communities/{self._ids.communities[self._community.key]}"
        self.notes.append(
            Note(code, what, why, f"{record}: {place}" if place else record, hint)
        )


def _is_in_office(lead: Mapping[str, Tree]) -> bool:
    return "until" not in lead and lead["role"] != Role.EMERITUS


def _who(lead: Mapping[str, Tree]) -> Tree:
    return lead.get("person") or lead.get("group") or lead.get("name")


def _same(
    old: Mapping[str, Tree], new: Sequence[Mapping[str, Tree]]
) -> Mapping[str, Tree] | None:
    """The lead of the file that one in the record is: best with title and role, then with the
    role.

    Who has `until` is an emeritus. Who has another role is the same lead only where a person
    added nothing: what was added, such as `since`, is of the role that it stands with.
    """
    own = [lead for lead in new if _who(lead) == _who(old)]
    return next((lead for fits in _fits(old) for lead in own if fits(lead)), None)


def _fits(old: Mapping[str, Tree]) -> Iterator[Callable[[Mapping[str, Tree]], bool]]:
    yield lambda lead: lead["role"] == old["role"] and lead.get("title") == old.get("title")
    yield lambda lead: lead["role"] == old["role"]
    if "until" in old:
        yield lambda lead: lead["role"] == Role.EMERITUS
    if _OURS.issuperset(old):
        yield lambda lead: True


def _place_of(new: Mapping[str, Tree], listed: Sequence[Mapping[str, Tree]]) -> int:
    """Behind the last lead of the same role or one before it."""
    rank = _ORDER.index(new["role"])
    before = [n for n, lead in enumerate(listed, 1) if _ORDER.index(lead["role"]) <= rank]
    return max(before, default=0)
