"""A registry may ask for more than the table; owners who vanish, and come back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.model.change import What
from ocs.model.review import Outcome
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.validate import validate
from tests.proposing import REGISTRY, TODAY, Proposal, git, kinds, missing, proposal, said

RIVER = "communities/river.yaml"
ANA = "    title: Chair\n    since: 2025-03-01\n"
GONE = (RIVER, ANA, ANA + f"    until: {TODAY}\n")
REPLACED = (RIVER, "role: peer, since: 2024-06-10", f"role: owner, since: {TODAY}")


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def registry(*, ocs: str = "", river: str = "") -> str:
    text = REGISTRY.replace("threshold: 2\n", f"threshold: 2\n{ocs}")
    return text.replace("reviewed: 2026-09-30\n", f"reviewed: 2026-09-30\n{river}", 1)


def attempts(*tried: tuple[int, str], to: str = "ana") -> str:
    return "attempts:\n" + "".join(
        f"  - {{to: {to}, date: {days_ago(days)}, channel: {channel}, by: joost}}\n"
        for days, channel in tried
    )


def test_more_gatekeepers_and_longer_notice_are_asked_for(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = registry(ocs="review: {owner handover: {gatekeepers: 2, notice: 30 days}}\n")
    pr = proposal(tmp_path / "registry", schemas, base).change(GONE, REPLACED)
    review = pr.review("ana", "bo", opened=days_ago(20))
    assert missing(review) == ["2 gatekeepers"]
    assert review.verdicts[0].notice
    assert review.verdicts[0].notice.days == 30
    assert (
        pr.review("ana", "bo", "joost", "mirela", opened=days_ago(30)).answer
        is Outcome.ALLOWED
    )


def test_a_gatekeeper_who_goes_is_one_of_those_who_are_asked_for_and_not_all(
    tmp_path: Path, schemas: Schemas
) -> None:
    base = registry(ocs="review: {owner handover: {gatekeepers: 2}}\n")
    base = base.replace("[{person: amara}", "[{person: ana}, {person: amara}")
    pr = proposal(tmp_path / "registry", schemas, base).change(GONE, REPLACED)
    assert missing(pr.review("ana", "bo")) == ["2 gatekeepers"]
    assert pr.review("ana", "bo", "amara")


def test_less_is_never_asked_for(tmp_path: Path, schemas: Schemas) -> None:
    base = registry(
        ocs="review: {owner handover: {notice: 1 day}, owner gone: {gatekeepers: 1}}\n"
    )
    pr = proposal(tmp_path / "registry", schemas, base).change(GONE, REPLACED)
    assert pr.review("ana", "bo", opened=days_ago(13)).answer is Outcome.NOT_YET
    assert pr.review("joost", "mirela", "bo", opened=days_ago(27)).answer is Outcome.NOT_YET


def test_what_is_asked_for_is_read_from_the_base(tmp_path: Path, schemas: Schemas) -> None:
    more = "review: {owner handover: {gatekeepers: 2}}\n"
    pr = proposal(tmp_path / "registry", schemas, registry(ocs=more)).change(
        GONE, REPLACED, ("ocs.yaml", more, "")
    )
    review = pr.review("ana", "bo")
    assert {"2 gatekeepers", "2 of the current gatekeepers"} <= set(missing(review))


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("owner gone: {gatekeepers: 9}", "'owner gone' would need 9 gatekeepers, of 3 in all"),
        (
            "resource added: {gatekeepers: 4}",
            "'resource added' would need 4 gatekeepers, of 3 in all",
        ),
        ("co-owner added: {notice: 6 days}", "'co-owner added' needs 7 days of notice anyway"),
        ("archived: {notice: 1 week}", "'archived' needs 14 days of notice anyway"),
        ("owner gnoe: {gatekeepers: 2}", "owner gone"),
        ("owner gone: {gatekeepers: 0}", "1"),
    ],
)
def test_a_setting_that_would_lower_or_cannot_be_met_is_found(
    setting: str, says: str, tmp_path: Path, schemas: Schemas
) -> None:
    root = proposal(
        tmp_path / "registry", schemas, registry(ocs=f"review: {{{setting}}}\n")
    ).root
    found = [
        each
        for each in validate(Files(root), schemas, TODAY).findings
        if each.place.file == "ocs.yaml"
    ]
    assert [each.severity.value for each in found] == ["error"]
    assert says in f"{found[0].message} {found[0].hint}"


def test_every_kind_of_change_can_be_set(tmp_path: Path, schemas: Schemas) -> None:
    text = "".join(f"  {kind.value}: {{gatekeepers: 3, notice: 1 year}}\n" for kind in What)
    root = proposal(tmp_path / "registry", schemas, registry(ocs=f"review:\n{text}")).root
    assert not [
        each
        for each in validate(Files(root), schemas, TODAY).findings
        if each.place.file == "ocs.yaml"
    ]


@pytest.mark.parametrize(
    ("tried", "days"),
    [
        ("", 28),
        (attempts((40, "mail"), (30, "matrix")), 14),
        (attempts((14, "mail"), (14, "matrix")), 14),
        (attempts((40, "mail"), (13, "matrix")), 28),
        (attempts((40, "mail"), (30, "mail")), 28),
        (attempts((200, "mail"), (30, "matrix")), 28),
        (attempts((40, "mail"), (30, "matrix"), to="bo"), 28),
    ],
)
def test_an_owner_who_could_not_be_reached_is_removed_sooner(
    tried: str, days: int, tmp_path: Path, schemas: Schemas
) -> None:
    for number, edits in enumerate(([GONE], [GONE, REPLACED])):
        pr = proposal(tmp_path / f"registry-{number}", schemas, registry(river=tried)).change(
            *edits
        )
        agreed = ("joost", "mirela", "bo")
        early = pr.review(*agreed, opened=days_ago(days - 1))
        assert early.answer is Outcome.NOT_YET
        assert pr.review(*agreed, opened=days_ago(days)).answer is Outcome.ALLOWED
        assert not pr.review("joost", "bo", opened=days_ago(days))


def test_attempts_in_the_same_change_do_not_count(tmp_path: Path, schemas: Schemas) -> None:
    pr = proposal(tmp_path / "registry", schemas)
    tried = attempts((40, "mail"), (30, "matrix"))
    pr.change(GONE, (RIVER, "reviewed: 2026-09-30\n", f"reviewed: 2026-09-30\n{tried}"))
    assert What.ATTEMPT.value in kinds(pr.review())
    assert pr.review("joost", "mirela", opened=days_ago(27)).answer is Outcome.NOT_YET


def test_an_attempt_is_written_down_with_a_gatekeeper(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = proposal(tmp_path / "registry", schemas)
    tried = attempts((0, "mail"))
    pr.change((RIVER, "reviewed: 2026-09-30\n", f"reviewed: 2026-09-30\n{tried}"))
    assert said(pr.review()) == [f"nobody reached ana by mail on {TODAY}, says joost"]
    assert missing(pr.review("eve", "bo")) == ["joost (tried to reach them)"]
    assert missing(pr.review("mirela")) == ["joost (tried to reach them)"]
    assert pr.review("joost").answer is Outcome.ALLOWED


def after_removal(
    tmp_path: Path, schemas: Schemas, *, ago: int = 10, tried: str | None = None
) -> Proposal:
    """River, of which ana was owner until so many days ago; bo is since."""
    text = attempts((ago + 60, "mail"), (ago + 50, "matrix")) if tried is None else tried
    base = registry(river=text)
    base = base.replace(ANA, ANA + f"    until: {days_ago(ago)}\n")
    base = base.replace(
        "role: peer, since: 2024-06-10", f"role: owner, since: {days_ago(ago)}"
    )
    return proposal(tmp_path / "registry", schemas, base)


def back(ago: int = 10) -> list[tuple[str, str, str]]:
    return [
        (RIVER, f"    until: {days_ago(ago)}\n", ""),
        (RIVER, f"role: owner, since: {days_ago(ago)}", f"role: peer, since: {days_ago(ago)}"),
    ]


@pytest.mark.parametrize("ago", [0, 10, 180])
def test_an_owner_who_vanished_comes_back_alone(
    ago: int, tmp_path: Path, schemas: Schemas
) -> None:
    review = after_removal(tmp_path, schemas, ago=ago).change(*back(ago)).review("ana")
    assert said(review) == [
        "ana, who could not be reached, becomes owner again, in place of bo"
    ]
    assert review.answer is Outcome.ALLOWED


def test_an_owner_who_was_peer_before_comes_back_as_any_other(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = after_removal(tmp_path, schemas)
    before = (
        RIVER,
        "resources:\n",
        f"  - {{person: ana, role: peer, until: {days_ago(100)}}}\nresources:\n",
    )
    git(pr.change(before).root, "branch", "-f", "main", "pr")
    assert pr.change(*back()).review("ana")


def test_nobody_else_brings_them_back(tmp_path: Path, schemas: Schemas) -> None:
    assert missing(after_removal(tmp_path, schemas).change(*back()).review("eve")) == [
        "ana (comes back)"
    ]


def test_who_left_otherwise_or_long_ago_does_not_come_back_alone(
    tmp_path: Path, schemas: Schemas
) -> None:
    willingly = after_removal(tmp_path / "1", schemas, tried="").change(*back()).review("ana")
    assert "bo (outgoing owner)" in missing(willingly)
    long_ago = after_removal(tmp_path / "2", schemas, ago=181).change(*back(181)).review("ana")
    assert "bo (outgoing owner)" in missing(long_ago)


def test_who_comes_back_gains_nothing_and_brings_nobody(
    tmp_path: Path, schemas: Schemas
) -> None:
    more = after_removal(tmp_path / "1", schemas)
    more.change(*back(), (RIVER, ANA, ANA + "    speaks_for: [domain]\n"))
    assert "bo (outgoing owner)" in missing(more.review("ana"))
    other = after_removal(tmp_path / "2", schemas)
    other.change(
        *back(),
        (RIVER, "leads:\n", f"leads:\n  - {{person: eve, role: owner, since: {TODAY}}}\n"),
    )
    assert "bo (outgoing owner)" in missing(other.review("ana", "eve"))


def test_attempts_to_reach_who_left_are_not_made_up_later(
    tmp_path: Path, schemas: Schemas
) -> None:
    pr = after_removal(tmp_path, schemas, tried="")
    tried = attempts((60, "mail"), (50, "matrix"))
    pr.change((RIVER, "reviewed: 2026-09-30\n", f"reviewed: 2026-09-30\n{tried}"))
    assert missing(pr.review("ana", "joost")) == ["an owner"]
