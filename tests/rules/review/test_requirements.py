"""Whether there is enough agreement, and what a review refuses, of values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ocs.model.change import Amendment, What
from ocs.model.community import (
    Attempt,
    Community,
    CommunityStatus,
    Lead,
    LeadRef,
    Resource,
    Role,
)
from ocs.model.finding import Finding, Place, Severity
from ocs.model.review import Agreement, Evidence, Outcome
from ocs.rules.review.authority import Authority
from ocs.rules.review.policy import could_not_be_reached, in_days, platform_suffices
from ocs.rules.review.refusals import archived_with_resources, lookalikes, worse
from ocs.rules.review.requirements import ChangedRecord, removed, verdict_on
from tests.rules.review.test_policy import TODAY, document, registry

ANA, BO = LeadRef(person="ana"), LeadRef(person="bo")
RIVER = Community(id="river", name="River", leads=(Lead(role=Role.OWNER, person="ana"),))
WHO = Authority(
    registry(document("community", RIVER), gatekeepers=("amara", "joost")), TODAY, RIVER
)


def changed(what: What, *people: str, weak: bool = False) -> ChangedRecord:
    out, into = ((), (BO,)) if what is What.OWNER_ADDED else ((ANA,), ())
    if what is What.OWNER_HANDOVER:
        into = (BO,)
    change = Amendment(what, "vetting/x" if weak else "communities/river", "x", "x", out, into)
    how = Evidence.REVIEWED if weak else Evidence.SIGNED
    given = tuple(Agreement(person, change.record, how, "x") for person in people)
    return ChangedRecord(change.record, (change,), WHO, given)


@pytest.mark.parametrize(
    ("what", "people", "days", "answer"),
    [
        (What.OWNER_ADDED, ("ana", "bo"), 7, Outcome.ALLOWED),
        (What.OWNER_ADDED, ("ana", "bo"), 6, Outcome.NOT_YET),
        (What.OWNER_ADDED, ("ana", "bo"), None, Outcome.CANNOT_TELL),
        (What.OWNER_ADDED, ("ana",), 7, Outcome.NOT_YET),
        (What.OWNER_HANDOVER, ("ana", "bo", "amara"), 7, Outcome.ALLOWED),
        (What.OWNER_HANDOVER, ("ana", "bo", "amara"), 6, Outcome.NOT_YET),
        (What.OWNER_GONE, ("ana",), None, Outcome.ALLOWED),
        (What.OWNER_GONE, ("amara", "joost"), 28, Outcome.ALLOWED),
        (What.OWNER_GONE, ("amara", "joost"), 27, Outcome.NOT_YET),
        (What.OWNER_GONE, ("amara",), 28, Outcome.NOT_YET),
    ],
)
def test_agreement_and_notice_decide(
    what: What, people: tuple[str, ...], days: int | None, answer: Outcome
) -> None:
    opened = None if days is None else TODAY - timedelta(days)
    assert verdict_on(changed(what, *people), opened).answer is answer


def test_a_platform_s_word_does_not_suffice_where_a_signature_is_needed() -> None:
    verdict = verdict_on(changed(What.SUSPENDED, "amara", weak=True), TODAY)
    assert (verdict.answer, verdict.weak) == (Outcome.CANNOT_TELL, True)
    assert verdict_on(changed(What.SUSPENDED, "amara"), TODAY).answer is Outcome.ALLOWED
    for record, suffices in {
        "ocs": 0,
        "vetting/x": 0,
        "communities/x": 1,
        "vetting": 1,
    }.items():
        assert platform_suffices(record) is bool(suffices)


def test_who_loses_an_office_without_their_agreement_is_removed() -> None:
    assert removed(changed(What.OWNER_GONE, "amara", "joost")) == {ANA}
    assert removed(changed(What.OWNER_GONE, "ana")) == set()
    assert removed(changed(What.SUSPENDED, "amara")) == set()


@pytest.mark.parametrize(
    ("days", "channels", "to", "counts"),
    [
        ((14, 180), ("mail", "phone"), "ana", True),
        ((13, 180), ("mail", "phone"), "ana", False),
        ((14, 181), ("mail", "phone"), "ana", False),
        ((14, 180), ("mail", "mail"), "ana", False),
        ((14, 180), ("mail", "phone"), "bo", False),
    ],
)
def test_attempts_count_on_two_channels_after_two_weeks_for_half_a_year(
    days: tuple[int, int], channels: tuple[str, str], to: str, counts: bool
) -> None:
    attempts = tuple(
        Attempt(to=to, date=TODAY - timedelta(day), channel=channel)
        for day, channel in zip(days, channels, strict=True)
    )
    who = Authority(WHO.base, TODAY, Community(id="river", name="River", attempts=attempts))
    gone = Amendment(What.OWNER_GONE, "x", "x", "x", (ANA,))
    assert could_not_be_reached(gone, who) is counts
    assert not could_not_be_reached(Amendment(What.OWNER_GONE, "x", "x", "x"), who)


def test_a_span_is_counted_in_days() -> None:
    spans = ("1 day", "2 weeks", "3 months", "1 year")
    assert [in_days(span) for span in spans] == [1, 14, 90, 365]


def test_a_community_that_is_archived_holds_nothing() -> None:
    box = (Resource(name="box"),)
    held, empty, active = (
        document("community", Community(id="x", name="X", status=status, resources=resources))
        for status, resources in (
            (CommunityStatus.ARCHIVED, box),
            (CommunityStatus.ARCHIVED, ()),
            (CommunityStatus.ACTIVE, box),
        )
    )
    for before, after, refused in [
        (active, held, ["x would be archived and still hold box"]),
        (None, held, ["x would be archived and still hold box"]),
        (held, held, []),
        (active, empty, []),
        (active, active, []),
        (active, None, []),
    ]:
        found = archived_with_resources([(before, after)])
        assert [finding.message for finding in found] == refused


def test_a_new_id_that_reads_like_another_one_is_refused() -> None:
    new = document("community", RIVER)
    assert [found.place.file for found in lookalikes([new], {"community": ["r1ver"]})] == [
        "communities/river.yaml"
    ]
    assert list(lookalikes([new], {"community": ["lake"], "vetting": ["r1ver"]})) == []


def test_only_new_errors_count_and_none_that_ending_trust_leaves_to_others() -> None:
    def finding(code: str, severity: Severity = Severity.ERROR, file: str = "a") -> Finding:
        return Finding(code, "x", (Place(file),), severity=severity)

    bad, left = finding("bad"), finding("suspended-reader")
    assert list(worse([], [bad, left, finding("odd", Severity.WARNING)], (), {})) == [bad]
    assert list(worse([bad], [bad], ["a"], {})) == []
    assert list(worse([], [bad, left], ["a"], {})) == [bad, left]
    # The same error in another file is new, but not in the same record under a new id.
    other = finding("bad", file="b")
    assert list(worse([bad], [other], ["b"], {})) == [other]
    assert list(worse([bad], [other], ["b"], {"b": "a"})) == []
    failed = finding("check-failed")
    assert list(worse([failed], [failed], ["a"], {})) == [failed]


def test_other_ways_are_named_that_enough_people_could_take() -> None:
    forced = "without the owner's agreement: 2 gatekeepers must agree, with 28 days of notice"
    assert verdict_on(changed(What.OWNER_GONE), TODAY).other_ways == (forced,)
    assert verdict_on(changed(What.OWNER_GONE, "ana"), TODAY).other_ways == ()
    alone = Authority(registry(gatekeepers=("amara",)), TODAY, RIVER)
    record = replace(changed(What.OWNER_GONE), who=alone)
    assert verdict_on(record, TODAY).other_ways == ()


def test_a_need_that_a_needed_person_meets_anyway_is_not_asked_for() -> None:
    change = changed(What.PEER_GONE).amendments[0]
    rules = replace(change, what=What.RULES)
    record = ChangedRecord("x", (change, rules), WHO)
    labels = [need.need.label for need in verdict_on(record, TODAY).required]
    assert labels == ["ana (outgoing peer, loses by it)", "1 gatekeeper"]


def test_the_gatekeepers_of_an_owner_answer_for_its_secrets() -> None:
    own = replace(RIVER, gatekeepers=("joost",))
    base = registry(document("community", own), gatekeepers=("amara", "joost"))
    who = Authority(base, TODAY)
    assert who.gatekeepers_of("river") == ("joost",)
    assert who.gatekeepers_of("nowhere") == ("amara", "joost")
