"""Who may ask for what: each fact on a small registry that stands as text in the test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.ruling import Permission, Ruling
from ocs.rules.records.schema import Schemas
from ocs.tasks.communities.may import may

TODAY = date(2026, 11, 20)
Ask = Callable[..., Ruling]
PEOPLE = """\
== ocs.yaml
name: Helping Hands
gatekeepers: [{person: amara}, {person: joost}]
== people/amara.yaml
name: Amara
mail: amara@example.org
== people/joost.yaml
name: Joost
status: away
== people/ana.yaml
name: Ana
accounts: {github: AnaRuiz, matrix: "@ana:example.org", irc: ana}
formerly: [anita]
== people/bo.yaml
name: Bo
accounts: {github: bo}
== people/cy.yaml
name: Cy
"""
RIVER = """\
== communities/river.yaml
name: River
status: active
reviewed: 2026-09-30
leads:
  - {person: ana, role: owner, title: Chair, since: 2025-03-01}
  - {person: bo, role: peer, speaks_for: [hosting]}
"""
VETTED = "== vetting/cy.yaml\nlevel: known\nexpires: 2028-01-01\n"


@pytest.fixture
def ask(write: Callable[[str], Files], schemas: Schemas) -> Ask:
    def asked(
        text: str, who: str = "ana", action: str = "domain", subject: str = "river"
    ) -> Ruling:
        return may(who, action, subject, TODAY, files=write(PEOPLE + text), schemas=schemas)

    return asked


@pytest.mark.parametrize(
    ("who", "vetted", "confirmed", "answer"),
    [
        ("ana", False, True, Permission.YES),  # trusted, as a lead, and established
        ("ana", False, False, Permission.ASK),  # trusted only
        ("cy", True, False, Permission.ASK),  # trusted only, as a vetted person
        ("cy", False, True, Permission.ASK),  # established only
        (
            "cy",
            True,
            True,
            Permission.ASK,
        ),  # both, but it is not Cy who speaks for the community
        ("cy", False, False, Permission.NO),
        ("bo", False, True, Permission.NO),  # both, and not within what Bo speaks for
    ],
)
def test_the_rule_that_triagers_had(
    ask: Ask, who: str, vetted: bool, confirmed: bool, answer: Permission
) -> None:
    text = RIVER + (VETTED if vetted else "")
    ruling = ask(text if confirmed else text.replace("2026-09-30", "2024-09-30"), who)
    assert ruling.answer is answer
    assert bool(ruling) is (answer is Permission.YES)


def test_only_active_communities_are_established(ask: Ask) -> None:
    assert ask(RIVER)
    for status in ("status: forming", "status: inactive", "kind: team"):
        text = RIVER.replace("status: active", status)
        assert ask(text).answer is Permission.ASK
        assert ask(text, "cy").answer is Permission.NO
    assert ask(RIVER.replace("reviewed: 2026-09-30", "")).answer is Permission.ASK
    assert (
        ask(RIVER.replace("reviewed: 2026-09-30", "reviewed: 2027-09-30")).answer
        is Permission.ASK
    )


def test_what_was_confirmed_within_a_year_is_established(ask: Ask) -> None:
    days = ("2026-11-20", "2025-11-20", "2025-11-19")
    assert [bool(ask(RIVER.replace("2026-09-30", day))) for day in days] == [True, True, False]


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2026-11-19", Permission.ASK),
        ("2026-11-20", Permission.YES),
        ("2026-11-21", Permission.YES),
    ],
)
def test_a_term_lasts_to_the_end_of_its_day(ask: Ask, day: str, answer: Permission) -> None:
    assert ask(RIVER.replace("since: 2025-03-01", f"term_ends: {day}")).answer is answer


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("level: known", "level: newcomer"),
        ("level: known", "level: known\nsuspended: {since: 2026-11-20}"),
        ("2028-01-01", "2026-11-19"),
        ("name: Cy", "name: Cy\nstatus: alumni"),
    ],
)
def test_who_is_not_vetted_any_more_or_yet_is_not_trusted(
    ask: Ask, old: str, new: str
) -> None:
    text = PEOPLE + RIVER.replace("2026-09-30", "2024-09-30") + VETTED
    assert ask(text, "cy").answer is Permission.ASK
    assert ask(text.replace(old, new), "cy").answer is Permission.NO


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        ("", "", ["bo", "amara"]),
        ("name: Amara", "name: Amara\nstatus: alumni", ["bo", "joost"]),
        ("name: Bo", "name: Bo\nstatus: alumni", ["amara"]),
        ("name: Joost\nstatus: away", "name: Joost", ["bo", "amara", "joost"]),
        (VETTED, "== vetting/amara.yaml\nlevel: known\n", ["bo", "amara"]),
        (
            VETTED,
            "== vetting/amara.yaml\nlevel: known\nsuspended: {since: 2026-11-20}\n",
            ["bo", "joost"],
        ),
        (
            VETTED,
            "== vetting/amara.yaml\nlevel: known\nsuspended: {since: 2026-11-21}\n",
            ["bo", "amara"],
        ),
    ],
)
def test_whoever_is_there_is_asked(ask: Ask, old: str, new: str, asked: list[str]) -> None:
    """Ana, whose term is over, is not sent to herself."""
    text = PEOPLE + RIVER.replace("since: 2025-03-01", "term_ends: 2026-01-01") + VETTED
    assert old in text
    assert [
        each.who for each in ask(text.replace(old, new) if old else text, "ana", "hosting").ask
    ] == asked


def test_a_gatekeeper_is_not_sent_to_themself(ask: Ask) -> None:
    text = RIVER.replace("2026-09-30", "2024-09-30").replace("person: ana", "person: amara")
    assert [each.who for each in ask(text, "amara").ask] == ["joost"]


def test_a_communitys_own_gatekeepers_are_asked(ask: Ask) -> None:
    text = RIVER.replace("reviewed: 2026-09-30", "gatekeepers: [joost]")
    assert [each.who for each in ask(text).ask] == ["joost"]


def test_a_gatekeeper_is_known_by_an_old_id(ask: Ask) -> None:
    text = PEOPLE.replace("person: amara", "person: amy").replace(
        "name: Amara", "name: Amara\nformerly: [amy]"
    )
    assert [
        each.who for each in ask(text + RIVER.replace("2026-09-30", "2024-09-30")).ask
    ] == ["amara"]


def test_where_nobody_speaks_for_it_a_gatekeeper_is_asked(ask: Ask) -> None:
    text = RIVER.replace("2026-09-30", "2024-09-30").replace("role: owner", "role: peer")
    ruling = ask(text, "cy")
    assert ruling.answer is Permission.NO
    assert [each.who for each in ruling.ask] == ["amara"]


def test_nobody_speaks_for_an_archived_community(ask: Ask) -> None:
    ruling = ask(RIVER.replace("status: active", "status: archived"))
    assert ruling.answer is Permission.NO
    assert ruling.reasons == ("river is archived: nobody may ask on its behalf",)
    assert [each.who for each in ruling.ask] == ["amara"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "since: 2025-03-01",
            "term_ends: 2026-01-01",
            "the term ended on 2026-01-01, but the lead is still in office",
        ),
        ("name: Ana", "name: Ana\naway_until: 2026-12-01", "ana is away until 2026-12-01"),
        (
            "name: Ana",
            "name: Ana\nstatus: alumni",
            "ana has left, according to their own record",
        ),
        (
            VETTED,
            "== vetting/ana.yaml\nlevel: known\nsuspended: {since: 2026-11-20}\n",
            "has been suspended since 2026",
        ),
        (
            "person: bo, role: peer",
            "person: ana, role: peer",
            "ana is listed 2 times as a lead of river",
        ),
        (
            "leads:",
            "leads_at: https://example.org/leads\nleads:",
            "its leads are recorded elsewhere",
        ),
    ],
)
def test_what_is_in_doubt_is_a_gatekeepers_to_decide(
    ask: Ask, old: str, new: str, reason: str
) -> None:
    text = PEOPLE + RIVER + VETTED
    assert old in text
    ruling = ask(text.replace(old, new))
    assert ruling.answer is Permission.ASK
    assert any(reason in each for each in ruling.reasons)
    assert [each.who for each in ruling.ask][-1] == "amara"  # joost is away


def test_what_is_yet_to_come_is_said_and_is_in_no_doubt(ask: Ask) -> None:
    for vetting in ("known", "known\nsuspended: {since: 2026-11-21}"):
        assert ask(RIVER + f"== vetting/ana.yaml\nlevel: {vetting}\n").reasons == (
            "ana has been owner (Chair) of river since 2025-03-01 and may ask for everything",
            "the leads last confirmed the record on 2026-09-30",
        )
    ruling = ask(RIVER.replace("since: 2025-03-01", "until: 2026-12-01"))
    assert ruling.answer is Permission.YES
    assert ruling.reasons[1] == "leaves office on 2026-12-01"


def test_an_office_that_has_ended_or_not_begun_gives_no_say(ask: Ask) -> None:
    for when in ("until: 2026-11-20", "since: 2026-11-21"):
        ruling = ask(RIVER.replace("since: 2025-03-01", when), action="hosting")
        assert ruling.answer is Permission.NO
        assert [each.who for each in ruling.ask] == ["bo"]
    assert ask(RIVER.replace("role: owner", "role: emeritus")).answer is Permission.NO
    assert ask(RIVER.replace("since: 2025-03-01", "until: 2026-11-21"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("since: 2025-03-01", "until: 2026-11-20", "ana was owner of river until 2026-11-20"),
        (
            "since: 2025-03-01",
            "since: 2026-11-21",
            "ana becomes owner of river on 2026-11-21, not before",
        ),
        ("role: owner", "role: emeritus", "ana is emeritus of river, out of office"),
        ("person: ana", "person: bo", "ana does not lead river"),
    ],
)
def test_why_somebody_is_not_in_office_is_said(
    ask: Ask, old: str, new: str, reason: str
) -> None:
    assert ask(RIVER.replace(old, new)).reasons[0] == reason


def test_of_several_offices_that_ended_the_first_is_told(ask: Ask) -> None:
    text = RIVER.replace("since: 2025-03-01", "until: 2026-01-01").replace(
        "bo, role", "ana, until: 2025-01-01, role"
    )
    ruling = ask(text)
    assert ruling.reasons == ("ana was owner of river until 2026-01-01", "river has no lead")
    assert ruling.answer is Permission.ASK


def test_where_leads_are_kept_elsewhere_nobody_is_said_to_be_missing(ask: Ask) -> None:
    text = "== communities/river.yaml\nname: River\nstatus: active\nreviewed: 2026-09-30\n"
    assert ask(text + "leads_at: https://x.example\n").reasons == (
        "ana does not lead river",
        "its leads are recorded elsewhere: https://x.example",
    )


def test_who_leads_a_community_above_has_no_say_in_it(ask: Ask) -> None:
    above = "part_of: [sea]\n== communities/sea.yaml\nname: Sea\nleads: [{person: %s, role: owner}]\n"
    told = (
        "cy leads sea, a community above river; this gives no right to ask on behalf of river"
    )
    for who, said in (("cy, role: owner}, {person: bo", True), ("bo", False)):
        ruling = ask(RIVER + above % who, "cy")
        assert ruling.answer is not Permission.YES
        assert (told in ruling.reasons) is said


def test_a_community_above_that_is_not_there_changes_nothing(ask: Ask) -> None:
    assert ask(RIVER + "part_of: [nowhere]\n", "cy") == ask(RIVER, "cy")


def test_a_peer_speaks_for_nothing_that_is_not_said(ask: Ask) -> None:
    ruling = ask(RIVER.replace(", speaks_for: [hosting]", ""), "bo", "hosting")
    assert ruling.answer is Permission.NO
    assert "may ask for nothing" in ruling.reasons[0]
    assert [(each.who, each.reach) for each in ruling.ask] == [
        ("ana", "matrix @ana:example.org")
    ]


def test_people_are_known_by_old_ids_and_accounts(ask: Ask) -> None:
    for name in (
        "anita",
        "people/ana",
        "github:anaruiz",
        "GitHub:ANARUIZ",
        "irc:ANA",
        "matrix:@ana:example.org",
    ):
        assert ask(RIVER, name).who == "ana"
    for name in (
        "matrix:@Ana:example.org",
        "github:anaru\N{LATIN SMALL LETTER DOTLESS I}z",
        "github:ana",
        "github:",
    ):
        with pytest.raises(OcsError, match="no person in this registry has the account"):
            ask(RIVER, name)
    assert ask(RIVER.replace("person: ana", "person: anita"))


def test_an_id_of_old_that_is_in_use_again_is_not_taken_over(ask: Ask) -> None:
    text = RIVER + "== people/eve.yaml\nname: Eve\nformerly: [ana]\naccounts: {github: eve}\n"
    assert ask(text, "eve").answer is not Permission.YES
    text = (
        RIVER.replace("person: ana", "person: anita")
        + "== people/eve.yaml\nname: Eve\nformerly: [anita]\n"
    )
    assert ask(text, "eve").answer is not Permission.YES
    assert ask(text, "ana").answer is not Permission.YES  # two claim it, so nobody has it


def test_an_account_that_two_people_claim_tells_nothing(ask: Ask) -> None:
    with pytest.raises(OcsError, match=r"both claim the account github:anaruiz"):
        ask(
            RIVER + "== people/eve.yaml\nname: Eve\naccounts: {github: anaruiz}\n",
            "github:anaruiz",
        )


def test_the_leads_of_a_group_speak_for_what_both_speak_for(ask: Ask) -> None:
    text = (
        RIVER
        + """\
