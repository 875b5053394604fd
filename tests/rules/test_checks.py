"""Each check finds what it is there for, at its place, and nothing where all is well."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date

import pytest

from ocs.adapters.files import Files
from ocs.model.finding import Finding
from ocs.model.kinds import KINDS
from ocs.model.registry import Registry
from ocs.rules.check import Check
from ocs.rules.checks import CHECKS
from ocs.rules.cycles import circles
from ocs.rules.people import keys
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets import ciphertexts, gpgids
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import validate

TODAY = date(2026, 11, 20)

# A small registry of which nothing is to be said. Each case below changes or adds some of its files.
SOUND = """\
== ocs.yaml
name: Helping Hands
gatekeepers: [{person: amara}, {person: joost}]
== people/amara.yaml
name: Amara
== people/joost.yaml
name: Joost
== people/lena.yaml
name: Lena
== vetting/lena.yaml
level: vetted
since: 2026-01-10
expires: 2028-01-10
checks: [{kind: met, by: amara, date: 2026-01-03}, {kind: called, by: joost, date: 2026-01-04}]
== orgs/river.yaml
name: River House
sensitivity: high
gatekeepers: [amara, joost]
contacts: [{id: chair, may_authorise: [access]}]
systems: [{id: cloud, importance: vital, checked: 2026-08-20, secrets: [login]}]
backups: [{id: nightly, covers: [cloud], last_restore_test: 2026-03-15}]
domains: [{name: river.example, registered_to: organisation, expires: 2027-05-11}]
== access/river/login.yaml
purpose: to get in
rotate_by: 2027-03-01
readers: [{person: lena, until: 2026-12-31}]
== communities/walks.yaml
name: River Walks
reviewed: 2026-09-30
leads: [{person: amara, role: owner, since: 2025-03-01}, {person: joost, role: peer, since: 2025-03-01}]
resources: [{name: walks.example, type: domain, custodian: amara, deputy: joost}]
== problems/mail-late.yaml
title: Mail is late
state: verified
symptoms: [{seen: Mail is late}]
resolution: Wait.
verification: It came.
solved_by: [lena]
seen_working: [{by: joost}]
review_by: 2027-03-15
"""

LEADS = "== communities/walks.yaml\nname: River Walks\nreviewed: 2026-09-30\n"
BOTH = "[{person: amara, role: owner}, {person: joost, role: peer}]"
ORG = """\
== orgs/river.yaml
name: River House
sensitivity: high
gatekeepers: [amara, joost]
contacts: [{id: chair, may_authorise: [access]}]
"""
# Somebody with two names, the second one of old.
AMARA_TWICE = "== people/amara.yaml\nname: Amara\nformerly: [ama]\n"
PROBLEM = "== problems/mail-late.yaml\ntitle: Mail is late\nsymptoms: [{seen: x}]\nsolved_by: [lena]\n"

CASES: dict[str, list[tuple[str, str, str]]] = {
    "shared-account": [
        (
            "== people/amara.yaml\nname: Amara\naccounts: {github: Amara}\n"
            "== people/lena.yaml\nname: Lena\naccounts: {github: amara}\n",
            "people/amara.yaml:2:20 people/lena.yaml:2:20",
            "2 people have the github 'amara'",
        ),
        (
            '== people/amara.yaml\nname: Amara\naccounts: {mastodon: "@a@river.example"}\n'
            "== people/lena.yaml\nname: Lena\naccounts: {mastodon: A@river.example}\n",
            "people/amara.yaml:2:22 people/lena.yaml:2:22",
            "2 people have the mastodon 'a@river.example'",
        ),
        (
            "== people/amara.yaml\nname: Amara\nmail: us@river.example\n"
            "== people/lena.yaml\nname: Lena\nmail: Us@river.example\n",
            "people/amara.yaml:2:7 people/lena.yaml:2:7",
            "2 people have the mail address 'us@river.example'",
        ),
    ],
    "shared-key": [
        (
            f"== vetting/lena.yaml\nlevel: known\nkey: {'A' * 40}\n"
            f"== vetting/joost.yaml\nlevel: known\nkey: {'A' * 40}\n",
            "vetting/joost.yaml:2:6 vetting/lena.yaml:2:6",
            "joost and lena have the same key …AAAAAAAA",
        ),
        (
            f"== ocs.yaml\nname: X\ngatekeepers: [{{person: amara, key: {'B' * 40}}}, {{person: joost}}]\n"
            f"== vetting/lena.yaml\nlevel: known\nkey: {'B' * 40}\n",
            "vetting/lena.yaml:2:6 ocs.yaml:2:36",
            "amara and lena have the same key",
        ),
    ],
    "absence-over": [
        (
            "== people/lena.yaml\nname: Lena\naway_until: 2026-11-19\n",
            "people/lena.yaml:2:13",
            "Lena was away until 2026-11-19",
        )
    ],
    "unmentioned-person": [
        ("== people/kim.yaml\nname: Kim\n", "people/kim.yaml", "no record mentions Kim"),
        (
            "== people/kim.yaml\nname: Kim\nstatus: away\n== vetting/kim.yaml\nlevel: newcomer\n",
            "people/kim.yaml",
            "no record mentions Kim",
        ),
    ],
    "duplicate-part": [
        (
            ORG + "systems: [{id: web}, {id: web}]\n",
            "orgs/river.yaml:5:16 orgs/river.yaml:5:27",
            "2 systems have the id 'web'",
        )
    ],
    "threshold": [
        (
            "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}, {person: joost}]\nthreshold: 2\n",
            "ocs.yaml:3:12",
            "the threshold is 2, with 2 gatekeepers in all",
        ),
        (
            "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nthreshold: 2\n",
            "ocs.yaml:3:12",
            "the threshold is 2, with 1 gatekeepers in all",
        ),
        (
            "== ocs.yaml\nname: X\nthreshold: 1\n",
            "ocs.yaml:2:12",
            "the threshold is 1, with 0 gatekeepers in all",
        ),
    ],
    "review-setting": [
        (
            "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nreview: {archived: {gatekeepers: 2}}\n",
            "ocs.yaml:3:20",
            "'archived' would need 2 gatekeepers, of 1 in all",
        ),
        (
            "== ocs.yaml\nname: X\nreview:\n  parents: {notice: 6 days}\n",
            "ocs.yaml:3:12",
            "'parents' needs 7 days of notice anyway",
        ),
    ],
    "not-a-gatekeeper": [
        (
            "== orgs/river.yaml\nname: X\nsensitivity: high\ngatekeepers: [amara, lena]\n",
            "orgs/river.yaml:3:22",
            "lena is no gatekeeper of this registry",
        ),
        (
            LEADS + f"leads: {BOTH}\ngatekeepers: [amara, lena]\n",
            "communities/walks.yaml:4:22",
            "lena is no gatekeeper of this registry",
        ),
    ],
    "secret-without-access": [
        (
            "== secrets/river/other.gpg\n-----BEGIN PGP MESSAGE-----\n",
            "secrets/river/other.gpg",
            "river/other has no access record",
        )
    ],
    "access-without-secret": [
        (
            "== secrets/river/other.gpg\n-----BEGIN PGP MESSAGE-----\n",
            "access/river/login.yaml",
            "there is no secret river/login",
        )
    ],
    "dates-out-of-order": [
        (
            LEADS
            + "leads: [{person: amara, role: owner, since: 2025-03-01, until: 2024-03-01}, "
            "{person: joost, role: owner}, {person: lena, role: peer}]\n",
            "communities/walks.yaml:3:64",
            "'until' 2024-03-01 is before 'since' 2025-03-01",
        ),
        (
            "== people/lena.yaml\nname: Lena\naway_from: 2027-02-01\naway_until: 2027-01-01\n",
            "people/lena.yaml:3:13",
            "'away_until' 2027-01-01 is before 'away_from' 2027-02-01",
        ),
        (
            LEADS
            + "leads: [{person: amara, role: owner, since: 2025-03-01, term_ends: 2024-03-01}, "
            "{person: joost, role: peer}]\n",
            "communities/walks.yaml:3:68",
            "'term_ends' 2024-03-01 is before 'since' 2025-03-01",
        ),
        (
            "== vetting/joost.yaml\nlevel: known\nsince: 2026-03-01\nexpires: 2026-01-01\n",
            "vetting/joost.yaml:3:10",
            "'expires' 2026-01-01 is before 'since' 2026-03-01",
        ),
        (
            PROBLEM + "solved_on: 2026-03-01\nreview_by: 2026-01-01\n",
            "problems/mail-late.yaml:5:12",
            "'review_by' 2026-01-01 is before 'solved_on' 2026-03-01",
        ),
        (
            "== access/river/login.yaml\npurpose: x\nrotated: 2026-10-01\nrotate_by: 2026-09-01\n",
            "access/river/login.yaml:3:12",
            "'rotate_by' 2026-09-01 is before 'rotated' 2026-10-01",
        ),
    ],
    "review-overdue": [
        (
            "== ocs.yaml\nname: X\nrenew_by: 2026-11-19\n",
            "ocs.yaml:2:11",
            "the registry was due for review by",
        ),
        (
            ORG + "review_by: 2026-11-19\n",
            "orgs/river.yaml:5:12",
            "River House was due for review by",
        ),
        (
            PROBLEM + "review_by: 2026-11-19\n",
            "problems/mail-late.yaml:4:12",
            "this problem was due for review",
        ),
    ],
    "vetting-expired": [
        (
            "== vetting/lena.yaml\nlevel: known\nexpires: 2026-11-19\n== access/river/login.yaml\npurpose: x\n",
            "vetting/lena.yaml:2:10",
            "the vetting of lena expired on 2026-11-19",
        )
    ],
    "vetting-expires-soon": [
        (
            "== vetting/joost.yaml\nlevel: known\nexpires: 2026-11-20\n",
            "vetting/joost.yaml:2:10",
            "the vetting of joost expires on 2026-11-20",
        )
    ],
    "few-checkers": [
        (
            "== vetting/joost.yaml\nlevel: vouched\nchecks: [{kind: met, by: amara, date: 2026-01-03}, "
            "{kind: called, by: amara, date: 2026-01-04}]\n",
            "vetting/joost.yaml:1:8",
            "joost is vouched, which needs 2 different checkers, not 1",
        ),
        (
            f"{AMARA_TWICE}== vetting/joost.yaml\nlevel: vouched\nchecks: [{{kind: met, by: amara, "
            "date: 2026-01-03}, {kind: called, by: ama, date: 2026-01-04}]\n",
            "vetting/joost.yaml:1:8",
            "joost is vouched, which needs 2 different checkers, not 1",
        ),
        (
            "== ocs.yaml\nname: X\nvetting: {levels: [seen, trusted]}\n"
            "== vetting/joost.yaml\nlevel: trusted\nchecks: [{kind: met, by: amara, date: 2026-01-03}]\n"
            "== vetting/lena.yaml\nlevel: seen\n",
            "vetting/joost.yaml:1:8",
            "joost is trusted, which needs 2 different checkers, not 1",
        ),
    ],
    "checked-by-themself": [
        (
            "== vetting/joost.yaml\nlevel: known\nchecks: [{kind: met, by: joost, date: 2026-01-03}]\n",
            "vetting/joost.yaml:2:26",
            "joost checked themself",
        ),
        (
            f"{AMARA_TWICE}== vetting/amara.yaml\nlevel: known\n"
            "checks: [{kind: met, by: ama, date: 2026-01-03}]\n",
            "vetting/amara.yaml:2:26",
            "amara checked themself",
        ),
    ],
    "suspended-reader": [
        (
            "== vetting/joost.yaml\nlevel: known\nsuspended: {since: 2026-11-20}\n",
            "ocs.yaml:2:41 orgs/river.yaml:3:22",
            "joost is suspended since 2026-11-20 and can still read here",
        ),
        (
            f"{AMARA_TWICE}== vetting/amara.yaml\nlevel: vetted\nsuspended: {{since: 2026-11-20}}\n"
            "== ocs.yaml\nname: X\ngatekeepers: [{person: joost}, {person: lena}]\n"
            "== orgs/river.yaml\nname: X\nsensitivity: high\ngatekeepers: [joost, lena]\n"
            "== communities/walks.yaml\nname: River Walks\ngatekeepers: [ama]\n"
            "== access/walks/list.yaml\npurpose: x\nreaders: [{person: ama}]\n",
            "access/walks/list.yaml:2:20 communities/walks.yaml:2:15",
            "amara is suspended since 2026-11-20 and can still read here",
        ),
    ],
    "few-gatekeepers": [
        (
            "== orgs/river.yaml\nname: River House\nsensitivity: high\ngatekeepers: [amara]\n"
            "contacts: [{id: chair, may_authorise: [access]}]\n",
            "orgs/river.yaml:3:14",
            "only amara is gatekeeper of River House",
        ),
        (
            AMARA_TWICE + ORG.replace("joost", "ama"),
            "orgs/river.yaml:3:14",
            "only amara is gatekeeper of River House",
        ),
    ],
    "nobody-authorises-access": [
        (
            "== orgs/river.yaml\nname: River House\nsensitivity: high\ngatekeepers: [amara, joost]\n",
            "orgs/river.yaml:1:1",
            "no contact of River House may authorise access",
        )
    ],
    "domain-not-theirs": [
        (
            ORG + "domains: [{name: river.example, registered_to: person}]\n",
            "orgs/river.yaml:5:48",
            "river.example is registered to a person",
        ),
        (
            ORG + "domains: [{name: river.example}]\n",
            "orgs/river.yaml:5:11",
            "registered to an unknown holder",
        ),
    ],
    "systems-in-a-circle": [
        (
            ORG + "systems: [{id: web, needs: [db]}, {id: db, needs: [web]}]\n",
            "orgs/river.yaml:5:28 orgs/river.yaml:5:51",
            "web needs db needs web",
        ),
        (
            ORG + "systems: [{id: web, needs: [web]}]\n",
            "orgs/river.yaml:5:28",
            "web needs web",
        ),
    ],
    "vital-without-backup": [
        (
            ORG + "systems: [{id: web, importance: vital}]\n",
            "orgs/river.yaml:5:33",
            "web is vital and no backup",
        )
    ],
    "untested-backup": [
        (
            ORG + "backups: [{id: nightly}]\n",
            "orgs/river.yaml:5:11",
            "the backup nightly was never tested",
        ),
        (
            ORG + "backups: [{id: nightly, last_restore_test: 2025-11-19}]\n",
            "orgs/river.yaml:5:44",
            "the backup nightly had its last restore test on 2025-11-19",
        ),
    ],
    "unchecked-system": [
        (
            ORG + "systems: [{id: web, checked: 2025-11-19}]\n",
            "orgs/river.yaml:5:30",
            "nobody has checked web since 2025-11-19",
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
            "amara and joost are all owners of River Walks",
        )
    ],
    "vacancy": [
        (
            LEADS + "leads: []\nvacant_since: 2026-06-01\nsuccession: {recovery: walks}\n",
            "communities/walks.yaml:3:8",
            "nobody leads River Walks since 2026-06-01",
        ),
        (
            LEADS
            + "leads: [{person: amara, role: owner, until: 2026-11-20}]\nsuccession: {recovery: walks}\n",
            "communities/walks.yaml:3:8",
            "nobody leads River Walks",
        ),
    ],
    "vacancy-without-recovery": [
        (
            LEADS + "leads: []\n",
            "communities/walks.yaml:3:8",
            "and no community is named to act meanwhile",
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
    "not-verified": [
        (
            PROBLEM + "state: verified\nseen_working: [{by: lena}]\n",
            "problems/mail-late.yaml:4:8",
            "lacks a resolution and a verification and another person in `seen_working`",
        )
    ],
    "withdrawn-without-reason": [
        (
            PROBLEM + "state: withdrawn\n",
            "problems/mail-late.yaml:4:8",
            "is withdrawn, but does not say why",
        ),
        (
            PROBLEM + "withdrawn: {because: untrue}\n",
            "problems/mail-late.yaml:4:1",
            "says why it was withdrawn, but its state is draft",
        ),
    ],
    "reader-not-vetted": [
        (
            "== access/river/login.yaml\npurpose: x\nreaders: [{person: joost}]\n",
            "access/river/login.yaml:2:20",
            "joost reads river/login and was never vetted",
        ),
        (
            "== vetting/lena.yaml\nlevel: known\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login and is known, where vetted is needed",
        ),
        (
            "== vetting/lena.yaml\nlevel: known\nsuspended: {since: 2026-11-21}\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login and is known, where vetted is needed",
        ),
        (
            ORG.replace("sensitivity: high\n", "") + "== vetting/lena.yaml\nlevel: vouched\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login and is vouched, where vetted is needed",
        ),
        (
            ORG.replace("high", "hihg") + "== vetting/lena.yaml\nlevel: vouched\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login and is vouched, where vetted is needed",
        ),
    ],
    "conflict-of-interest": [
        (
            "== people/lena.yaml\nname: Lena\nconflicts: [{with: river}]\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login and has a conflict with river",
        ),
        (
            ORG
            + "suppliers: [{id: hoster}]\n== people/lena.yaml\nname: Lena\nconflicts: [{with: hoster}]\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login and has a conflict with hoster",
        ),
        (
            "== orgs/river.yaml\nname: [\n== people/lena.yaml\nname: Lena\nconflicts: [{with: river}]\n",
            "access/river/login.yaml:3:20",
            "lena reads river/login and has a conflict with river",
        ),
        (
            "== people/lena.yaml\nname: Lena\nformerly: [len]\nconflicts: [{with: river}]\n"
            "== access/river/login.yaml\npurpose: x\nreaders: [{person: len}]\n",
            "access/river/login.yaml:2:20",
            "lena reads river/login and has a conflict with river",
        ),
        (
            "== people/joost.yaml\nname: Joost\nconflicts: [{with: river}]\n"
            "== access/river/other.yaml\npurpose: x\n",
            "orgs/river.yaml:3:22",
            "joost reads river/login and has a conflict with river",
        ),
    ],
    "access-ended": [
        (
            "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-19}]\n",
            "access/river/login.yaml:2:33",
            "the access of lena to river/login ended on 2026-11-19",
        )
    ],
    "rotation-overdue": [
        (
            "== access/river/login.yaml\npurpose: x\nrotate_by: 2026-11-19\n",
            "access/river/login.yaml:2:12",
            "the rotation of river/login was due on 2026-11-19",
        )
    ],
    "few-readers": [
        (
            "== access/walks/list.yaml\npurpose: x\n",
            "access/walks/list.yaml",
            "nobody can read walks/list",
        ),
        (
            f"{AMARA_TWICE}== access/walks/list.yaml\npurpose: x\nreaders: [{{person: amara}}, {{person: ama}}]\n",
            "access/walks/list.yaml",
            "only amara can read walks/list",
        ),
    ],
}

# What is just right, and what of one fault would only follow.
SILENT: dict[str, list[str]] = {
    "review-setting": [
        "== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nreview: {parents: {gatekeepers: 1, notice: 7 days}}\n"
    ],
    "shared-account": [
        "== people/amara.yaml\nname: Amara\naccounts: {github: lenab}\n"
        "== people/lena.yaml\nname: Lena\naccounts: {gitlab: lenab}\n",
    ],
    "absence-over": ["== people/lena.yaml\nname: Lena\naway_until: 2026-11-20\n"],
    "unmentioned-person": [
        "== people/kim.yaml\nname: Kim\nstatus: alumni\n",
        "== people/kim.yaml\nname: Kim\nformerly: [kimmy]\n"
        + PROBLEM.replace("lena", "kimmy"),
    ],
    "threshold": ["== ocs.yaml\nname: X\ngatekeepers: [{person: amara}]\nthreshold: 1\n"],
    "not-a-gatekeeper": [
        AMARA_TWICE + ORG.replace("amara", "ama"),
        ORG.replace("joost", "jost"),
    ],
    "future-date": ["== people/lena.yaml\nname: Lena\njoined: 2026-11-20\n"],
    "dates-out-of-order": [
        LEADS
        + f"leads: [{{person: lena, role: owner, since: 2025-03-01, until: 2025-03-01}}, {BOTH[1:]}\n"
    ],
    "review-overdue": [
        ORG + "review_by: 2026-11-20\n",
        ORG + "review_by: 2026-10-20\nstatus: left\n",
        PROBLEM
        + "review_by: 2026-10-20\nstate: withdrawn\nwithdrawn: {because: x, date: 2026-10-01}\n",
    ],
    "vetting-expired": ["== vetting/joost.yaml\nlevel: known\nexpires: 2026-11-20\n"],
    "vetting-expires-soon": ["== vetting/joost.yaml\nlevel: known\nexpires: 2027-01-20\n"],
    "few-checkers": [
        "== vetting/joost.yaml\nlevel: known\nchecks: [{kind: met, by: amara, date: 2026-01-03}]\n"
    ],
    "suspended-reader": [
        "== vetting/joost.yaml\nlevel: known\nsuspended: {since: 2026-11-21}\n",
        "== vetting/lena.yaml\nlevel: known\nsuspended: {since: 2026-11-01}\n"
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-19}]\n",
    ],
    "few-gatekeepers": [
        ORG.replace(", joost", "") + "status: left\n",
        ORG.replace(", joost", "") + "status: prospect\n",
    ],
    "nobody-authorises-access": [
        ORG.replace("[{id: chair", "[{id: office, may_authorise: [fix]}, {id: chair"),
        ORG.replace("[access]", "[fix]") + "status: left\n",
    ],
    "domain-not-theirs": [ORG + "status: left\ndomains: [{name: river.example}]\n"],
    "vital-without-backup": [ORG + "systems: [{id: web, importance: important}]\n"],
    "untested-backup": [ORG + "backups: [{id: nightly, last_restore_test: 2025-11-20}]\n"],
    "unchecked-system": [ORG + "systems: [{id: web, checked: 2025-11-20}, {id: db}]\n"],
    "two-roles": [
        LEADS + "leads: [{person: amara, role: peer, until: 2026-11-20}, "
        "{person: amara, role: owner, since: 2026-11-20}, {person: joost, role: peer}]\n",
        LEADS + "leads: [{person: amara, role: owner, until: 2026-11-21}, "
        "{person: amara, role: peer, since: 2026-11-21}, {person: joost, role: peer}]\n",
    ],
    "emeritus-in-office": [
        LEADS
        + f"leads: [{{person: lena, role: emeritus, until: 2026-11-20, speaks_for: []}}, {BOTH[1:]}\n"
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
    "not-verified": [PROBLEM + "state: draft\nseen_working: [{by: lena}]\n"],
    "withdrawn-without-reason": [
        PROBLEM + "state: withdrawn\nwithdrawn: {because: untrue, date: 2026-10-01}\n"
    ],
    "reader-not-vetted": [
        "== vetting/lena.yaml\nlevel: vouched\n" + ORG.replace("high", "medium"),
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: joost, until: 2026-11-19}]\n",
        "== people/lena.yaml\nname: Lena\nformerly: [len]\n"
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: len}]\n",
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lenna}]\n",
        "== vetting/lena.yaml\nlevel: veted\n",
        "== vetting/lena.yaml\nlevel: [\n",
        "== vetting/lena.yaml\nlevel: vetted\nsuspended: {since: 2026-11-20}\n",
        "== vetting/lena.yaml\nlevel: vetted\nsuspended: {since: 2026-11-21}\n",
    ],
    "conflict-of-interest": [
        "== people/lena.yaml\nname: Lena\nconflicts: [{with: walks}]\n",
        "== people/lena.yaml\nnam: Lena\nconflicts: [{with: river}]\n",
        "== people/lena.yaml\nname: Lena\nconflicts: [{with: river}]\n"
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-19}]\n",
    ],
    "access-ended": [
        "== access/river/login.yaml\npurpose: x\nreaders: [{person: lena, until: 2026-11-20}]\n"
    ],
    "rotation-overdue": ["== access/river/login.yaml\npurpose: x\nrotate_by: 2026-11-20\n"],
    "few-readers": [
        "== orgs/river.yaml\nname: [\n",
        "== access/rivr/login.yaml\npurpose: x\n",
        "== communities/walks.yaml\nname: River Walks\ngatekeepers: [amara]\n"
        "== access/walks/list.yaml\npurpose: x\nreaders: [{person: lena}]\n",
    ],
}


def changed(registry: str, change: str) -> str:
    """The registry with the files of *change* in the place of its own."""
    files = {part.partition("\n")[0]: part for part in registry.split("== ")[1:]}
    files |= {part.partition("\n")[0]: part for part in change.split("== ")[1:]}
    return "".join(f"== {part}" for part in files.values())


@pytest.fixture
def judge(
    write: Callable[[str], Files], schemas: Schemas
) -> Callable[[str], tuple[Finding, ...]]:
    return lambda text: validate(write(text), schemas, TODAY).findings


def test_of_a_sound_registry_nothing_is_said(
    judge: Callable[[str], tuple[Finding, ...]],
) -> None:
    assert judge(SOUND) == ()


@pytest.mark.parametrize(
    ("code", "change", "places", "message"),
    [(code, *case) for code, cases in CASES.items() for case in cases],
)
def test_a_check_finds_what_it_is_there_for(
    code: str,
    change: str,
    places: str,
    message: str,
    judge: Callable[[str], tuple[Finding, ...]],
) -> None:
    (found,) = [each for each in judge(changed(SOUND, change)) if each.code == code]
    told = [
        f"{p.file}:{p.span.line}:{p.span.column}" if p.span else p.file for p in found.places
    ]
    assert " ".join(told) == places
    assert message in found.message


@pytest.mark.parametrize(
    ("code", "change"),
    [(code, change) for code, changes in SILENT.items() for change in changes],
)
def test_a_check_says_nothing_of_what_is_just_right(
    code: str, change: str, judge: Callable[[str], tuple[Finding, ...]]
) -> None:
    assert [each for each in judge(changed(SOUND, change)) if each.code == code] == []


def test_of_what_concerns_several_files_only_those_asked_for_are_told(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    code, change = "claimed-twice", CASES["claimed-twice"][1][0]
    files = write(changed(SOUND, change))
    (found,) = validate(files, schemas, TODAY, ["orgs"], only=[code]).findings
    assert [place.file for place in found.places] == ["orgs/river.yaml"]
    assert validate(files, schemas, TODAY, ["people"], only=[code]).findings == ()


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("secrets/river/login.gpg", b"hunter2\n", "not-ciphertext"),
        ("secrets/river/login.gpg", b"", "not-ciphertext"),
        ("secrets/river/login.gpg", b"\x99\x01\x0d\x04", "not-ciphertext"),  # a certificate
        ("secrets/river/login.txt", b"\x85\x01\x0c\x03", "misplaced-file"),
        ("secrets/login.gpg", b"\x85\x01\x0c\x03", "misplaced-file"),
        ("secrets/river/deep/login.gpg", b"\x85\x01\x0c\x03", "misplaced-file"),
        ("keys/lena.yaml", b"x", "misplaced-file"),
        ("keys/Lena.asc", b"x", "misplaced-file"),
        ("people/lena.yaml", b"name: Lena\r\n", "line-ends"),
        (".ocs-unfinished", b"{}", "interrupted-change"),
    ],
)
def test_other_files_are_looked_at(
    path: str, content: bytes, code: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(SOUND)
    (files.root / path).parent.mkdir(parents=True, exist_ok=True)
    (files.root / path).write_bytes(content)
    found = [
        each for each in validate(files, schemas, TODAY).findings if each.place.file == path
    ]
    assert code in [each.code for each in found]


@pytest.mark.parametrize(
    "head", [b"\x85\x01\x0c\x03", b"\xc1\xc0\x4c\x03", b"-----BEGIN PGP MESSAGE-----\n\n"]
)
def test_a_ciphertext_is_where_it_belongs(
    head: bytes, write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(SOUND)
    (files.root / "secrets/river").mkdir(parents=True)
    (files.root / "secrets/river/login.gpg").write_bytes(head)
    (files.root / "secrets/.gpg-id").write_text("x")
    # Each is cut short, which is told as well.
    assert validate(files, schemas, TODAY, skip=["unfit-ciphertext"]).findings == ()


def test_a_link_that_leads_out_is_told(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    files = write(SOUND)
    (files.root / "notes.md").symlink_to("/etc/hostname")
    (files.root / "inside.md").symlink_to("ocs.yaml")
    (files.root / "beside.md").symlink_to(f"../{files.root.name}-of-others/notes.md")
    beside, out = validate(files, schemas, TODAY).findings
    assert [(each.code, each.place.file) for each in (beside, out)] == [
        ("link-outside", "beside.md"),
        ("link-outside", "notes.md"),
    ]


@pytest.mark.parametrize("code", [check.code for check in CHECKS if check.one_by_one])
def test_a_rule_that_goes_one_by_one_finds_the_same_of_a_record_alone(
    code: str, write: Callable[[str], Files], schemas: Schemas
) -> None:
    (check,) = [check for check in CHECKS if check.code == code]
    cases = CASES.get(code, [("== people/kim.yaml\nname: Kim\njoined: 2062-01-01\n", "", "")])
    for change, _, _ in cases:
        registry = load(write(changed(SOUND, change)), schemas).registry
        together = set(check.findings(registry, TODAY))
        assert together
        assert together == {
            found
            for document in registry
            for found in check.findings(Registry((document,)), TODAY)
        }


def test_rules_look_at_kinds_of_very_many_records_one_by_one() -> None:
    """Others are not asked about them: of such a kind only ids and mentions are there for them."""
    kinds = [kind.record_type() for kind in KINDS if kind.one_by_one]
    for check in CHECKS:
        module = inspect.getmodule(check.rule)
        names = (
            {name for name, value in vars(module).items() if value in kinds}
            if check.rule
            else set()
        )
        if names and names & set(
            inspect.getsource(check.rule).replace("(", " ").replace(")", " ").split()
        ):
            assert check.one_by_one, check.code


def test_every_check_with_a_rule_is_tried() -> None:
    elsewhere = (
        "unknown-",
        "duplicate-id",
        "future-date",
        *(check.code for check in (*keys.CHECKS, *ciphertexts.CHECKS, *gpgids.CHECKS)),
    )
    rules = [check for check in CHECKS if isinstance(check, Check) and check.rule]
    assert [
        check.code
        for check in rules
        if check.code not in CASES and not check.code.startswith(elsewhere)
    ] == []


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["a"]}, [("a",)]),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, [("a", "b", "c")]),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, []),
        ({"a": ["nowhere"]}, []),
        ({"x": ["a"], "a": ["b"], "b": ["a"]}, [("a", "b")]),
    ],
)
def test_circles(needs: dict[str, list[str]], found: list[tuple[str, ...]]) -> None:
    assert list(circles(needs)) == found


def test_a_chain_of_any_length_is_gone_through() -> None:
    needs = {str(number): [str(number + 1)] for number in range(5000)}
    assert list(circles(needs)) == []
