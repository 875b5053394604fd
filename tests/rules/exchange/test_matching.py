"""Which records the people and communities of a foreign file are, without any file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

import pytest

from ocs.adapters.files import Files
from ocs.model.foreign import ForeignCommunity, ForeignPerson, ForeignSource
from ocs.rules.exchange.matching import Identities, _candidates, identities, origin
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load

Match = Callable[..., Identities]


@pytest.fixture
def match(write: Callable[[str], Files], schemas: Schemas) -> Match:
    """The ids of people and communities by a registry that stands as text."""

    def matched(
        text: str,
        *things: ForeignPerson | ForeignCommunity,
        origins: Mapping[str, str] | None = None,
        of: str = "river",
    ) -> Identities:
        source = ForeignSource(
            format="mots",
            of=of,
            people=tuple(thing for thing in things if isinstance(thing, ForeignPerson)),
            communities=tuple(
                thing for thing in things if isinstance(thing, ForeignCommunity)
            ),
        )
        return identities(source, load(write(text), schemas).registry, origins or {})

    return matched


def person(called: str, name: str, **accounts: str | int) -> ForeignPerson:
    return ForeignPerson(key=(called,), called=called, name=name, accounts=accounts)


def community(called: str, name: str) -> ForeignCommunity:
    return ForeignCommunity(key=(called,), called=called, kind="module", fields={"name": name})


KIM = "== people/kim.yaml\nname: Kim Ruiz\naccounts: {bugzilla_id: 7, github: kimr}\n"


@pytest.mark.parametrize(
    ("given", "id", "codes"),
    [
        (person("other", "Other", bugzilla_id=7), "kim", []),
        (person("other", "Other", github="KIMR"), "kim", []),
        (person("other", "Other", github="kim"), "other", []),
        # The lasting number decides before a login, which may have gone to somebody else.
        (person("lea", "Lea", github="kimr", bugzilla_id=8), "kim", []),
        (person("kim", "kim ruiz"), "kim", ["same-name"]),
        (person("kim", "Kim Ruiz", gitlab="x"), "kim", ["same-name"]),
        (person("kim", "Kim Ruiz", bugzilla_id=8), "kim-8", ["other-id"]),
        (person("kim", "Kim Li"), "kim-2", ["other-id"]),
        (person("lea", "Kim Ruiz"), "lea", []),
        (person("!", "Kim"), "person", ["other-id"]),
    ],
)
def test_a_person_is_known_by_account_or_by_id_and_name(
    given: ForeignPerson, id: str, codes: list[str], match: Match
) -> None:
    found = match(KIM, given)
    assert found.people == {given.key: id}
    assert [note.code for note in found.notes] == codes


def test_a_lasting_number_goes_before_a_login(match: Match) -> None:
    both = KIM + "== people/lea.yaml\nname: Lea\naccounts: {github: lea, bugzilla_id: 9}\n"
    given = person("x1", "X", github="kimr", bugzilla_id=9)
    assert match(both, given).people == {("x1",): "lea"}


def test_one_record_is_one_person_of_the_file(match: Match) -> None:
    found = match(KIM, person("a1", "A", bugzilla_id=7), person("b1", "B", github="kimr"))
    assert found.people == {("a1",): "kim", ("b1",): "b1"}


def test_who_was_imported_before_is_the_same_unless_an_account_speaks_against_it(
    match: Match,
) -> None:
    origins = {"people/kim.yaml": "mots river: old"}
    assert match(KIM, person("old", "New"), origins=origins).people == {("old",): "kim"}
    other = person("old", "New", bugzilla_id=8)
    assert match(KIM, other, origins=origins).people == {("old",): "old"}


def test_people_with_numbers_get_the_nearest_id_first_and_others_their_name(
    match: Match,
) -> None:
    none, late, early = (
        ForeignPerson(key=(key,), called="sam", name=key, accounts=accounts)
        for key, accounts in (("none", {}), ("late", {"id": 9}), ("early", {"id": 3}))
    )
    found = match("", none, late, early)
    assert found.people == {("early",): "sam", ("late",): "sam-9", ("none",): "sam-2"}
    assert [(note.why, note.place) for note in found.notes] == [
        ("the usual id is in use", "sam: sam-9"),
        ("the usual id is in use", "sam: sam-2"),
    ]


def test_a_name_that_gives_no_id_is_said(match: Match) -> None:
    (note,) = match("", person("!", "Kim")).notes
    assert (note.what, note.why, note.place) == (
        "a person with another id",
        "ocs cannot make an id from its name",
        "!: person",
    )


WALKS = "== ocs.yaml\nname: Hands\n== communities/walks.yaml\nname: River Walks\n"


@pytest.mark.parametrize(
    ("given", "of", "origins", "id"),
    [
        (community("walks", "river walks"), "x", {}, "walks"),
        (community("walks", "Others"), "x", {}, "walks-mots"),
        (community("walks", "Others"), "Hands", {}, "walks-mots"),
        (community("walks", "River Walks"), "x", {"walks": "mots y: walks"}, "walks-mots"),
        (community("walks", "River Walks"), "Hands", {"walks": "mots y: walks"}, "walks"),
        (community("walks", "Others"), "x", {"walks": "mots x: walks"}, "walks"),
        (community("free", "Others"), "x", {}, "free"),
    ],
)
def test_a_community_is_its_import_or_a_namesake_that_came_from_nowhere_else(
    given: ForeignCommunity, of: str, origins: dict[str, str], id: str, match: Match
) -> None:
    files = {f"communities/{name}.yaml": origin for name, origin in origins.items()}
    assert match(WALKS, given, of=of, origins=files).communities == {given.key: id}


def test_an_id_of_an_organisation_or_of_old_is_taken(match: Match) -> None:
    text = "== orgs/river.yaml\nname: River\nformerly: [rill]\n"
    found = match(text, community("river", "River"), community("rill", "Rill"))
    assert found.communities == {("river",): "river-mots", ("rill",): "rill-mots"}
    assert match("== orgs/sam.yaml\nname: S\n", person("sam", "Sam")).people == {
        ("sam",): "sam"
    }


def test_what_was_imported_and_is_no_longer_there_is_gone(match: Match) -> None:
    text = (
        WALKS + "== communities/dance.yaml\nname: Dance\n== communities/sing.yaml\nname: S\n"
    )
    origins = {
        "communities/walks.yaml": "mots river: walks",
        "communities/dance.yaml": "mots river: dance",
        "communities/sing.yaml": "mots rivers: sing",
    }
    found = match(text, community("walks", "River Walks"), origins=origins)
    assert [document.file for document in found.gone] == ["communities/dance.yaml"]


@pytest.mark.parametrize(
    ("of", "key", "text"),
    [
        ("Mozilla Central", ("Core: Strings",), "mots mozilla-central: core-strings"),
        ("", ("a1", "!"), "mots: a1/-"),
    ],
)
def test_an_origin_names_the_file_and_the_thing(
    of: str, key: tuple[str, ...], text: str
) -> None:
    assert origin(ForeignSource(format="mots", of=of), key) == text


def test_ids_to_try_are_never_longer_than_an_id_may_be() -> None:
    assert list(islice(_candidates("sam", ["7"], "person"), 4)) == [
        "sam",
        "sam-7",
        "sam-2",
        "sam-3",
    ]
    assert list(islice(_candidates("x" * 60, ["mots"], "person"), 2)) == [
        "x" * 60,
        "x" * 55 + "-mots",
    ]
    assert list(islice(_candidates("x" * 54 + "-yyyyy", ["mots"], "person"), 2))[1] == (
        "x" * 54 + "-mots"
    )
    assert next(_candidates("", [], "person")) == "person"
