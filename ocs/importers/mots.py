"""Mozilla's module ownership files (mots.yaml): modules with owners, peers and emeriti.

A module becomes a community, and a sub-module one that is part of it. Owners and peers keep
their roles. Emeriti of both kinds become emeriti, whose title says which kind. An emeritus who
is plain text is the person of that very name where the file describes exactly one, and
otherwise a name without a person. An owner or peer of whom there is only a nick (a group such
as TLMC) is a name as well: nobody is invented.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ocs.importers.reading import Reading, is_address, positive_number, root_of
from ocs.model.community import Role
from ocs.model.foreign import ForeignCommunity, ForeignLead, ForeignPerson, ForeignSource, Key
from ocs.model.record import Tree

TITLES = {"owners_emeritus": "Owner emeritus", "peers_emeritus": "Peer emeritus"}
_ABOUT_THE_FILE = "it is about the file, not about a community"
_ROOT_LEFT = {
    **dict.fromkeys(("created_at", "updated_at", "export", "hashes"), _ABOUT_THE_FILE),
    "description": "the file as a whole is not a community",
}
_MODULE_LEFT = dict.fromkeys(
    ("includes", "excludes", "exclude_module_paths", "exclude_submodule_paths"),
    "a record has no field for paths in a source tree",
)
_META_LEFT = {
    "components": "a record has no field for components of a bug tracker",
    "group": "a record's contact has an address, and this is a name alone",
    "review_group": "a record has no field for groups of reviewers",
}
_PERSONAL = {
    "email": "mail addresses are not imported; people add their own",
    "info": "notes about people are not imported; people add their own",
}
_ROOT = ("repo", "aliases", "people", "modules", *_ROOT_LEFT)
_MODULE = (
    *("machine_name", "name", "description", "owners", "peers", "meta", "submodules"),
    *_MODULE_LEFT,
)
_META = ("url", *TITLES, *_META_LEFT)
_PERSON = ("bmo_id", "name", "nick", *_PERSONAL)


def read(tree: Tree) -> ForeignSource:
    """The content of a mots file, with notes on its mistakes. Raises OcsError where it is none."""
    return _MotsFile(root_of(tree, ("modules", "people"), "mots")).source()


class _MotsFile:
    """One file that is being read."""

    def __init__(self, root: Mapping[str, Tree]) -> None:
        self._root = root
        self._reading = Reading()
        self._people: dict[Key, ForeignPerson] = {}
        self._communities: dict[Key, ForeignCommunity] = {}
        self._by_nick: dict[str, list[Key]] = {}
        self._by_name: dict[str, list[Key]] = {}

    def source(self) -> ForeignSource:
        reading, root = self._reading, self._root
        reading.check_names(root, _ROOT, "a mots file", "the root")
        reading.leave(root, _ROOT_LEFT, "the root")
        people = reading.items(root.get("people"), "people", "the root")
        for number, value in enumerate(people, 1):
            place = f"person {number}"
            if self._person(value, place) is None:
                reading.nameless(
                    value, "a person", "it has neither 'bmo_id' nor 'nick'", place
                )
        for key, person in self._people.items():
            self._by_name.setdefault(person.name, []).append(key)
        self._modules(root.get("modules"), "modules", "the root", None)
        return ForeignSource(
            format="mots",
            of=reading.line(root.get("repo"), "repo", "the root") or "",
            people=tuple(self._people.values()),
            communities=tuple(self._communities.values()),
            titles=frozenset(TITLES.values()),
            notes=tuple(reading.notes),
        )

    def _person(self, value: Tree, place: str) -> Key | None:
        """The key of a described person, who is then one of the file's people."""
        if not isinstance(value, Mapping):
            self._reading.fields(value, "a person", place)
            return None
        number = positive_number(value.get("bmo_id"))
        nick = self._reading.line(value.get("nick"), "nick", place)
        key = ("bmo", str(number)) if number else ("nick", nick.casefold()) if nick else None
        if key is None:
            return None
        if key in self._people:
            self._note_other_names(self._people[key], value, nick, place)
            return key
        called = nick or self._reading.line(value.get("name"), "name", place)
        called = called or f"bugzilla-{number}"
        self._reading.check_names(value, _PERSON, "a person", called)
        for field in _PERSONAL:
            if value.get(field):
                self._reading.note("personal-data", field, _PERSONAL[field], called)
        if value.get("bmo_id") and number is None:
            self._reading.note("not-mapped", "bmo_id", "it should be a number", called)
        name = self._reading.line(value.get("name"), "name", called)
        if name is None:
            why = "the nick is used as the name"
            self._reading.note("changed", "a person without a name", why, called)
        self._people[key] = ForeignPerson(
            key=key,
            called=called,
            name=name or called,
            accounts={"bugzilla_id": number} if number else {},
        )
        self._by_nick.setdefault(called.casefold(), []).append(key)
        return key

    def _note_other_names(
        self, known: ForeignPerson, value: Mapping[str, Tree], nick: str | None, place: str
    ) -> None:
        """Note where somebody has another name than where the file describes them first."""
        name = self._reading.line(value.get("name"), "name", place)
        why = f"{known.called} is described differently above, and that was imported"
        if nick and nick.casefold() != known.called.casefold():
            self._reading.note("not-mapped", f"the nick '{nick}'", why, place)
        if name and name != known.name:
            self._reading.note("not-mapped", f"the name '{name}'", why, place)

    def _modules(self, value: Tree, what: str, place: str, parent: Key | None) -> None:
        for number, node in enumerate(self._reading.items(value, what, place), 1):
            module = self._reading.fields(node, "a module", f"{place}, {what} {number}")
            if not module:
                continue
            called = self._called(module, place)
            if called is None:
                why = "it has neither 'machine_name' nor 'name'"
                self._reading.note("not-mapped", "a module", why, f"{place}, {what} {number}")
                continue
            if (called,) in self._communities:
                why = "another one has the same machine_name, and the first was imported"
                self._reading.note("not-mapped", "a module", why, called)
                continue
            self._communities[(called,)] = self._module(module, called, parent)
            self._modules(module.get("submodules"), "submodules", called, (called,))

    def _called(self, module: Mapping[str, Tree], place: str) -> str | None:
        return self._reading.line(
            module.get("machine_name"), "machine_name", place
        ) or self._reading.line(module.get("name"), "name", place)

    def _module(
        self, module: Mapping[str, Tree], called: str, parent: Key | None
    ) -> ForeignCommunity:
        reading = self._reading
        reading.check_names(module, _MODULE, "a module", called)
        reading.leave(module, _MODULE_LEFT, called)
        meta = reading.fields(module.get("meta"), "meta", called)
        reading.check_names(meta, _META, "meta", called)
        reading.leave(meta, _META_LEFT, called, "meta: ")
        fields = {
            "name": reading.line(module.get("name"), "name", called) or called,
            "purpose": reading.text(module.get("description"), "description", called),
        }
        leads = tuple(self._leads(module, meta, called))
        self._note_vacancy({lead.role for lead in leads}, called)
        return ForeignCommunity(
            key=(called,),
            called=called,
            kind="module",
            part_of=parent,
            fields={name: value for name, value in fields.items() if value},
            contacts=tuple(self._addresses(meta.get("url"), called)),
            leads=leads,
        )

    def _note_vacancy(self, roles: Collection[Role], place: str) -> None:
        if Role.OWNER not in roles and Role.PEER in roles:
            why = "its peers stand alone"
            self._reading.note("vacancy", "a module without owner", why, place)
        elif Role.OWNER not in roles:
            why = "nobody leads it, and the file does not say since when"
            hint = "write `vacant_since:` if you know the day"
            self._reading.note("vacancy", "a module without owner and peers", why, place, hint)

    def _addresses(self, value: Tree, place: str) -> Iterator[Mapping[str, str]]:
        """The web addresses in `meta: url`, which may hold several, or other text."""
        text = self._reading.text(value, "meta: url", place)
        for word in text.split() if text else ():
            address = word.rstrip(",")
            if is_address(address):
                yield {"type": "website", "url": address}
            else:
                why = "a part of it is not a web address"
                self._reading.note("not-mapped", "meta: url", why, place)
                return

    def _leads(
        self, module: Mapping[str, Tree], meta: Mapping[str, Tree], place: str
    ) -> Iterator[ForeignLead]:
        seen: set[tuple[Key | str, str | None]] = set()
        lists = [("owners", module, Role.OWNER), ("peers", module, Role.PEER)]
        lists += [(name, meta, Role.EMERITUS) for name in TITLES]
        for field, node, role in lists:
            for value in self._reading.items(node.get(field), field, place):
                lead = self._lead(value, field, role, place)
                if lead is None:
                    continue
                who = (lead.person or lead.name or "", lead.title)
                if who in seen:
                    named = self._people[lead.person].called if lead.person else lead.name
                    why, at = "it repeats one above", f"{place}: {named}"
                    self._reading.note("not-mapped", f"one of {field}", why, at)
                else:
                    seen.add(who)
                    yield lead

    def _lead(self, value: Tree, field: str, role: Role, place: str) -> ForeignLead | None:
        title = TITLES.get(field)
        if isinstance(value, Mapping):
            key = self._described(value, place)
            if key:
                return ForeignLead(role=role, person=key, title=title)
            named = value.get("nick") or value.get("name")
            nick = self._reading.line(named, f"one of {field}", place)
            if nick is None:
                self._reading.note("not-mapped", f"one of {field}", "it names nobody", place)
                return None
            why = "the file does not identify this person, so ocs imports only the name"
            self._reading.note("name-only", nick, why, place)
            return ForeignLead(role=role, name=nick, title=title)
        name = self._reading.line(value, f"one of {field}", place)
        if name is None:
            return None
        what, at = f"plain text in {field}", f"{place}: {name}"
        person = self._person_named(name, field)
        if person:
            why = "they match the only person in the file with this name"
            self._reading.note("matched-by-name", what, why, at)
            return ForeignLead(role=role, person=person, title=title)
        why = "they become a name without a person, as the file describes nobody of that name"
        self._reading.note("name-only", what, why, at)
        return ForeignLead(role=role, name=name, title=title)

    def _described(self, value: Mapping[str, Tree], place: str) -> Key | None:
        """The person that a mapping describes; None for an unknown nick alone."""
        if positive_number(value.get("bmo_id")):
            return self._person(value, place)
        nick = self._reading.line(value.get("nick"), "nick", place)
        return self._with_nick(nick) if nick else None

    def _with_nick(self, nick: str) -> Key | None:
        return _the_only(self._by_nick.get(nick.casefold(), []))

    def _person_named(self, name: str, field: str) -> Key | None:
        """The one person of that full name; for owners and peers also the one of that nick."""
        person = _the_only(self._by_name.get(name, [])) if " " in name else None
        return person or (None if field in TITLES else self._with_nick(name))


def _the_only(keys: Sequence[Key]) -> Key | None:
    return keys[0] if len(keys) == 1 else None
