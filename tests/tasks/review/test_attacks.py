"""Ways to take a community over, each tried on a real repository and refused with a sentence that names it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.git.objects import Objects
from ocs.model.review import Outcome, Review
from ocs.rules.communities.resources import same_name
from ocs.rules.records.schema import Schemas
from ocs.tasks.review.review import Given, review
from tests.proposing import (
    ACCOUNTS,
    LONG_AGO,
    REGISTRY,
    TODAY,
    Proposal,
    codes,
    git,
    kinds,
    missing,
    proposal,
    refused,
    said,
)

RIVER, WATERS = "communities/river.yaml", "communities/waters.yaml"
ANA = "  - person: ana\n    role: owner\n    title: Chair\n    since: 2025-03-01\n"


@pytest.fixture
def pr(tmp_path: Path, schemas: Schemas) -> Proposal:
    return proposal(tmp_path / "registry", schemas)


def everybody(pr: Proposal) -> Review:
    return pr.review(*ACCOUNTS)


def test_a_takeover_by_a_stranger(pr: Proposal) -> None:
    pr.change((RIVER, "person: ana", "person: eve"))
    review = pr.review("eve", opened_by="eve")
    assert review.answer is Outcome.NOT_YET
    assert said(review)[0] == "owner handover: ana → eve"
    assert missing(review) == ["ana (outgoing owner)"]
    assert (
        "without the outgoing owner's agreement: 2 gatekeepers"
        in review.verdicts[0].other_ways[0]
    )


def test_a_takeover_by_a_stranger_without_a_record_before(pr: Proposal) -> None:
    new = "name: Mal\naccounts: {github: mal, github_id: 99}\n"
    pr.change((RIVER, "person: ana", "person: mal"), ("people/mal.yaml", "", new))
    review = pr.review("99", "amara", "joost", opened_by="99")
    assert missing(review) == ["ana (outgoing owner)", "mal (incoming owner)"]
    assert review.ignored == (
        "the account github:99 belongs to mal only by this change, and to nobody before it",
    )


def test_a_takeover_by_a_peer(pr: Proposal) -> None:
    pr.change((RIVER, ANA, ""), (RIVER, "person: bo, role: peer", "person: bo, role: owner"))
    review = pr.review("bo", opened_by="bo")
    assert said(review)[0] == (
        "owner handover: ana → bo (was peer since 2024-06-10), where bo speaks for: hosting"
    )
    assert missing(review) == ["ana (outgoing owner)"]


def test_a_takeover_by_one_gatekeeper_alone(pr: Proposal) -> None:
    pr.change((RIVER, "person: ana", "person: amara"))
    assert missing(pr.review("amara", opened_by="amara")) == ["ana (outgoing owner)"]
    # Who gains by it is not one of the two gatekeepers who may remove an owner.
    assert not pr.review("amara", "joost")
    assert pr.review("amara", "joost", "mirela")


@pytest.mark.parametrize("record", ["people/amara.yaml", "people/ama.yaml\nformerly: [amara]"])
def test_a_vacancy_is_not_filled_by_a_gatekeeper_alone(
    record: str, tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(tmp_path / "other", schemas, REGISTRY.replace("people/amara.yaml", record))
    pr.change(("communities/lake.yaml", "leads: []", "leads: [{person: amara, role: owner}]"))
    assert missing(pr.review("amara")) == ["an owner of a community above, or 1 gatekeeper"]


@pytest.mark.parametrize("until", ["", ", until: 2026-12-01"])
def test_an_owner_beside_peers_alone_is_not_one_by_their_own_word(
    tmp_path: Path, schemas: Schemas, until: str
) -> None:
    peers = REGISTRY.replace(ANA, "").replace("bo, role: peer", f"bo, role: peer{until}")
    pr = proposal(tmp_path / "other", schemas, peers)
    pr.change(
        (RIVER, "leads:\n", "leads:\n  - {person: eve, role: owner, since: 2026-12-01}\n")
    )
    review = pr.review("eve", "bo", opened_by="eve")
    assert said(review) == ["eve becomes owner; there was none, from 2026-12-01 on"]
    assert missing(review) == ["an owner of a community above, or 1 gatekeeper"]


def test_nobody_agrees_as_gatekeeper_by_another_of_their_ids(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY.replace("== people/joost.yaml\n", "== people/jo.yaml\nformerly: [joost]\n")
    base = base.replace(ANA, "  - {person: joost, role: owner, speaks_for: [list]}\n")
    pr = proposal(
        tmp_path / "other", schemas, base.replace("{person: joost}, {", "{person: jo}, {")
    )
    pr.change((RIVER, ", speaks_for: [list]", ""))
    assert missing(pr.review("joost")) == ["1 gatekeeper"]
    assert pr.review("joost", "amara")


def test_two_owners_are_not_removed_at_once(tmp_path: Path, schemas: Schemas) -> None:
    base = REGISTRY.replace(ANA, ANA + "  - {person: cy, role: owner}\n")
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change((RIVER, ANA + "  - {person: cy, role: owner}\n", ""))
    assert missing(pr.review()) == ["ana (outgoing owner)", "cy (outgoing owner)"]
    assert codes(pr.review()) == set()
    review = pr.review("amara", "joost", "mirela")
    assert codes(review) == {"two-removals"}
    assert "this removes ana and cy without their agreement; remove one at a time" in refused(
        review
    )


@pytest.mark.parametrize(
    "record", ["people/ana.yaml", "people/anamaria.yaml\nformerly: [ana]"]
)
def test_who_goes_of_their_own_will_is_not_one_of_those_who_are_removed(
    record: str, tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY.replace("people/ana.yaml", record).replace(
        ANA, ANA + "  - {person: cy, role: owner}\n"
    )
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(
        (RIVER, ANA + "  - {person: cy, role: owner}\n", ""),
        (RIVER, "bo, role: peer", "bo, role: owner"),
    )
    assert codes(pr.review("bo", "amara", "joost")) == {"two-removals"}
    assert pr.review("ana", "bo", "amara", "joost")


def test_who_loses_custody_is_not_removed(pr: Proposal) -> None:
    pr.change((RIVER, "custodian: ana, deputy: bo", "custodian: cy, deputy: eve"))
    assert pr.review("cy", "eve", "amara", "joost")


def test_the_policy_is_not_what_the_change_says_of_it(pr: Proposal) -> None:
    pr.change(
        ("ocs.yaml", "threshold: 2", "threshold: 1"),
        (
            "ocs.yaml",
            "{person: amara}, {person: joost}, {person: mirela}",
            "{person: eve}, {person: cy}",
        ),
        (RIVER, "person: ana", "person: eve"),
    )
    review = pr.review("eve", "cy")
    assert "ana (outgoing owner)" in missing(review)
    assert "2 of the current gatekeepers" in missing(review)


def test_nobody_makes_themself_a_gatekeeper(pr: Proposal) -> None:
    pr.change(("ocs.yaml", "{person: mirela}]", "{person: mirela}, {person: eve}]"))
    review = pr.review("eve", "amara", opened_by="eve")
    assert said(review) == [
        "gatekeepers: (person amara), (person joost), (person mirela) → "
        "(person amara), (person joost), (person mirela), (person eve)"
    ]
    assert "2 of the current gatekeepers" in missing(review)


def test_a_gatekeeper_of_others_has_no_say_in_the_secrets_of_a_community(
    tmp_path: Path, schemas: Schemas
) -> None:
    own = "== access/river/registrar.yaml\npurpose: the registrar\n"
    base = (
        REGISTRY.replace("notice: 14 days}\n", "notice: 14 days}\ngatekeepers: [amara]\n")
        + own
    )
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(
        ("access/river/registrar.yaml", "registrar\n", "registrar\nreaders: [{person: eve}]\n")
    )
    assert missing(pr.review("joost", "mirela")) == ["1 gatekeeper of river"]
    assert missing(pr.review("amara")) == []


def test_a_gatekeeper_of_others_gains_no_say_in_secrets_by_renaming_their_owner(
    pr: Proposal,
) -> None:
    git(pr.root, "mv", "orgs/food.yaml", "orgs/soup.yaml")
    git(pr.root, "mv", "access/food", "access/soup")
    pr.change(
        ("orgs/soup.yaml", "status: active", "status: active\nformerly: [food]"),
        ("access/soup/login.yaml", "person: bo", "person: mirela"),
    )
    assert missing(pr.review("mirela"))[0] == "1 gatekeeper of food"
    assert missing(pr.review("joost")) == []


def test_a_gatekeeper_of_others_gains_no_say_in_what_lies_under_an_id_of_old(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY.replace("== orgs/food.yaml\n", "== orgs/soup.yaml\nformerly: [food]\n")
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(
        ("access/food/login.yaml", "person: bo", "person: mirela"),
        ("secrets/food/login.gpg", "", "x"),
    )
    assert set(missing(pr.review("mirela"))) == {"1 gatekeeper of food"}
    assert missing(pr.review("joost")) == []


def test_what_lies_beside_the_secrets_of_all_takes_one_gatekeeper_of_all(pr: Proposal) -> None:
    pr.change(("secrets/.gpg-id", "", "x"))
    assert missing(pr.review("ana", "bo")) == ["1 gatekeeper"]
    assert missing(pr.review("mirela")) == []


def test_where_it_cannot_be_read_who_the_gatekeepers_are_it_takes_one_of_all(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(
        tmp_path / "other", schemas, REGISTRY.replace("name: Food Bank", "nmae: Food Bank")
    )
    pr.change(("access/food/login.yaml", "[{person: bo}]", "[]"))
    assert missing(pr.review("ana", "bo")) == ["1 gatekeeper of food"]


def test_nobody_gains_a_say_by_naming_themself_gatekeeper_of_an_organisation(
    pr: Proposal,
) -> None:
    pr.change(
        ("orgs/food.yaml", "[amara, joost]", "[amara, eve]"),
        ("access/food/login.yaml", "person: bo", "person: eve"),
    )
    review = pr.review("eve")
    assert missing(review) == ["1 gatekeeper of food", "joost (loses by it)"]
    assert "eve is no gatekeeper of this registry" in refused(review)


def test_an_account_that_is_swapped_in_the_same_change_does_not_count(pr: Proposal) -> None:
    pr.change(
        ("people/ana.yaml", "github_id: 11", "github_id: 99"),
        (RIVER, "person: ana", "person: eve"),
    )
    review = pr.review("99", "eve")
    assert "ana (outgoing owner)" in missing(review)
    assert (
        "the account github:99 belongs to ana only by this change, and to nobody before it"
        in review.ignored
    )


def test_an_account_of_somebody_else_is_not_claimed(pr: Proposal) -> None:
    pr.change(("people/mal.yaml", "", "name: Mal\naccounts: {github_id: 11}\n"))
    assert "2 people have the same github id: '11'" in refused(everybody(pr))


def test_an_id_of_old_is_not_taken_over(pr: Proposal) -> None:
    pr.change(("people/mal.yaml", "", "name: Mal\nformerly: [ana]\n"))
    assert "'ana' is the id of people/ana and was the id of people/mal" in refused(
        everybody(pr)
    )


def test_somebody_is_not_replaced_by_a_new_record_that_says_it_was_them(pr: Proposal) -> None:
    git(pr.root, "rm", "-q", "people/ana.yaml")
    new = "name: Mal\naccounts: {github: ana-1, github_id: 11}\nformerly: [ana]\n"
    pr.change(("people/mal.yaml", "", new), (RIVER, "ana", "mal"))
    assert "ana (with their current account or key)" in missing(pr.review("eve", "amara"))


def test_part_of_gives_nobody_the_say_of_a_parent(pr: Proposal) -> None:
    pr.change(
        ("communities/lake.yaml", "part_of: [waters]", "part_of: [evil]"),
        ("communities/lake.yaml", "leads: []", "leads: [{person: eve, role: owner}]"),
    )
    review = pr.review("eve", opened_by="eve")
    assert missing(review) == [
        "an owner of a community above, or 1 gatekeeper",
        "an owner of waters",
        "1 gatekeeper",
    ]


def test_a_community_does_not_put_another_one_below_itself(pr: Proposal) -> None:
    pr.change((RIVER, "part_of: [waters]", "part_of: [waters, evil]"))
    assert missing(pr.review("eve", "amara")) == ["ana (owner)", "an owner of waters"]


def test_circles_of_parents_and_of_groups_are_refused(pr: Proposal) -> None:
    pr.change((WATERS, "name: Waters", "name: Waters\npart_of: [river]"))
    assert "river is part of waters is part of river" in refused(everybody(pr))
    pr.change(
        (WATERS, "name: Waters\npart_of: [river]", "name: Waters"),
        (WATERS, "leads: [", "leads: [{group: river, role: owner}, "),
        (RIVER, "leads:\n", "leads:\n  - {group: waters, role: peer}\n"),
    )
    assert "river is led by waters is led by river" in refused(everybody(pr))


@pytest.mark.parametrize(
    "name",
    [
        "river.example",
        "RIVER.Example",
        "river.example.",
        "r\N{LATIN SMALL LETTER I}ver\N{IDEOGRAPHIC FULL STOP}example",
    ],
)
@pytest.mark.parametrize("kind", ["domain", "other"])
def test_the_domain_of_another_community_is_not_claimed(
    pr: Proposal, name: str, kind: str
) -> None:
    pr.change(
        (
            "communities/evil.yaml",
            "name: Evil",
            f"name: River\nresources: [{{name: '{name}', type: {kind}}}]",
        )
    )
    assert "is claimed by River (evil) and River (river)" in refused(everybody(pr))


def test_an_international_domain_is_one_in_letters_and_in_ascii(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(
        tmp_path / "other", schemas, REGISTRY.replace("river.example", "río.example")
    )
    pr.change(
        (
            "communities/evil.yaml",
            "name: Evil",
            "name: Evil\nresources: [{name: xn--ro-nja.example, type: domain}]",
        )
    )
    assert "xn--ro-nja.example is claimed by" in refused(everybody(pr))
    pr = proposal(
        tmp_path / "third", schemas, REGISTRY.replace("river.example", "xn--ro-nja.example")
    )
    pr.change(
        (
            "communities/evil.yaml",
            "name: Evil",
            "name: Evil\nresources: [{name: RÍO.example, type: domain}]",
        )
    )
    assert "xn--ro-nja.example is claimed by" in refused(everybody(pr))


@pytest.mark.parametrize(
    "spelled",
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("STRAẞE.example", "XN--STRAE-OQA.example."),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_a_domain_of_which_there_are_two_forms_in_ascii_is_not_claimed_in_the_other_one(
    spelled: tuple[str, str], turn: int, tmp_path: Path, schemas: Schemas
) -> None:
    one, other = spelled[::turn]
    pr = proposal(tmp_path / "other", schemas, REGISTRY.replace("river.example", one))
    pr.change(
        (WATERS, "name: Waters", f"name: Waters\nresources: [{{name: {other}, type: domain}}]")
    )
    assert "claimed-twice" in codes(everybody(pr))


def test_what_is_too_long_for_a_domain_is_compared_as_it_stands(pr: Proposal) -> None:
    letters = "".join(chr(0x4E00 + number) for number in range(20_000))
    pr.change(
        (
            WATERS,
            "name: Waters",
            f"name: Waters\nresources: [{{name: {letters}, type: domain}}]",
        )
    )
    assert "claimed-twice" not in codes(pr.review())
    assert same_name(letters, True) == letters


def test_the_domain_of_an_organisation_is_not_claimed(pr: Proposal) -> None:
    pr.change((RIVER, "resources:\n", "resources:\n  - {name: Food.Example, type: domain}\n"))
    assert "food.example is claimed by River and Food Bank" in refused(everybody(pr))


@pytest.mark.parametrize("id", ["r1ver", "rlver", "ri-ver"])
def test_an_id_that_reads_like_another_one_is_refused(pr: Proposal, id: str) -> None:
    pr.change((f"communities/{id}.yaml", "", "name: River\n"))
    review = everybody(pr)
    assert "lookalike-id" in codes(review)
    assert f"the new id '{id}' looks like 'river'" in refused(review)


def test_an_id_may_read_like_one_of_another_kind_and_that_of_a_problem_like_any(
    pr: Proposal,
) -> None:
    pr.change(
        ("people/r1ver.yaml", "", "name: River Ohm\n"),
        ("problems/mail-wa1ts.yaml", "", "title: It waits\nsymptoms: [{seen: It waits.}]\n"),
    )
    assert codes(everybody(pr)) == set()


def test_an_id_in_foreign_letters_is_refused(pr: Proposal) -> None:
    pr.change(("people/\N{CYRILLIC SMALL LETTER A}na.yaml", "", "name: Ana\n"))
    assert "an id has 2 to 60 lowercase letters, digits and single '-'" in refused(
        everybody(pr)
    )


def test_a_record_is_not_deleted(pr: Proposal) -> None:
    git(pr.root, "rm", "-q", RIVER, "vetting/bo.yaml")
    review = everybody(pr.commit())
    told = refused(review)
    assert "vanished-record" in codes(review)
    assert "communities/river is deleted, and no other record has it under `formerly:`" in told
    assert "vetting/bo is deleted" in told


def test_a_record_is_not_renamed_without_saying_so(pr: Proposal) -> None:
    git(pr.root, "mv", RIVER, "communities/stream.yaml")
    assert "communities/river is deleted" in refused(everybody(pr.commit()))


def test_a_record_is_not_renamed_by_a_stranger(pr: Proposal) -> None:
    git(pr.root, "mv", RIVER, "communities/stream.yaml")
    pr.change(
        ("communities/stream.yaml", "part_of:", "formerly: [river]\npart_of:"),
        ("communities/stream.yaml", "person: ana", "person: eve"),
    )
    review = pr.review("eve", opened_by="eve")
    assert missing(review) == ["1 gatekeeper", "ana (outgoing owner)"]


def test_a_review_of_an_earlier_commit_does_not_count(pr: Proposal) -> None:
    pr.change(
        (RIVER, "person: bo, role: peer", "person: bo, role: owner"),
        (RIVER, ANA, ANA + "    until: 2026-12-01\n"),
    )
    seen = pr.head
    assert pr.review("ana", "bo", at=seen)
    pr.change((RIVER, "person: bo, role: owner", "person: eve, role: owner"))
    review = pr.review("ana", "bo", "eve", at=seen)
    assert "ana (outgoing owner)" in missing(review)
    assert (
        f"the review by github:11 is for {seen[:12]}, where communities/river has other content"
        in review.ignored[0]
    )


def test_a_review_counts_on_where_only_words_changed(pr: Proposal) -> None:
    pr.change(
        (RIVER, "person: bo, role: peer", "person: bo, role: owner"),
        (RIVER, ANA, ANA + "    until: 2026-12-01\n"),
    )
    seen = pr.head
    pr.change((RIVER, "title: Chair", "title: Speaker   # better"), ("README.md", "", "x"))
    review = pr.review("ana", "bo", at=seen)
    assert missing(review) == ["1 gatekeeper"]


def test_a_review_of_another_record_does_not_count(pr: Proposal) -> None:
    seen = pr.change((WATERS, "name: Waters", "name: The waters")).head
    pr.change((RIVER, "person: ana", "person: eve"))
    assert "ana (outgoing owner)" in missing(pr.review("ana", "eve", at=seen))


def test_a_record_that_was_broken_before_has_nobody_who_may_change_it(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(
        tmp_path / "other", schemas, REGISTRY.replace("title: Chair", "titel: Chair")
    )
    pr.change((RIVER, "titel: Chair", "title: Chair"), (RIVER, "person: ana", "person: eve"))
    review = everybody(pr)
    assert codes(review) == {"unreadable-before"}
    assert "ocs cannot know who must agree" in refused(review)


def test_what_takes_nobodys_agreement_is_mended_by_anybody(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = (
        REGISTRY.replace("title: Mail waits", "titel: Mail waits")
        + "== people/Not An Id.yml\nname: X\n"
    )
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change(("problems/mail-waits.yaml", "titel: Mail waits", "title: Mail waits"))
    assert pr.review()
    (pr.root / "people/Not An Id.yml").unlink()
    assert refused(pr.commit().review()) == ""


def test_a_suspended_or_expired_gatekeeper_does_not_count(
    tmp_path: Path, schemas: Schemas
) -> None:
    out = "== vetting/amara.yaml\nlevel: known\nsuspended: {since: 2026-11-01}\n== vetting/joost.yaml\nlevel: known\nexpires: 2026-11-01\n"
    pr = proposal(tmp_path / "other", schemas, REGISTRY + out)
    pr.change(("README.md", "", "x"))
    assert not pr.review("amara", "joost")
    assert pr.review("mirela")


def test_a_suspension_brings_no_other_level_along(pr: Proposal) -> None:
    pr.change(
        ("vetting/bo.yaml", "level: known", "level: vetted\nsuspended: {since: 2027-11-20}")
    )
    assert kinds(pr.review()) == ["vetting", "vetting"]
    assert missing(pr.review("amara")) == ["2 gatekeepers"]


def test_an_archived_community_has_passed_on_what_it_held(pr: Proposal) -> None:
    pr.change((RIVER, "status: active", "status: archived"))
    review = everybody(pr)
    assert codes(review) == {"archived-with-resources"}
    assert "river would be archived and still hold river.example" in refused(review)


def test_no_archived_community_comes_with_what_it_holds(pr: Proposal) -> None:
    held = "name: Pond\nstatus: archived\nresources: [{name: pond.example, type: domain}]\n"
    pr.change(("communities/pond.yaml", "", held))
    assert codes(everybody(pr)) == {"archived-with-resources"}


def test_a_community_that_holds_nothing_is_archived(pr: Proposal) -> None:
    pr.change(("communities/lake.yaml", "status: active", "status: archived"))
    assert pr.review("cy")


def test_what_an_archived_community_still_holds_does_not_stand_in_the_way_of_others(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(
        tmp_path / "other",
        schemas,
        REGISTRY.replace(
            "River   # the whole of it\npart_of: [waters]\nstatus: active",
            "River\npart_of: [waters]\nstatus: archived",
        ),
    )
    pr.change((RIVER, "name: River", "name: River\npurpose: the river"))
    assert pr.review()


def test_a_branch_that_changes_too_much_is_not_looked_through(pr: Proposal) -> None:
    """A tree that holds itself many times over is small in git, and has no end."""
    from ocs.errors import OcsError

    blob = git(pr.root, "hash-object", "-w", "ocs.yaml")
    tree = _tree(pr, "".join(f"100644 blob {blob}\tf{number}\n" for number in range(10)))
    for _ in range(9):
        tree = _tree(pr, "".join(f"040000 tree {tree}\td{number}\n" for number in range(10)))
    commit = git(pr.root, "commit-tree", tree, "-p", "pr", "-m", "bomb")
    git(pr.root, "checkout", "-q", "main")
    git(pr.root, "branch", "-f", "pr", commit)
    with pytest.raises(OcsError, match="changes too many files"):
        pr.review()


def _tree(pr: Proposal, entries: str) -> str:
    import subprocess

    done = subprocess.run(
        ["git", "mktree"],
        cwd=pr.root,
        input=entries,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_name_is_not_taken_for_the_person_of_that_id(pr: Proposal) -> None:
    pr.change((RIVER, "person: ana", "name: ana"))
    review = pr.review("eve")
    assert said(review)[0] == "owner handover: ana → ana (no record)"
    assert missing(review) == ["ana (outgoing owner)", "ana (no record) (incoming owner)"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "speaks_for: [hosting]",
            "speaks_for: [hosting, budget], until: 2099-01-01",
            "bo speaks for: hosting → hosting, budget",
        ),
        (
            "since: 2024-06-10,",
            "since: 2014-06-10, until: 2099-01-01,",
            "bo, first day in office",
        ),
        (
            "role: peer,",
            "role: peer, until: 2099-01-01, term_ends: 2099-01-01,",
            "bo, end of term: open →",
        ),
    ],
)
def test_nobody_gains_anything_by_their_own_word_while_they_leave(
    pr: Proposal, old: str, new: str, told: str
) -> None:
    pr.change((RIVER, old, new))
    review = pr.review("bo", opened_by="bo")
    assert said(review)[0] == "bo stops being peer on 2099-01-01"
    assert said(review)[1].startswith(told)
    assert missing(review) == ["an owner", "1 gatekeeper"]


def test_who_leaves_before_their_term_ends_need_not_say_when_it_would_have(
    tmp_path: Path, schemas: Schemas
) -> None:
    term = REGISTRY.replace("role: peer,", "role: peer, term_ends: 2027-03-01,")
    pr = proposal(tmp_path / "other", schemas, term)
    pr.change((RIVER, "term_ends: 2027-03-01", "until: 2026-12-01"))
    assert said(pr.review("bo")) == ["bo stops being peer on 2026-12-01"]
    assert pr.review("bo")


def test_an_owner_who_stays_as_peer_speaks_for_nothing_more(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = REGISTRY.replace("    title: Chair\n", "    title: Chair\n    speaks_for: [list]\n")
    pr = proposal(tmp_path / "other", schemas, base)
    pr.change((RIVER, "    role: owner", "    role: peer"))
    assert pr.review("ana")
    pr.change((RIVER, "speaks_for: [list]", "speaks_for: [list, budget]"))
    assert "ana speaks for: list → list, budget" in said(pr.review("ana"))
    assert missing(pr.review("ana")) == ["1 gatekeeper"]


def test_a_second_office_is_not_slipped_in_beside_the_first(pr: Proposal) -> None:
    more = "  - {person: bo, role: peer, since: 2027-01-01, speaks_for: [domain]}\n"
    pr.change((RIVER, "resources:\n", more + "  - {person: cy, role: peer}\nresources:\n"))
    review = pr.review("ana", "cy")
    assert "another office of bo changes: peer" in said(review)
    assert missing(review) == ["1 gatekeeper"]


@pytest.mark.parametrize("new", ["", "  - {person: cy, role: owner, until: 2025-03-01}\n"])
def test_who_held_an_office_once_is_not_written_anew(
    new: str, tmp_path: Path, schemas: Schemas
) -> None:
    old = "  - {person: cy, role: owner, until: 2020-03-01}\n"
    pr = proposal(
        tmp_path / "other", schemas, REGISTRY.replace("resources:\n", old + "resources:\n")
    )
    pr.change((RIVER, old, new))
    assert said(pr.review()) == ["a past office of cy changes"]
    assert missing(pr.review("cy", "bo")) == ["1 gatekeeper", "an owner"]


def test_a_second_office_is_not_taken_away_beside_the_first(
    tmp_path: Path, schemas: Schemas
) -> None:
    more = "  - {person: bo, role: peer, since: 2027-01-01, speaks_for: [domain]}\n"
    pr = proposal(
        tmp_path / "other", schemas, REGISTRY.replace("resources:\n", more + "resources:\n")
    )
    pr.change((RIVER, more, ""))
    assert said(pr.review()) == ["another office of bo changes: peer"]


def test_no_name_of_a_file_becomes_a_workflow_command(
    pr: Proposal, capsys: pytest.CaptureFixture[str]
) -> None:
    from ocs.output.console import Screen
    from ocs.output.review.review import as_github, as_markdown, as_text

    (pr.root / "keys").mkdir()
    (pr.root / "keys" / "a\n::set-env name=X::`|x\n# head").write_text("x")
    pr.change((RIVER, "title: Chair", 'title: "`]\\n::error::x"'))
    review = pr.review("amara", "joost", "mirela")
    for show in (
        lambda: as_github(review, Screen(), ""),
        lambda: as_markdown(review, Screen()),
        lambda: as_text(review, Screen(), ""),
    ):
        show()
    lines = capsys.readouterr().out.splitlines()
    assert not [
        line for line in lines if line.startswith(("::set-env", "::error::x", "# head"))
    ]
    assert any("set-env" in line for line in lines)


def test_no_path_in_the_verdict_becomes_a_workflow_command(
    pr: Proposal, capsys: pytest.CaptureFixture[str]
) -> None:
    from ocs.output.console import Screen
    from ocs.output.review.review import as_github

    (pr.root / "keys").mkdir()
    (pr.root / "keys" / "##[add-mask]x.asc").write_text("x")
    pr.commit()
    as_github(pr.review("amara", "joost", "mirela"), Screen(), "")
    told = [line for line in capsys.readouterr().out.splitlines() if "add-mask" in line]
    assert told
    assert not [line for line in told if "##[" in line and not line.startswith("::")]


def swapped(pr: Proposal) -> tuple[str, str]:
    """What a pull request says when it is opened, and the handover that is put in its place later."""
    innocent = pr.change(("communities/river.yaml", "title: Chair", "title: Head")).head
    pr.change((RIVER, "person: ana", "person: eve"))
    return innocent, pr.head


def test_notice_of_what_is_put_in_place_of_something_else_begins_anew(pr: Proposal) -> None:
    innocent, swap = swapped(pr)
    given = (("1", swap), ("2", swap), ("66", swap))
    early, late = (LONG_AGO, innocent), (TODAY, swap)
    with Objects(pr.root) as objects:

        def answer(*proposed_on: tuple[date, str]) -> Outcome:
            said = Given("github", given, "66", LONG_AGO, swap, proposed_on)
            return review(
                "main", "pr", said, TODAY, objects=objects, schemas=pr.schemas
            ).answer

        assert answer() is Outcome.ALLOWED
        assert answer(early, late) is Outcome.NOT_YET
        assert answer(early) is Outcome.CANNOT_TELL
        assert answer((LONG_AGO, swap), late) is Outcome.ALLOWED
        assert answer((LONG_AGO, "0" * 40)) is Outcome.CANNOT_TELL


def test_whoever_opened_it_does_not_agree_to_what_others_put_in(pr: Proposal) -> None:
    innocent, swap = swapped(pr)
    reviews = (("66", swap), ("3", "0" * 40))
    said = Given("github", reviews, "11", LONG_AGO, innocent)
    with Objects(pr.root) as objects:
        found = review("main", "pr", said, TODAY, objects=objects, schemas=pr.schemas)
    assert missing(found) == ["ana (outgoing owner)"]
    assert found.ignored == (
        "the review by github:3 is for 000000000000, which is not in this repository: agree again",
        f"that it was opened by github:11 is for {innocent[:12]}, where communities/river has other content: "
        "agree again",
    )