== communities/lake.yaml
name: Lake
status: active
reviewed: 2026-09-30
leads: [{group: river, role: peer, speaks_for: [hosting, list]}]
"""
    )
    assert ask(text, "ana", "list", "lake")
    assert ask(text, "bo", "hosting", "lake")
    assert ask(text, "bo", "list", "lake").answer is Permission.NO
    assert ask(text, "ana", "domain", "lake").answer is Permission.NO
    assert (
        ask(text.replace("2026-09-30", "2024-09-30", 1), "ana", "list", "lake").answer
        is Permission.ASK
    )
    gone = text.replace("status: active", "status: archived", 1)
    assert ask(gone, "ana", "list", "lake").answer is not Permission.YES


def test_by_which_office_somebody_speaks_is_said(ask: Ask) -> None:
    group = "name: X\nstatus: active\nreviewed: 2026-09-30\nleads: [{group: %s, role: peer, speaks_for: %s}]\n"
    lake = "== communities/lake.yaml\n" + group % ("river", "[budget, list]")
    text = (
        RIVER + lake + "== communities/sea.yaml\n" + group % ("lake", "[budget, domain, list]")
    )
    assert [
        ask(text, *each).reasons[0]
        for each in (("ana",), ("bo", "hosting"), ("ana", "list", "sea"))
    ] == [
        "ana has been owner (Chair) of river since 2025-03-01 and may ask for everything",
        "bo is peer of river and may ask for: hosting",
        "ana leads river, which leads lake, which is peer of sea and may ask for: list, budget",
    ]


def test_who_leads_by_themself_and_in_a_group_is_in_no_doubt(ask: Ask) -> None:
    lake = "== communities/lake.yaml\nname: Lake\nstatus: active\nreviewed: 2026-09-30\n"
    assert ask(
        RIVER + lake + "leads: [{person: ana, role: owner}, {group: river, role: peer}]\n",
        subject="lake",
    )


def test_groups_in_a_circle_come_to_an_end(ask: Ask) -> None:
    lead = "leads: [{group: %s, role: owner}]\nstatus: active\nreviewed: 2026-09-30\n"
    text = (
        "".join(
            f"== communities/c{number}.yaml\nname: C\n" + lead % f"c{(number + 1) % 1500}"
            for number in range(10, 1500)
        )
        + "== communities/c0.yaml\nname: C\n"
        + lead % "c10"
    )
    assert ask(text, "ana", subject="c10").answer is Permission.ASK


def test_who_leads_the_community_above_is_asked_where_nobody_leads(ask: Ask) -> None:
    text = (
        RIVER
        + """\
