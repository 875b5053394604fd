"""What changes in a record, in words, and of which kind it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.adapters.files import Files
from ocs.model.change import Amendment
from ocs.model.community import Community, LeadRef, Resource, ResourceType
from ocs.model.kinds import KIND
from ocs.model.ocs import OcsRecord
from ocs.model.record import Tree
from ocs.model.registry import Document
from ocs.rules.records.schema import Schemas
from ocs.rules.review.diff import Pair, amendments, of_file, stays_behind
from ocs.tasks.registry.load import load
from tests.rules.sound import TODAY

# The changes from one text of a file to another one; a text of "" is none.
Changes = Callable[[str, str, str], list[Amendment]]
RIVER = "communities/river.yaml"


@pytest.fixture
def changes(write: Callable[[str], Files], schemas: Schemas) -> Changes:
    def document(path: str, text: str) -> Document | None:
        if not text:
            return None
        (found,) = [
            document
            for document in load(write(f"== {path}\n{text}\n"), schemas).registry
            if document.file == path
        ]
        assert found.record is not None
        return found

    def of(path: str, old: str, new: str) -> list[Amendment]:
        before, after = document(path, old), document(path, new)
        kind = (after or before or pytest.fail("no record")).kind
        return list(amendments(Pair(before, after, schemas.of(kind), TODAY)))

    return of


def said(found: list[Amendment]) -> list[str]:
    """Each change as `kind: sentence [those who lose > those who gain]`."""
    return [
        f"{each.what}: {each.sentence}"
        + (
            f" [{' '.join(map(str, each.out))} > {' '.join(map(str, each.into))}]"
            if each.out or each.into
            else ""
        )
        for each in found
    ]


ANA = "name: River\nleads: [{person: ana, role: owner}]"


def leads(text: str, more: str = "") -> str:
    return f"name: River\nleads: [{text}]\n{more}"


OWNER = "{person: ana, role: owner}"
PEER = "{person: bo, role: peer}"
BO = "{person: bo, role: owner}"


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (OWNER, OWNER, []),
        (f"{OWNER}, {PEER}", f"{PEER}, {OWNER}", []),
        (OWNER, f"{OWNER}, {PEER}", ["peer added: bo becomes peer [ > bo]"]),
        (
            OWNER,
            OWNER + ", {person: bo, role: peer, since: 2026-11-20}",
            ["peer added: bo becomes peer [ > bo]"],
        ),
        (
            OWNER,
            OWNER + ", {person: bo, role: peer, since: 2026-11-21}",
            ["peer added: bo becomes peer, from 2026-11-21 on [ > bo]"],
        ),
        (f"{OWNER}, {PEER}", OWNER, ["peer gone: bo stops being peer [bo > ]"]),
        (
            f"{OWNER}, {PEER}",
            OWNER + ", {person: bo, role: peer, until: 2026-12-01}",
            ["peer gone: bo stops being peer on 2026-12-01 [bo > ]"],
        ),
        (
            OWNER + ", {person: bo, role: peer, until: 2026-12-01}",
            OWNER + ", {person: bo, role: peer, until: 2026-12-02}",
            [
                "terms of office: bo, first day out of office: 2026-12-01 → 2026-12-02 [ > bo]",
            ],
        ),
        (
            OWNER + ", {person: bo, role: peer, until: 2026-12-02}",
            OWNER + ", {person: bo, role: peer, until: 2026-12-01}",
            ["peer gone: bo stops being peer on 2026-12-01 [bo > ]"],
        ),
        (
            f"{OWNER}, {PEER}",
            f"{OWNER}, {BO}",
            ["co-owner added: bo (was peer) becomes owner, beside the others [ > bo]"],
        ),
        (
            f"{OWNER}, {BO}",
            f"{OWNER}, {PEER}",
            ["owner gone: bo stops being owner and stays as peer [bo > ]"],
        ),
        (f"{OWNER}, {BO}", OWNER, ["owner gone: bo stops being owner and leaves [bo > ]"]),
        (OWNER, BO, ["owner handover: owner handover: ana → bo [ana > bo]"]),
        (
            OWNER + ", {person: bo, role: peer, since: 2025-01-01}",
            BO,
            [
                "owner handover: owner handover: ana → bo (was peer since 2025-01-01) [ana > bo]"
            ],
        ),
        (
            "{person: ana, role: owner, until: 2026-12-01}",
            "{person: ana, role: owner, until: 2026-12-01}, "
            "{person: bo, role: owner, since: 2026-12-01}",
            ["owner handover: owner handover: ana → bo, from 2026-12-01 on [ana > bo]"],
        ),
        (
            "{person: ana, role: owner, until: 2026-12-01}",
            "{person: ana, role: owner, until: 2026-12-01}, "
            "{person: bo, role: owner, since: 2026-11-30}",
            [
                "co-owner added: bo becomes owner, beside the others, "
                "from 2026-11-30 on [ > bo]"
            ],
        ),
        ("", BO, ["vacancy filled: bo becomes owner; there was none [ > bo]"]),
        (
            OWNER,
            "{person: ana, role: owner, title: Chair}",
            ["text: title of ana: none → Chair"],
        ),
        (
            OWNER,
            "{person: ana, role: owner, decision: https://river.example/1}",
            ["text: decision about ana: none → https://river.example/1"],
        ),
        (
            OWNER,
            "{person: ana, role: owner, since: 2026-01-01}",
            ["terms of office: ana, first day in office: open → 2026-01-01 [ > ana]"],
        ),
        (
            OWNER,
            "{person: ana, role: owner, speaks_for: [hosting]}",
            ["owner gone: ana speaks for: as the role says → hosting [ana > ]"],
        ),
        (
            "{person: ana, role: owner, speaks_for: [hosting, domain]}",
            "{person: ana, role: owner, speaks_for: [domain, hosting]}",
            [],
        ),
        (
            OWNER + ", {person: bo, role: owner, speaks_for: [hosting]}",
            OWNER + ", {person: bo, role: peer, speaks_for: [domain]}",
            [
                "owner gone: bo stops being owner and stays as peer [bo > ]",
                "terms of office: bo speaks for: hosting → domain [ > bo]",
            ],
        ),
        (
            OWNER + ", {person: bo, role: owner, speaks_for: [hosting, domain]}",
            OWNER + ", {person: bo, role: peer, speaks_for: [domain]}",
            ["owner gone: bo stops being owner and stays as peer [bo > ]"],
        ),
        (
            OWNER + ", {person: bo, role: emeritus}",
            OWNER,
            ["anything else: a past office of bo changes"],
        ),
        (
            OWNER + ", {person: bo, role: peer, until: 2026-11-20}",
            OWNER + ", {person: bo, role: peer, until: 2026-11-19}",
            ["anything else: a past office of bo changes"],
        ),
        (
            OWNER + ", {person: ana, role: peer}",
            OWNER,
            ["terms of office: another office of ana changes: peer [ > ana]"],
        ),
        (
            OWNER,
            OWNER + ", {person: ana, role: peer}",
            ["terms of office: another office of ana changes: peer [ > ana]"],
        ),
        (
            "{person: ana, role: owner}, {person: bo, role: peer}",
            "{person: ana, role: owner}, {person: bo, role: peer, until: 2026-12-01}, "
            "{person: bo, role: owner, since: 2026-12-01}",
            [
                "co-owner added: bo (was peer) becomes owner, beside the others, "
                "from 2026-12-01 on [ > bo]"
            ],
        ),
        (
            "{person: ana, role: owner}, {person: bo, role: peer}",
            "{person: ana, role: owner}, {person: bo, role: peer, until: 2026-12-02}, "
            "{person: bo, role: owner, since: 2026-12-01}",
            [
                "co-owner added: bo (was peer) becomes owner, beside the others, "
                "from 2026-12-01 on [ > bo]",
                "terms of office: another office of bo changes: peer [ > bo]",
            ],
        ),
    ],
)
def test_changes_of_leads(old: str, new: str, sentences: list[str], changes: Changes) -> None:
    assert said(changes(RIVER, leads(old), leads(new))) == sentences


TRIED = (
    "attempts: [{to: ana, date: 2026-04-01, channel: mail, by: amara}, "
    "{to: ana, date: 2026-05-01, channel: matrix, by: amara}]"
)
OLD = TRIED.replace("2026-04", "2025-04")
MAIL_ALONE = TRIED.replace("matrix", "mail")
LATER = TRIED.replace("2026-05-01", "2026-05-20")
NEW = "{person: bo, role: owner, since: 2026-06-01}"


@pytest.mark.parametrize(
    ("until", "new", "more", "kind"),
    [
        ("2026-06-01", NEW, TRIED, "owner back"),
        ("2026-05-24", NEW, TRIED, "owner back"),
        ("2026-05-23", NEW, TRIED, "owner handover"),
        ("2026-06-02", NEW, TRIED, "owner handover"),
        ("2026-06-01", NEW, "", "owner handover"),
        ("2026-06-01", NEW, MAIL_ALONE, "owner handover"),
        ("2026-06-01", NEW, LATER, "owner handover"),
        ("2026-06-01", NEW, OLD, "owner handover"),
        ("2026-06-01", BO, TRIED, "owner handover"),
    ],
)
def test_an_owner_who_could_not_be_reached_comes_back_within_180_days(
    until: str, new: str, more: str, kind: str, changes: Changes
) -> None:
    past = f"{{person: ana, role: owner, until: {until}}}"
    found = changes(RIVER, leads(f"{past}, {new}", more), leads(OWNER, more))
    assert (found[0].what, found[0].into) == (kind, (LeadRef(person="ana"),))
    if kind == "owner back":
        assert found[0].sentence == (
            "ana, who could not be reached, becomes owner again, in place of bo"
        )


SITE = "name: river.example, type: domain"


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        (
            "",
            f"resources: [{{{SITE}}}]",
            ["resource added: resource added: river.example (domain)"],
        ),
        (
            f"resources: [{{{SITE}, custodian: ana}}]",
            "",
            [
                "resource dropped: resource removed: river.example (domain), custodian ana [ana > ]"
            ],
        ),
        (
            f"resources: [{{{SITE}}}]",
            "resources: [{name: RIVER.example, type: domain}]",
            ["details: name of RIVER.example (domain): river.example → RIVER.example"],
        ),
        (
            f"resources: [{{{SITE}, custodian: ana}}]",
            f"resources: [{{{SITE}, deputy: bo}}]",
            [
                "custody: custodian of river.example (domain): ana → nobody [ana > ]",
                "custody: deputy of river.example (domain): nobody → bo [ > bo]",
            ],
        ),
        (
            "resources: [{name: box}]",
            "resources: [{name: box, where: attic}]",
            ["details: where of box (other): none → attic"],
        ),
        ("part_of: [sea, sky]", "part_of: [sky, sea]", []),
        ("part_of: [sea]", "part_of: [sky]", ["parents: part of: sea → sky"]),
        ("", "part_of: [sky]", ["parents: part of: none → sky"]),
        ("part_of: [sky]", "", ["parents: part of: sky → none"]),
        ("", "status: archived", ["archived: status: none → archived"]),
        (
            "status: archived",
            "status: active",
            ["rules of the community: status: archived → active"],
        ),
        ("status: active", "", ["rules of the community: status: active → none [ana > ]"]),
        ("formerly: [sea]", "formerly: [sky]", ["former ids: former ids: sea → sky"]),
        ("formerly: [sea, sky]", "formerly: [sky, sea]", []),
        (
            "",
            "attempts: [{to: ana, date: 2026-11-01, channel: mail}]",
            ["attempt to reach a lead: nobody reached ana by mail on 2026-11-01"],
        ),
        (
            "attempts: [{to: ana, date: 2026-11-01, channel: mail}]",
            "",
            [
                "attempt to reach a lead: no longer recorded: "
                "nobody reached ana by mail on 2026-11-01"
            ],
        ),
        (
            "",
            "attempts: [{to: eve, date: 2026-11-01, channel: mail}]",
            ["anything else: nobody reached eve by mail on 2026-11-01"],
        ),
        ("", "purpose: walks", ["text: purpose: none → walks"]),
        (
            "",
            "succession: {notice: 7 days}",
            ["rules of the community: succession: none → notice 7 days"],
        ),
    ],
)
def test_changes_of_a_community(
    old: str, new: str, sentences: list[str], changes: Changes
) -> None:
    assert said(changes(RIVER, leads(OWNER, old), leads(OWNER, new))) == sentences


@pytest.mark.parametrize(
    ("path", "old", "new", "sentences"),
    [
        (RIVER, ANA, "", []),
        (
            RIVER,
            "",
            leads(OWNER, "resources: [{name: box}]"),
            [
                "new community: new community river, led by ana [ > ana]",
                "resource added: resource added: box (other)",
            ],
        ),
        (
            RIVER,
            "",
            leads(PEER),
            [
                "new community: new community river, which nobody leads yet",
                "peer added: bo becomes peer [ > bo]",
            ],
        ),
        (
            RIVER,
            "",
            "name: River\nleads_at: https://river.example/team",
            [
                "new community: new community river, whose leads are kept elsewhere: "
                "https://river.example/team"
            ],
        ),
        ("people/kim.yaml", "", "name: Kim", ["applicant: kim is new here [kim > ]"]),
        ("vetting/kim.yaml", "", "level: known", ["vetting: vetting/kim is new [kim > ]"]),
        (
            "vetting/kim.yaml",
            "level: known",
            "level: known\nsuspended: {since: 2026-11-01}",
            ["suspended: the vetting of kim is suspended [kim > ]"],
        ),
        (
            "vetting/kim.yaml",
            "level: known",
            "level: vetted\nsuspended: {since: 2026-11-01}",
            [
                "vetting: level: known → vetted [kim > ]",
                "vetting: suspended: none → since 2026-11-01 [kim > ]",
            ],
        ),
        (
            "vetting/kim.yaml",
            "level: known\nsuspended: {since: 2026-11-01}",
            "level: known\nsuspended: {since: 2026-11-02}",
            ["vetting: suspended: since 2026-11-01 → since 2026-11-02 [kim > ]"],
        ),
        (
            "problems/late.yaml",
            "title: Late\nsymptoms: [{seen: x}]",
            "title: Later\nsymptoms: [{seen: y}]",
            ["problem: symptoms: (seen x) → (seen y)", "problem: title: Late → Later"],
        ),
        (
            "ocs.yaml",
            "name: X",
            "name: X\ngatekeepers: [{person: amara}, {person: joost}]",
            ["policy: gatekeepers: none → (person amara), (person joost)"],
        ),
    ],
)
def test_changes_of_records(
    path: str, old: str, new: str, sentences: list[str], changes: Changes
) -> None:
    assert said(changes(path, old, new)) == sentences


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (leads(OWNER), "name: River\nleads: []\nvacant_since: 2026-11-20", "text"),
        (
            "name: River\nleads: []\nvacant_since: 2026-11-20",
            "name: River\nleads: []\nvacant_since: 2026-11-19",
            "rules of the community",
        ),
    ],
)
def test_a_vacancy_that_begins_with_the_last_lead_needs_nothing_more(
    old: str, new: str, kind: str, changes: Changes
) -> None:
    (found,) = [
        change for change in changes(RIVER, old, new) if "vacant_since" in change.sentence
    ]
    assert found.what == kind


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (1000, "x" * 1000),
        (1001, "x" * 1000 + "… (1 character more)"),
        (1500, "x" * 1000 + "… (500 characters more)"),
    ],
)
def test_a_long_value_is_cut(length: int, shown: str, schemas: Schemas) -> None:
    record, kind = OcsRecord(id="ocs", name="X"), KIND["ocs"]
    before, after = (
        Document(kind, "ocs", "ocs.yaml", tree, record) for tree in ({}, {"odd": "x" * length})
    )
    (found,) = amendments(Pair(before, after, schemas.of(kind), TODAY))
    assert found.sentence == f"odd: none → {shown}"


def sentence_of(old: Tree, new: Tree, schemas: Schemas) -> str:
    record, kind = OcsRecord(id="ocs", name="X"), KIND["ocs"]
    before, after = (
        Document(kind, "ocs", "ocs.yaml", {"odd": value}, record) for value in (old, new)
    )
    (found,) = amendments(Pair(before, after, schemas.of(kind), TODAY))
    return found.sentence


def test_of_a_long_value_what_differs_is_shown(schemas: Schemas) -> None:
    """Only the address of a contact changes, far behind in a long list."""
    old, new = (
        [
            *({"id": f"contact-{number}", "role": "Office manager"} for number in range(9)),
            {"id": "office", "role": "Office manager", "mail": mail},
            {"id": "chair", "role": "Chair", "mail": "chair@river.example", "since": "2020"},
        ]
        for mail in ("office@river.example", "office@rlver.example")
    )
    one, other = sentence_of(old, new, schemas).removeprefix("odd: ").split(" → ")
    assert one.startswith("…role Office manager, mail office@river.example), (id chair")
    assert other.startswith("…role Office manager, mail office@rlver.example), (id chair")
    assert max(len(one), len(other)) < 120


@given(
    start=st.text("ab ", max_size=600),
    end=st.text("ab ", max_size=600),
    word=st.text("ab ", max_size=3),
)
def test_what_differs_never_looks_the_same(
    start: str, end: str, word: str, schemas: Schemas
) -> None:
    old, new = (" ".join(f"{start}{middle}{end}".split()) for middle in (word, "c"))
    one, other = sentence_of(old, new, schemas).removeprefix("odd: ").split(" → ")
    assert one != other


def test_values_with_the_same_words_are_told_apart(schemas: Schemas) -> None:
    assert sentence_of(["a, b"], ["a", "b"], schemas) == 'odd: ["a, b"] → ["a", "b"]'
    assert sentence_of({"a": "b, c d"}, {"a": "b", "c": "d"}, schemas).count("c d") == 1


@pytest.mark.parametrize(
    ("path", "is_new", "is_gone", "change"),
    [
        ("secrets/river/login.gpg", True, False, "access: the secret {} is new"),
        ("secrets/river/login.gpg", False, True, "access: the secret {} is deleted"),
        ("secrets/.gpg-id", False, False, "access: the secret {} changes"),
        ("README.md", False, False, "anything else: {} changes"),
    ],
)
def test_changes_of_files_that_are_no_records(
    path: str, is_new: bool, is_gone: bool, change: str
) -> None:
    found = of_file(path, is_new=is_new, is_gone=is_gone)
    assert said([found]) == [change.format(path)]
    owner = {"secrets/river/login.gpg": ("river",), "secrets/.gpg-id": ("",)}
    assert found.parents == owner.get(path, ())


def test_a_change_of_a_key_is_one_of_the_person() -> None:
    found = of_file("keys/ana.asc", is_new=True, is_gone=False)
    assert said([found]) == ["key or account: the key of ana is new [ana > ]"]
    assert (found.subject, found.parents) == ("ana", ())


def test_what_those_who_leave_still_hold_stays_behind() -> None:
    def river(custodian: str | None, deputy: str | None) -> Community:
        site = Resource(name="x", type=ResourceType.LIST, custodian=custodian, deputy=deputy)
        return Community(id="river", name="River", resources=(site,))

    held = "ana is still custodian of x (list)"
    deputy = "ana is still deputy for x (list)"
    none = Community(id="river", name="River")
    assert list(stays_behind(river("ana", "ana"), river("ana", "ana"), {"ana"})) == [
        held,
        deputy,
    ]
    assert list(stays_behind(none, river("ana", None), {"ana"})) == [held]
    assert list(stays_behind(river("bo", "bo"), river("ana", "ana"), {"ana"})) == []
    assert list(stays_behind(river("ana", "ana"), river("ana", "ana"), {"bo"})) == []
