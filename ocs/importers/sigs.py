"""Kubernetes' groups (sigs.yaml): interest and working groups, committees, subprojects.

A group becomes a community, and a subproject one that is part of its group. Chairs and
technical leads become owners: chairs run a group and technical leads decide on what it builds,
and either speaks for it; their titles say which they are. Somebody who is both is one lead
with both titles. Leads of a subproject are its owners. A subproject whose owners stand in
OWNERS files has the address of the first as `leads_at`, and no leads of its own. Stakeholders
of a working group are no parents, which could act for it, and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ocs.importers.reading import Reading, is_address, is_login, root_of
from ocs.model.community import Role
from ocs.model.foreign import ForeignCommunity, ForeignLead, ForeignPerson, ForeignSource, Key
from ocs.model.record import Tree

# The lists of groups, and the kind of community that each becomes.
KINDS = {
    "sigs": "team",
    "workinggroups": "working-group",
    "usergroups": "team",
    "committees": "team",
}
_ROLES = {
    "chairs": (Role.OWNER, "Chair"),
    "tech_leads": (Role.OWNER, "Technical lead"),
    "emeritus_leads": (Role.EMERITUS, "Emeritus lead"),
}
_TITLES = frozenset(
    ("Chair", "Technical lead", "Chair and technical lead", "Emeritus lead", "Lead")
)
_ROOT_LEFT = {"gb_rep": "a seat on another body is not a lead of a community here"}
_GROUP_LEFT = {
    "label": "a record has no field for labels",
    "meetings": "a record has no field for meetings",
    "stakeholder_sigs": "a stakeholder is not a parent, and a record has no field for others",
}
_CONTACT_LEFT = {
    "teams": "a record has no field for teams of an account",
    "liaison": "a liaison is not a lead of this community",
    "private_mailing_list": "a private address is not written into a record",
}
_PERSONAL = {
    "email": "mail addresses are not imported; people add their own",
    "company": "employers are not imported; people add their own",
}
_CONTACTS = {"slack": "slack", "mailing_list": "list"}
_ROOT = (*KINDS, *_ROOT_LEFT)
_GROUP = (
    *("dir", "name", "mission_statement", "charter_link", "leadership"),
    *("contact", "subprojects", *_GROUP_LEFT),
)
_SUBPROJECT = ("name", "description", "contact", "owners", "leads", "meetings")
_PERSON = ("github", "name", *_PERSONAL)


def read(tree: Tree) -> ForeignSource:
    """The content of a sigs file, with notes on its mistakes. Raises OcsError where it is none."""
    return _SigsFile(root_of(tree, KINDS, "sigs")).source()


class _SigsFile:
    """One file that is being read."""

    def __init__(self, root: Mapping[str, Tree]) -> None:
        self._root = root
        self._reading = Reading()
        self._people: dict[Key, ForeignPerson] = {}
        self._communities: dict[Key, ForeignCommunity] = {}
        self._noted: set[tuple[str, Key]] = set()

    def source(self) -> ForeignSource:
        self._reading.check_names(self._root, _ROOT, "a sigs file", "the root")
        self._reading.leave(self._root, _ROOT_LEFT, "the root")
        for name, kind in KINDS.items():
            groups = self._reading.items(self._root.get(name), name, "the root")
            for number, value in enumerate(groups, 1):
                self._group(value, f"{name} {number}", kind)
        return ForeignSource(
            format="sigs",
            people=tuple(self._people.values()),
            communities=tuple(self._communities.values()),
            titles=_TITLES,
            notes=tuple(self._reading.notes),
        )

    def _group(self, value: Tree, place: str, kind: str) -> None:
        reading = self._reading
        group = reading.fields(value, "a group", place)
        called = reading.line(group.get("dir") or group.get("name"), "dir", place)
        if not group or called is None:
            reading.nameless(value, "a group", "it has neither 'dir' nor 'name'", place)
            return
        reading.check_names(group, _GROUP, "a group", called)
        reading.leave(group, _GROUP_LEFT, called)
        purpose = reading.text(group.get("mission_statement"), "mission_statement", called)
        fields = {
            "name": reading.line(group.get("name"), "name", called) or called,
            "purpose": purpose,
            "governance": self._charter(group.get("charter_link"), called),
        }
        leadership = reading.fields(group.get("leadership"), "leadership", called)
        reading.check_names(leadership, _ROLES, "leadership", called)
        lists = [(name, leadership.get(name), *_ROLES[name]) for name in _ROLES]
        community = ForeignCommunity(
            key=(called,),
            called=called,
            kind=kind,
            fields={name: text for name, text in fields.items() if text},
            contacts=tuple(self._contacts(group.get("contact"), called)),
            leads=tuple(self._leads(lists, called)),
        )
        if self._add(community):
            subprojects = reading.items(group.get("subprojects"), "subprojects", called)
            for number, inner in enumerate(subprojects, 1):
                self._subproject(inner, f"{called}, subprojects {number}", community)

    def _add(self, community: ForeignCommunity) -> bool:
        if community.key in self._communities:
            why, at = (
                "another one has the same name, and the first was imported",
                "/".join(community.key),
            )
            self._reading.note("not-mapped", "a group or subproject", why, at)
            return False
        self._communities[community.key] = community
        return True

    def _subproject(self, value: Tree, place: str, group: ForeignCommunity) -> None:
        reading = self._reading
        node = reading.fields(value, "a subproject", place)
        name = reading.line(node.get("name"), "name", place)
        if name is None:
            reading.nameless(value, "a subproject", "there is no name", place)
            return
        place = f"{group.called}/{name}"
        reading.check_names(node, _SUBPROJECT, "a subproject", place)
        reading.leave(node, {"meetings": _GROUP_LEFT["meetings"]}, place)
        leads = tuple(self._leads([("leads", node.get("leads"), Role.OWNER, "Lead")], place))
        fields = {
            "name": name,
            "purpose": reading.text(node.get("description"), "description", place),
            "leads_at": self._leads_at(node.get("owners"), bool(leads), place),
        }
        self._add(
            ForeignCommunity(
                key=(group.called, name),
                called=f"{group.called} {name}",
                kind="module",
                part_of=group.key,
                fields={name: text for name, text in fields.items() if text},
                contacts=tuple(self._contacts(node.get("contact"), place)),
                leads=None if fields["leads_at"] else leads,
            )
        )

    def _charter(self, value: Tree, place: str) -> str | None:
        link = self._reading.line(value, "charter_link", place)
        if link and not is_address(link):
            why = "it is not a web address; a record's `governance` is one"
            self._reading.note("not-mapped", "charter_link", why, place)
            return None
        return link

    def _leads_at(self, value: Tree, has_leads: bool, place: str) -> str | None:
        """The address of the first OWNERS file, where the file itself names no leads."""
        reading = self._reading
        items = reading.items(value, "owners", place)
        lines = [
            line for item in items if (line := reading.line(item, "one of owners", place))
        ]
        for line in lines:
            if not is_address(line):
                why = "it is not a web address"
                reading.note("not-mapped", "one of owners", why, f"{place}: {line}")
        addresses = [line for line in lines if is_address(line)]
        left, why = addresses[1:], "a record has one `leads_at`: the first"
        if has_leads:
            left, why = addresses, "the record itself has the leads"
        for address in left:
            reading.note("not-mapped", "an OWNERS file", why, f"{place}: {address}")
        return addresses[0] if addresses and not has_leads else None

    def _contacts(self, value: Tree, place: str) -> Iterator[Mapping[str, str]]:
        contact = self._reading.fields(value, "contact", place)
        self._reading.check_names(contact, (*_CONTACTS, *_CONTACT_LEFT), "contact", place)
        self._reading.leave(contact, _CONTACT_LEFT, place, "contact: ")
        for name, type in _CONTACTS.items():
            url = self._reading.line(contact.get(name), name, place)
            if url and "@" in url:
                self._reading.note("personal-data", "email", _PERSONAL["email"], place)
            elif url:
                yield {"type": type, "url": url}

    def _leads(
        self, lists: list[tuple[str, Tree, Role, str]], place: str
    ) -> Iterator[ForeignLead]:
        titles: dict[tuple[Role, Key], list[str]] = {}
        for field, value, role, title in lists:
            for number, item in enumerate(self._reading.items(value, field, place), 1):
                key = self._person(item, f"{place}, {field} {number}")
                what = f"one of {field}"
                if key is None:
                    why, at = "it has no GitHub login", f"{place}, {field} {number}"
                    self._reading.nameless(value, what, why, at)
                elif title in titles.setdefault((role, key), []):
                    self._reading.note("not-mapped", what, "it repeats one above", place)
                else:
                    titles[role, key].append(title)
        for (role, key), (first, *others) in titles.items():
            title = " and ".join([first, *map(str.lower, others)])
            yield ForeignLead(role=role, person=key, title=title)

    def _person(self, value: Tree, place: str) -> Key | None:
        person = self._reading.fields(value, "a person", place)
        login = self._reading.line(person.get("github"), "github", place)
        if login is None:
            return None
        key = ("github", login.casefold())
        self._reading.check_names(person, _PERSON, "a person", login)
        for field in _PERSONAL:
            if person.get(field) and (field, key) not in self._noted:
                self._noted.add((field, key))
                self._reading.note("personal-data", field, _PERSONAL[field], login)
        name = self._reading.line(person.get("name"), "name", login)
        known = self._people.get(key)
        if known is None:
            if name is None:
                why = "the login is used as the name"
                self._reading.note("changed", "a person without a name", why, login)
            accounts = {"github": login} if is_login(login) else {}
            if not accounts:
                self._reading.note("not-mapped", "github", "it is not a login", login)
            self._people[key] = ForeignPerson(
                key=key, called=login, name=name or login, accounts=accounts
            )
        elif name and name != known.name:
            why = f"the name of {known.called} is different above, and that one was imported"
            self._reading.note("not-mapped", f"the name '{name}'", why, place)
        return key