== communities/lake.yaml
name: Lake
status: active
reviewed: 2026-09-30
part_of: [river]
vacant_since: 2026-01-01
leads: []
"""
    )
    ruling = ask(text, "ana", subject="lake")
    assert ruling.answer is Permission.ASK
    assert "lake has had no lead since 2026-01-01; river acts in its place" in ruling.reasons
    assert [each.who for each in ask(text, "bo", subject="lake").ask] == ["ana", "amara"]
    unconfirmed = ask(
        text.replace("2026-09-30\npart_of", "2024-09-30\npart_of"), "cy", subject="lake"
    )
    assert unconfirmed.answer is Permission.NO
    assert [each.who for each in unconfirmed.ask] == ["ana"]


def test_who_speaks_for_the_community_above_is_asked_where_one_is_archived(ask: Ask) -> None:
    above = "part_of: [sea]\n== communities/sea.yaml\nname: Sea\nleads: [{person: cy, role: owner}]\n"
    ruling = ask(RIVER.replace("status: active", "status: archived") + above)
    assert [each.who for each in ruling.ask] == ["cy"]


ORG = """\
== orgs/food.yaml
name: Food Bank
status: active
contacts:
  - {id: chair, mail: chair@example.org, may_authorise: [leaving, restore]}
  - {id: office, role: Office, call_back: food/phone, may_authorise: [restore]}
  - {id: desk}
