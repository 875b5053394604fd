"""Each check of communities finds what it is there for, at its place, and nothing else."""

from __future__ import annotations

import pytest

from tests.rules.sound import (
    AMARA_TWICE,
    BOTH,
    LEADS,
    ORG,
    SOUND,
    Cases,
    Judge,
    assert_found,
    assert_silent,
    of_cases,
)

CASES: Cases = {
    "domain-form": [
        (
            LEADS + "resources: [{name: Río.example, type: domain}]\n",
            "communities/walks.yaml:3:20",
            "is not written in ASCII",
        )
    ],
    "disguised-name": [
        (
            LEADS + "resources: [{name: w\u2011s, type: list}]\n",
            "communities/walks.yaml:3:20",
            "is not what it looks like: it has U+2011",
        )
    ],
    "disguised-words": [
        ("== people/lena.yaml\nname: L\u0435na\n", "people/lena.yaml:1:7", "mixes letters of")
    ],
    "id-like-a-lead": [
        (
            "== people/amaar.yaml\nname: Amaar\n",
            "people/amaar.yaml",
            "the id amaar looks like amara, whom others trust",
        )
    ],
    "two-roles": [
        (
            LEADS + "leads: [{person: amara, role: owner}, {person: amara, role: peer}]\n",
            "communities/walks.yaml:3:9 communities/walks.yaml:3:39",
            "amara has 2 current roles in River Walks",
        ),
        (
            AMARA_TWICE
            + LEADS
            + "leads: [{person: amara, role: owner}, {person: ama, role: peer}]\n",
            "communities/walks.yaml:3:9 communities/walks.yaml:3:39",
            "amara has 2 current roles in River Walks",
        ),
        (
            f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
            + LEADS
            + "leads: [{group: north, role: owner}, {group: north, role: peer}]\n",
            "communities/walks.yaml:3:9 communities/walks.yaml:3:38",
            "north has 2 current roles in River Walks",
        ),
    ],
    "vacant-but-led": [
        (
            LEADS + f"leads: {BOTH}\nvacant_since: 2026-06-01\n",
            "communities/walks.yaml:4:15",
            "River Walks is marked vacant, but is led by amara and joost",
        )
    ],
    "emeritus-in-office": [
        (
            LEADS
            + f"leads: [{{person: lena, role: emeritus, until: 2026-11-21}}, {BOTH[1:]}\n",
            "communities/walks.yaml:3:30",
            "lena is emeritus, but in office until 2026-11-21",
        ),
        (
            LEADS
            + f"leads: [{{person: lena, role: emeritus, speaks_for: [domain]}}, {BOTH[1:]}\n",
            "communities/walks.yaml:3:30",
            "lena is emeritus, but speaks for domain",
        ),
    ],
    "several-owners": [
        (
            LEADS + "leads: [{person: amara, role: owner}, {person: joost, role: owner}]\n",
            "communities/walks.yaml:3:31 communities/walks.yaml:3:61",
            "River Walks has several owners: amara and joost",
        )
    ],
    "vacancy": [
        (
            LEADS + "leads: []\nvacant_since: 2026-06-01\nsuccession: {recovery: walks}\n",
            "communities/walks.yaml:3:8",
            "River Walks has had no lead since 2026-06-01",
        ),
        (
            LEADS
            + "leads: [{person: amara, role: owner, until: 2026-11-20}]\nsuccession: {recovery: walks}\n",
            "communities/walks.yaml:3:8",
            "River Walks has no lead",
        ),
    ],
    "vacancy-without-recovery": [
        (
            LEADS + "leads: []\n",
            "communities/walks.yaml:3:8",
            "and no community is listed to act in its place",
        )
    ],
    "single-lead": [
        (
            LEADS + "leads: [{person: amara, role: owner}]\n",
            "communities/walks.yaml:3:9",
            "leads River Walks alone",
        )
    ],
    "peers-without-owner": [
        (
            LEADS + "leads: [{person: amara, role: peer}, {person: joost, role: peer}]\n",
            "communities/walks.yaml:3:8",
            "River Walks has peers but no owner",
        )
    ],
    "holdover": [
        (
            LEADS
            + f"leads: [{{person: lena, role: peer, term_ends: 2026-11-19}}, {BOTH[1:]}\n",
            "communities/walks.yaml:3:47",
            "the term of lena ended on 2026-11-19",
        )
    ],
    "unconfirmed": [
        (
            f"== communities/walks.yaml\nname: River Walks\nreviewed: 2025-11-19\nleads: {BOTH}\n",
            "communities/walks.yaml:2:11",
            "River Walks was last confirmed by its leads on 2025-11-19",
        )
    ],
    "lead-away": [
        (
            "== people/amara.yaml\nname: Amara\naway_from: 2026-11-20\n"
            "== people/joost.yaml\nname: Joost\nstatus: away\n",
            "communities/walks.yaml:3:18 communities/walks.yaml:3:67",
            "amara and joost are away, and nobody else leads River Walks",
        ),
        (
            "== people/maya.yaml\nname: Maya\nformerly: [mia]\nstatus: away\n"
            "== communities/walks.yaml\nname: River Walks\nleads: [{person: mia, role: owner}]\n",
            "communities/walks.yaml:2:18",
            "mia is away, and nobody else leads River Walks",
        ),
    ],
    "communities-in-a-circle": [
        (
            "".join(
                f"== communities/{a}.yaml\nname: {a}\npart_of: [{b}]\nleads: {BOTH}\n"
                for a, b in (("north", "south"), ("south", "north"))
            ),
            "communities/north.yaml:2:10 communities/south.yaml:2:10",
            "north is part of south is part of north",
        ),
        (
            f"== communities/north.yaml\nname: North\npart_of: [sud]\nleads: {BOTH}\n"
            f"== communities/south.yaml\nname: South\npart_of: [north]\nleads: {BOTH}\nformerly: [sud]\n",
            "communities/north.yaml:2:10 communities/south.yaml:2:10",
            "north is part of south is part of north",
        ),
    ],
    "groups-in-a-circle": [
        (
            "".join(
                f"== communities/{a}.yaml\nname: {a}\nleads: [{{group: {b}, role: owner}}]\n"
                for a, b in (("north", "south"), ("south", "north"))
            ),
            "communities/north.yaml:2:8 communities/south.yaml:2:8",
            "north is led by south is led by north",
        )
    ],
    "claimed-twice": [
        (
            f"== communities/north.yaml\nname: River Walks\nleads: {BOTH}\n"
            "resources: [{name: walks.example, type: domain}]\n",
            "communities/north.yaml:3:20 communities/walks.yaml:4:20",
            "walks.example is claimed by River Walks (north) and River Walks (walks)",
        ),
        (
            f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
            "resources: [{name: WALKS.example., type: domain}]\n",
            "communities/north.yaml:3:20 communities/walks.yaml:4:20",
            "walks.example is claimed by North and River Walks",
        ),
        (
            f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
            "resources: [{name: River.Example, type: domain}]\n",
            "communities/north.yaml:3:20 orgs/river.yaml:7:18",
            "river.example is claimed by North and River House",
        ),
        (
            f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
            "resources: [{name: https://Walks.example/, type: hosting}]\n",
            "communities/north.yaml:3:20 communities/walks.yaml:4:20",
            "walks.example is claimed by North and River Walks",
        ),
        (
            f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
            "resources: [{name: https://git.example/Walks/site/, type: repository}]\n"
            + LEADS
            + f"leads: {BOTH}\nresources: [{{name: git.example/walks/site, type: repository}}]\n",
            "communities/north.yaml:3:20 communities/walks.yaml:4:20",
            "git.example/walks/site is claimed by North and River Walks",
        ),
    ],
    "custodian-no-lead": [
        (
            LEADS
            + f"leads: {BOTH}\nresources: [{{name: x, custodian: lena, deputy: amara}}]\n",
            "communities/walks.yaml:4:34",
            "lena is custodian of x and leads neither River Walks nor a community above it",
        )
    ],
    "no-deputy": [
        (
            LEADS + f"leads: {BOTH}\nresources: [{{name: x, custodian: amara}}]\n",
            "communities/walks.yaml:4:34",
            "nobody but amara answers for x",
        ),
        (
            AMARA_TWICE
            + LEADS
            + f"leads: {BOTH}\nresources: [{{name: x, custodian: amara, deputy: ama}}]\n",
            "communities/walks.yaml:4:34",
            "nobody but amara answers for x",
        ),
    ],
    "expiring": [
        (
            LEADS + f"leads: {BOTH}\nresources: [{{name: x, expires: 2027-02-18}}]\n",
            "communities/walks.yaml:4:32",
            "x expires on 2027-02-18",
        ),
        (
            ORG
            + "domains: [{name: river.example, registered_to: organisation, expires: 2026-11-19}]\n",
            "orgs/river.yaml:5:71",
            "river.example expired on 2026-11-19",
        ),
    ],
    "archived-but-holding": [
        (
            "== communities/walks.yaml\nname: River Walks\nstatus: archived\nresources: [{name: x}]\n"
            "leads: [{person: amara, role: owner}]\n",
            "communities/walks.yaml:3:13 communities/walks.yaml:4:9",
            "River Walks is archived and still has x, amara",
        )
    ],
}
SILENT: dict[str, list[str]] = {
    "two-roles": [
        LEADS + "leads: [{person: amara, role: peer, until: 2026-11-20}, "
        "{person: amara, role: owner, since: 2026-11-20}, {person: joost, role: peer}]\n",
        LEADS + "leads: [{person: amara, role: owner, until: 2026-11-21}, "
        "{person: amara, role: peer, since: 2026-11-21}, {person: joost, role: peer}]\n",
    ],
    "emeritus-in-office": [
        LEADS
        + f"leads: [{{person: lena, role: emeritus, until: 2026-11-20, speaks_for: []}}, {BOTH[1:]}\n",
        LEADS
        + f"leads: [{{person: lena, role: peer, until: 2026-11-21, speaks_for: [domain]}}, {BOTH[1:]}\n",
    ],
    "vacant-but-led": [
        LEADS + "leads: []\nvacant_since: 2026-06-01\n",
        LEADS + f"leads: {BOTH}\nvacant_since: 2026-06-01\nstatus: archived\n",
    ],
    "vacancy": [LEADS + "status: archived\nleads: []\npart_of: [walks]\n"],
    "vacancy-without-recovery": [
        LEADS + "leads: []\nleads_at: https://river.example/leads\n",
        f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
        + LEADS
        + "leads: []\npart_of: [north]\n",
    ],
    "single-lead": [
        f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
        + LEADS
        + "leads: [{group: north, role: owner}]\n"
    ],
    "holdover": [
        LEADS + f"leads: [{{person: lena, role: peer, term_ends: 2026-11-20}}, {BOTH[1:]}\n"
    ],
    "unconfirmed": [
        f"== communities/walks.yaml\nname: River Walks\nreviewed: 2025-11-20\nleads: {BOTH}\n"
    ],
    "lead-away": [
        "== people/amara.yaml\nname: Amara\naway_from: 2026-11-20\n",
        "== people/amara.yaml\nname: Amara\naway_from: 2026-11-20\n"
        "== people/joost.yaml\nname: Joost\naway_until: 2026-11-19\n",
    ],
    "groups-in-a-circle": [
        f"== communities/north.yaml\nname: North\nleads: [{{group: walks, role: owner, until: 2026-11-20}}, {BOTH[1:]}\n"
        + LEADS
        + "leads: [{group: north, role: owner}]\n"
    ],
    "claimed-twice": [
        f"== communities/north.yaml\nname: North\nleads: {BOTH}\n"
        "resources: [{name: blog.walks.example, type: domain}, {name: Walks, type: list}]\n"
        "== communities/walks.yaml\nname: River Walks\nresources: [{name: Walks, type: repository}]\n"
    ],
    "custodian-no-lead": [
        "== communities/north.yaml\nname: North\nformerly: [nord]\nleads: [{person: lena, role: owner}]\n"
        + LEADS
        + f"{leads}\nresources: [{{name: x, custodian: lena, deputy: amara}}]\n"
        for leads in (
            f"leads: {BOTH}\npart_of: [nord]",
            f"leads: {BOTH}\nsuccession: {{recovery: nord}}",
            "leads: [{group: nord, role: owner}]",
        )
    ]
    + [LEADS + f"leads: {BOTH}\nresources: [{{name: x, custodian: jost, deputy: joost}}]\n"],
    "expiring": [
        LEADS + f"leads: {BOTH}\nresources: [{{name: x, expires: 2027-02-19}}]\n",
        ORG + "status: left\ndomains: [{name: river.example, expires: 2026-11-19}]\n",
    ],
    "archived-but-holding": [
        "== communities/walks.yaml\nname: River Walks\nstatus: archived\n"
        "leads: [{person: amara, role: owner, until: 2026-11-20}]\n"
    ],
}


@pytest.mark.parametrize(("code", "change", "places", "message"), of_cases(CASES))
def test_a_check_finds_what_it_is_there_for(
    code: str, change: str, places: str, message: str, judge: Judge
) -> None:
    assert_found(code, change, places, message, judge)


@pytest.mark.parametrize(
    ("code", "change"), [(code, change) for code in SILENT for change in SILENT[code]]
)
def test_a_check_says_nothing_of_what_is_just_right(
    code: str, change: str, judge: Judge
) -> None:
    assert_silent(code, change, judge)


def test_the_checks_say_nothing_of_a_sound_registry(judge: Judge) -> None:
    assert not {finding.code for finding in judge(SOUND)} & CASES.keys()
