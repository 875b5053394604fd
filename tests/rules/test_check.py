"""A check that fails is a finding, and what it would have found of other records still counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from ocs.model.finding import Place, Severity
from ocs.model.kinds import KIND
from ocs.model.registry import Document, Registry
from ocs.rules import check as module
from ocs.rules import checks
from ocs.rules.check import (
    CHECK_FAILED,
    Check,
    Violation,
    at,
    check,
    failed,
    guarded,
    may_hide,
)

TODAY = date(2026, 11, 20)
LENA, SAM, KIM = (
    Document(KIND["person"], id, f"people/{id}.yaml", {}, None)
    for id in ("lena", "sam", "kim")
)


@check("fails", Severity.NOTE, example="x", hint="Ask.")
def fails(registry: Registry, today: date) -> Iterator[Violation]:
    """Something
    holds.

    More on it.
    """
    for document in registry:
        yield Violation(f"{document.id} is odd", (at("person", document.id),))
    if "sam" in [document.id for document in registry]:
        date.fromisoformat("sam")


one_by_one = replace(fails, one_by_one=True)


def found(check: Check, *documents: Document) -> list[tuple[str, str]]:
    return [
        (finding.code, finding.place.file)
        for finding in check.findings(Registry(documents), TODAY)
    ]


def test_the_first_paragraph_of_a_rule_says_what_must_hold() -> None:
    assert fails.meaning == "Something holds."
    assert (
        check("x", Severity.NOTE, example="x", hint="x")(
            lambda registry, today: iter(())
        ).meaning
        == ""
    )


def test_a_check_that_fails_names_the_record_and_what_it_found_before() -> None:
    assert found(fails, LENA, SAM) == [
        ("fails", "people/lena.yaml"),
        ("fails", "people/sam.yaml"),
        ("check-failed", "people/sam.yaml"),
    ]
    assert found(fails, LENA, KIM) == [
        ("fails", "people/lena.yaml"),
        ("fails", "people/kim.yaml"),
    ]
    *_, finding = fails.findings(Registry((LENA, SAM)), TODAY)
    assert (finding.root or "").startswith("the check fails ValueError at ")


@pytest.mark.parametrize("others", [(LENA,), (LENA, KIM), ()])
def test_a_check_that_goes_one_by_one_still_finds_the_rest(
    others: tuple[Document, ...],
) -> None:
    assert found(one_by_one, SAM, *others) == [
        ("fails", "people/sam.yaml"),
        ("check-failed", "people/sam.yaml"),
        *(("fails", document.file) for document in others),
    ]
    _, failure, *_ = one_by_one.findings(Registry((SAM, *others)), TODAY)
    assert failure.root is None


def test_a_check_that_fails_on_no_record_alone_names_the_registry() -> None:
    def only_together(registry: Registry, today: date) -> Iterator[Violation]:
        if len(registry.documents) > 1:
            date.fromisoformat("together")
        yield from ()

    assert found(replace(fails, rule=only_together), LENA, SAM) == [
        ("check-failed", "ocs.yaml")
    ]
    assert found(replace(one_by_one, rule=only_together), LENA, SAM) == []


def test_a_record_on_which_it_fails_elsewhere_is_not_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_where", str)

    def differs(registry: Registry, today: date) -> Iterator[Violation]:
        date.fromisoformat(str(len(registry.documents)))
        yield from ()

    assert found(replace(fails, rule=differs), LENA, SAM) == [("check-failed", "ocs.yaml")]


def test_a_check_without_a_rule_finds_nothing() -> None:
    assert found(replace(fails, rule=None), LENA) == []


def test_what_fails_is_said_with_the_place_in_our_code_and_not_with_what_it_was() -> None:
    with pytest.raises(KeyError) as caught:
        at("no kind of hunter2", "lena")
    finding = failed("the check x", caught.value, "people/lena.yaml")
    line = caught.tb.tb_next
    assert line is not None
    assert finding.message == (
        "the check x failed on this file, so its findings are unknown: "
        f"KeyError at ocs.rules.check, line {line.tb_lineno}"
    )
    assert (finding.place.file, finding.root) == ("people/lena.yaml", None)
    everywhere = failed("the check x", ValueError(), of_all=True)
    assert everywhere.message == (
        "the check x failed, so its findings are unknown: ValueError at an unknown place"
    )
    assert everywhere.place.file == "ocs.yaml"
    assert everywhere.root == "the check x ValueError at an unknown place"


def test_what_was_found_in_a_file_before_a_check_failed_counts() -> None:
    findings = [
        (finding.code, finding.place.file)
        for finding in guarded(fails, fails._of_rule(Registry((SAM,)), TODAY), "notes.md")
    ]
    assert findings == [("fails", "people/sam.yaml"), ("check-failed", "notes.md")]


def test_a_failed_check_hides_what_a_change_does_to_its_file_or_of_all_to_any() -> None:
    alone = failed("x", ValueError(), "people/lena.yaml")
    assert may_hide(alone, {"people/lena.yaml"})
    assert not may_hide(alone, {"people/sam.yaml"})
    assert may_hide(failed("x", ValueError(), "people/lena.yaml", of_all=True), ())
    other = fails.finding("x", Place("people/lena.yaml"), root="x")
    assert not may_hide(other, {"people/lena.yaml"})


def test_the_kinds_of_very_many_records_are_left_to_checks_of_each_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = Document(KIND["problem"], "late", "problems/late.yaml", {}, None)

    def names(registry: Registry, today: date) -> Iterator[Violation]:
        for document in registry:
            yield Violation("x", (Place(document.file),))

    together = replace(fails, code="together", rule=names)
    alone = replace(fails, code="alone", rule=names, one_by_one=True)
    monkeypatch.setattr(checks, "CHECKS", (together, alone, CHECK_FAILED))
    registry = Registry((LENA, many))
    run = [
        (finding.code, finding.place.file)
        for finding in checks.run_checks(registry, TODAY, lambda code: True)
    ]
    assert run == [
        ("together", LENA.file),
        ("together", many.file),
        ("alone", LENA.file),
    ]
    wanted = checks.run_checks(registry, TODAY, lambda code: code == "alone")
    assert [finding.code for finding in wanted] == ["alone"]
    assert [
        (finding.code, finding.place.file) for finding in checks.findings_alone(many, TODAY)
    ] == [("alone", many.file)]