== orgs/wool.yaml
name: Wool
contacts: [{id: chair, may_authorise: [restore]}]
"""


def test_an_organisation_speaks_through_its_contacts(ask: Ask) -> None:
    ruling = ask(ORG, "food/office", "restore", "food")
    assert ruling
    assert ruling.call_back == "food/phone"
    refused = ask(ORG, "food/office", "leaving", "orgs/food")
    assert refused.answer is Permission.NO
    assert [(each.who, each.reach) for each in refused.ask] == [
        ("food/chair", "chair@example.org")
    ]
    assert ask(ORG, "food/desk", "restore", "food").answer is Permission.NO
    assert ask(ORG, "ana", "restore", "food").answer is Permission.NO
    other = ask(ORG, "wool/chair", "restore", "food")
    assert other.answer is Permission.NO
    assert [each.who for each in other.ask] == ["food/chair", "food/office"]
    assert ask(ORG + RIVER, "food/chair", "domain").answer is Permission.NO


def test_another_contact_is_named_where_something_is_in_doubt(ask: Ask) -> None:
    text = ORG.replace("status: active", "status: paused")
    ruling = ask(text, "food/office", "restore", "food")
    assert (
        ruling.reasons[0]
        == "food/office is a contact of Food Bank (Office) and may ask for: restore"
    )
    assert [each.who for each in ruling.ask] == ["food/chair", "amara"]
    assert ask(text, "food/desk", "restore", "food").reasons == (
        "food/desk is a contact of Food Bank and may ask for nothing",
    )


def test_nothing_is_done_on_the_word_of_who_cannot_be_called_back(ask: Ask) -> None:
    assert ask(ORG, "food/chair", "restore", "food").answer is Permission.ASK


@pytest.mark.parametrize(
    ("day", "answer"), [("2026-11-20", Permission.YES), ("2026-11-19", Permission.ASK)]
)
def test_a_record_that_was_to_be_read_through_is_in_doubt(
    ask: Ask, day: str, answer: Permission
) -> None:
    text = ORG.replace("status: active", f"status: active\nreview_by: {day}")
    assert ask(text, "food/office", "restore", "food").answer is answer


@pytest.mark.parametrize("status", ["prospect", "onboarding", "paused", "left"])
def test_only_an_active_organisation_asks_for_things(ask: Ask, status: str) -> None:
    ruling = ask(
        ORG.replace("status: active", f"status: {status}"), "food/office", "restore", "food"
    )
    assert ruling.answer is (Permission.NO if status == "left" else Permission.ASK)


@pytest.mark.parametrize(
    ("who", "action", "subject", "message", "hint"),
    [
        (
            "anna",
            "domain",
            "river",
            "no person in this registry has the id 'anna'",
            "did you mean 'ana'?",
        ),
        ("ana", "domains", "river", "there is no action 'domains'", "did you mean 'domain'?"),
        (
            "ana",
            "domain",
            "rivr",
            "no organisation or community has the id 'rivr'",
            "did you mean 'river'?",
        ),
        (
            "ana",
            "restore",
            "river",
            "the action 'restore' is for organisations",
            "for river, use",
        ),
        (
            "food/offce",
            "restore",
            "food",
            "food has no contact 'offce'",
            "did you mean 'office'?",
        ),
        (
            "githb:ana",
            "domain",
            "river",
            "ocs does not know the platform 'githb'",
            "did you mean 'github'?",
        ),
        (
            "",
            "domain",
            "river",
            "no person in this registry has the id ''",
            "write a person's id",
        ),
    ],
)
def test_what_is_not_known_has_no_answer(
    ask: Ask, who: str, action: str, subject: str, message: str, hint: str
) -> None:
    with pytest.raises(OcsError) as raised:
        ask(RIVER + ORG, who, action, subject)
    assert raised.value.message.startswith(message)
    assert (raised.value.hint or "").startswith(hint)


def test_what_cannot_be_read_has_no_answer(ask: Ask) -> None:
    for broken in (
        "== people/ana.yaml\nnam: Ana\n",
        "== ocs.yaml\nactions: 3\n",
        "== communities/river.yaml\n- x\n",
    ):
        with pytest.raises(OcsError, match="is not valid"):
            ask(RIVER + broken)
    with pytest.raises(OcsError, match=r"people/bo\.yaml cannot be read"):
        ask(RIVER + "== people/bo.yaml\nnam: Bo\n", "github:bo")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("reviewed: 2026-09-30", "reviewed: 2026-11-20", None),
        ("reviewed: 2026-09-30", "reviewed: 2026-11-21", "a confirmation in the future: 2026"),
        ("reviewed: 2026-09-30", "reviewed: 2025-11-20", None),
        ("reviewed: 2026-09-30", "reviewed: 2025-11-19", "the record of river on 2025-11-19"),
        ("reviewed: 2026-09-30\n", "", "the leads have never confirmed the record of river"),
        ("since: 2025-03-01", "term_ends: 2026-11-20", None),
        ("since: 2025-03-01", "term_ends: 2026-11-19", "the term ended on 2026-11-19"),
        ("status: active\n", "", "the record of river does not say that it is active"),
        ("status: active", "status: inactive", "river is inactive"),
        ("status: active", "status: forming", "river is forming"),
    ],
)
def test_a_lead_asks_in_vain_from_the_day_on_that_something_is_in_doubt(
    ask: Ask, old: str, new: str, reason: str | None
) -> None:
    assert old in RIVER
    ruling = ask(RIVER.replace(old, new))
    assert ruling.answer is (Permission.ASK if reason else Permission.YES)
    assert reason is None or any(reason in text for text in ruling.reasons)


def test_an_emeritus_of_today_is_out_of_office_and_becomes_nothing(ask: Ask) -> None:
    text = RIVER.replace(
        "role: owner, title: Chair, since: 2025-03-01", "role: emeritus, since: %s"
    )
    assert [ask(text % day).reasons[0] for day in ("2026-11-20", "2026-11-21")] == [
        "ana is emeritus of river, out of office",
        "ana becomes emeritus of river on 2026-11-21, not before",
    ]


SUSPENDED = "== vetting/bo.yaml\nlevel: known\nsuspended: {since: 2026-11-20}\n"
LEFT = "== people/cy.yaml\nname: Cy\nstatus: alumni\n"
AWAY = "== people/amara.yaml\nname: Amara\nstatus: away\n"


@pytest.mark.parametrize(
    ("change", "whom"),
    [
        ("", ["bo", "cy", "amara"]),
        (SUSPENDED, ["cy", "amara"]),
        (SUSPENDED + LEFT, ["amara"]),
        (SUSPENDED + LEFT + AWAY, ["amara"]),
        (AWAY, ["bo", "cy"]),
    ],
)
def test_who_is_suspended_or_has_left_is_nobody_to_ask(
    change: str, whom: list[str], ask: Ask
) -> None:
    river = "== communities/river.yaml\nname: River\nstatus: active\nleads: []\n"
    text = river + "gatekeepers: [bo, cy, nobody, ana, amara]\n" + change
    assert [referral.who for referral in ask(text).ask] == whom


def test_an_organisation_without_a_status_is_in_doubt(ask: Ask) -> None:
    doubt = "the record of wool does not say that it is active"
    assert doubt in ask(ORG, "wool/chair", "restore", "wool").reasons


NUMBERED = RIVER + "== people/dee.yaml\nname: Dee\naccounts: {github: dee-1, github_id: 77}\n"


@pytest.mark.parametrize(
    ("who", "known"),
    [
        (
            "github:Dee-1",
            "recognised by the name github:Dee-1, which can pass to somebody else: compare the number of "
            "the account, github_id:77",
        ),
        (
            "github:bo",
            "recognised by the name github:bo, which can pass to somebody else, and no number of the "
            "account is recorded: ask them in another way too",
        ),
        (
            "github_id:77",
            "recognised by the number github_id:77, which cannot pass to somebody else",
        ),
        ("dee", None),
    ],
)
def test_it_says_by_what_it_knows_somebody(who: str, known: str | None, ask: Ask) -> None:
    """The name of an account can be registered anew by a stranger (A20)."""
    assert ask(NUMBERED, who).known_by == known
    assert ask(NUMBERED + ORG, who, "restore", "food").known_by == known


def test_an_unknown_number_is_nobody(ask: Ask) -> None:
    for who in ("github_id:78", "github_id:077", "github:77"):
        with pytest.raises(OcsError, match="has the account"):
            ask(NUMBERED, who)


@pytest.mark.parametrize(
    ("text", "who", "action", "subject"),
    [
        (ORG.replace("status: active", "status: left"), "food/office", "restore", "food"),
        (ORG, "food/desk", "restore", "food"),
        (ORG + RIVER, "food/office", "domain", "river"),
        (RIVER.replace("status: active", "status: archived"), "ana", "domain", "river"),
        (RIVER.replace("reviewed: 2026-09-30\n", ""), "amara", "domain", "river"),
        (RIVER, "cy", "domain", "river"),
    ],
)
def test_whoever_may_not_is_told_whom_to_ask(
    text: str, who: str, action: str, subject: str, ask: Ask
) -> None:
    """An empty `ask` leaves somebody with a request and nobody to send it to (W12)."""
    ruling = ask(text, who, action, subject)
    assert ruling.answer is not Permission.YES
    assert ruling.ask


def test_where_there_is_no_gatekeeper_to_ask_the_group_is(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    alone = (
        "== ocs.yaml\nname: Hands\ncontact: mailto:us@hands.example\n"
        "gatekeepers: [{person: amara}]\n== people/amara.yaml\nname: Amara\n"
        "== communities/river.yaml\nname: River\nstatus: active\nleads: []\n"
    )
    ruling = may("amara", "domain", "river", TODAY, files=write(alone), schemas=schemas)
    assert [(each.who, each.reach) for each in ruling.ask] == [
        ("the group Hands", "mailto:us@hands.example")
    ]
