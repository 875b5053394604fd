"""Which names there are for records to mention, and what is said of one that there is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocs.adapters.files import Files, read_schema
from ocs.model.kinds import KIND
from ocs.model.record import Reference
from ocs.rules.records.references import mentions, names
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load
from tests.rules.sound import SOUND, Judge, changed

SCHEMAS = Schemas(read_schema)
REGISTRY = """\
== ocs.yaml
name: Helping Hands
vetting: {levels: [seen, trusted]}
sensitivity: {low: little harm, high: much harm}
community_kinds: [walk]
actions: [pay]
== people/amara.yaml
name: Amara
formerly: [ama]
== orgs/river.yaml
name: River House
formerly: [rill]
systems: [{id: cloud, secrets: [rill/login, walks/key]}]
suppliers: [{id: hoster, name: Hoster}, {name: Nobody}]
== communities/walks.yaml
name: River Walks
formerly: [strolls]
== access/river/login.yaml
purpose: to get in
== access/strolls/key.yaml
purpose: to get in
== problems/mail-late.yaml
title: Mail is late
formerly: [post-late]
symptoms: [{seen: x}]
"""


def test_everything_that_a_record_can_mention_has_a_name(
    write: Callable[[str], Files], schemas: Schemas
) -> None:
    assert sorted(names(load(write(REGISTRY), schemas).registry)) == [
        "action pay",
        "community strolls",
        "community walks",
        "community-kind walk",
        "level seen",
        "level trusted",
        "owner rill",
        "owner river",
        "owner strolls",
        "owner walks",
        "party hoster",
        "party rill",
        "party river",
        "party strolls",
        "party walks",
        "person ama",
        "person amara",
        "problem mail-late",
        "problem post-late",
        "secret rill/login",
        "secret river/login",
        "secret strolls/key",
        "secret walks/key",
        "sensitivity high",
        "sensitivity low",
    ]


@pytest.mark.parametrize(
    ("kind", "id", "tree", "mentioned"),
    [
        (
            "org",
            "river",
            {
                "contacts": [{"call_back": "phone"}],
                "systems": [{"secrets": ["login", "hill/key"]}],
            },
            [("river/phone", "secret"), ("hill/key", "secret"), ("river/login", "secret")],
        ),
        ("access", "river/login", {}, [("river", "owner")]),
        ("vetting", "lena", {}, [("lena", "person")]),
        ("person", "lena", {}, []),
    ],
)
def test_a_record_mentions_by_full_names(
    kind: str, id: str, tree: dict[str, object], mentioned: list[tuple[str, str]]
) -> None:
    found: list[Reference] = list(mentions(KIND[kind], id, tree, SCHEMAS.of(KIND[kind])))
    assert sorted((one.target, one.space) for one in found) == sorted(mentioned)


@pytest.mark.parametrize(
    ("code", "change", "message", "hint"),
    [
        (
            "unknown-person",
            "== orgs/river.yaml\nname: River House\ngatekeepers: [nobody]\n",
            "no person has the id 'nobody'",
            "add people/nobody.yaml, or correct 'nobody'; if the record was renamed, list the old "
            "id under its `formerly:`",
        ),
        (
            "unknown-person",
            "== orgs/river.yaml\nname: River House\ngatekeepers: [amarra]\n",
            "no person has the id 'amarra'",
            "did you mean 'amara'?",
        ),
        (
            "unknown-secret",
            "== orgs/river.yaml\nname: River House\nsystems: [{id: cloud, secrets: [zzzz]}]\n",
            "the secret 'river/zzzz' has no access record",
            "add access/river/zzzz.yaml, or correct 'river/zzzz'",
        ),
        (
            "unknown-secret",
            "== orgs/river.yaml\nname: River House\nsystems: [{id: cloud, secrets: [logn]}]\n",
            "the secret 'river/logn' has no access record",
            "did you mean 'login'?",
        ),
        (
            "unknown-system",
            "== orgs/river.yaml\nname: River House\nsystems: [{id: cloud, needs: [zz9]}]\n",
            "no system has the id 'zz9'",
            "this record has cloud",
        ),
        (
            "unknown-supplier",
            "== orgs/river.yaml\nname: River House\nsystems: [{id: cloud, hosted_by: zz9}]\n",
            "no supplier has the id 'zz9'",
            "this record has no suppliers",
        ),
        (
            "unknown-level",
            "== ocs.yaml\nname: X\nvetting: {levels: [seen, trusted]}\n"
            "== vetting/lena.yaml\nlevel: zz9\n",
            "no vetting level is called 'zz9'",
            "use seen or trusted (see ocs.yaml)",
        ),
    ],
)
def test_an_unknown_name_is_told_with_what_to_write(
    code: str, change: str, message: str, hint: str, judge: Judge
) -> None:
    (finding,) = [one for one in judge(changed(SOUND, change)) if one.code == code]
    assert (finding.message, finding.hint) == (message, hint)


def test_no_more_than_fifty_unknown_names_are_guessed(judge: Judge) -> None:
    many = ", ".join(f"amara{number}" for number in range(10, 59))
    change = "".join(
        f"== orgs/{id}.yaml\nname: Hill\ngatekeepers: [{names}]\n"
        for id, names in (("aa", many), ("bb", "amara59, amara10"), ("cc", "amara60, amara10"))
    )
    hints = {
        finding.root: finding.hint
        for finding in judge(changed(SOUND, change))
        if finding.code == "unknown-person"
    }
    assert len(hints) == 51
    assert hints.pop("amara60") == (
        "add people/amara60.yaml, or correct 'amara60'; if the record was renamed, list the old id "
        "under its `formerly:`"
    )
    assert set(hints.values()) == {"did you mean 'amara'?"}
