"""A check that fails is a finding of its own, hides nothing else, and nothing passes because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from ocs.adapters.drafts import DraftFolders
from ocs.adapters.files import Files
from ocs.cli import app
from ocs.errors import OcsError
from ocs.model.edit import Set
from ocs.model.finding import Finding, Severity
from ocs.model.kinds import KIND
from ocs.model.plan import EditPlan
from ocs.model.registry import Registry
from ocs.model.review import Outcome
from ocs.model.secret import Plaintext
from ocs.rules import checks
from ocs.rules.check import Rule, Violation
from ocs.rules.leaks.leaks import leaks
from ocs.rules.records.schema import Schemas
from ocs.tasks.records import fieldedits, textedit
from ocs.tasks.registry import filecheck
from ocs.tasks.registry import load as loading
from ocs.tasks.registry.carryout import carry_out
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import Report, validate
from ocs.tasks.secrets import granting
from ocs.tasks.secrets.vault import Vault
from ocs.workspace import keyrings
from tests.crew import Crew
from tests.gpg import needs_gpg
from tests.proposing import proposal
from tests.rules.sound import SOUND
from tests.tasks.registry.test_filecheck import again

TODAY = date(2026, 11, 20)
SECRET = "hunter2Xy!"
PROBLEM = "title: Mail is late\nsymptoms: [{seen: Mail is late}]\n"
TWO = f"""\
== problems/one.yaml
{PROBLEM}cause: stumble over {SECRET}
== problems/two.yaml
{PROBLEM}cause: the password is Bluebird77
"""
Write = Callable[[str], Files]


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look for secrets fails on every text in which `stumble` stands."""

    def found(file: str, text: str, today: date) -> Iterator[Finding]:
        yield from leaks(file, text.partition("stumble")[0], today)
        if "stumble" in text:
            raise ValueError(text)

    monkeypatch.setattr(filecheck, "leaks", found)


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the rule of a check fail where a text stands in a record, and there are enough of them."""

    def make(code: str, text: str = "", fewest: int = 1) -> None:
        def rule(registry: Registry, today: date) -> Iterator[Violation]:
            for document in registry:
                if text in str(document.tree) and len(registry.documents) >= fewest:
                    raise KeyError(str(document.tree))
            yield from original(registry, today)

        (check,) = [check for check in checks.CHECKS if check.code == code]
        original: Rule = check.rule  # type: ignore[assignment]
        monkeypatch.setattr(
            checks,
            "CHECKS",
            tuple(
                replace(other, rule=rule) if other is check else other
                for other in checks.CHECKS
            ),
        )

    return make


def short(report: Report) -> list[tuple[str, str]]:
    """The errors: code and file of each."""
    return [
        (found.code, found.place.file)
        for found in report.findings
        if found.severity is Severity.ERROR
    ]


def test_a_token_that_is_cut_off_stops_nothing(write: Write, schemas: Schemas) -> None:
    cut = f"{PROBLEM}cause: token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9 expired\n"
    files = write(TWO + "== problems/three.yaml\n" + cut)
    assert ("leaked-secret", "problems/three.yaml") in short(validate(files, schemas, TODAY))


@pytest.mark.usefixtures("stumbling")
def test_what_fails_on_one_file_is_found_there_and_the_rest_goes_on(
    write: Write, schemas: Schemas
) -> None:
    report = validate(write(TWO), schemas, TODAY)
    assert short(report) == [
        ("check-failed", "problems/one.yaml"),
        ("leaked-secret", "problems/two.yaml"),
    ]
    (failed, _) = report.findings
    assert failed.severity is Severity.ERROR
    assert "the check leaked-secret failed on this file" in failed.message
    assert "ValueError at ocs.rules.check, line " in failed.message
    assert "`ocs --version`" in (failed.hint or "")
    assert SECRET not in str(report)
    assert not report.passed()


@pytest.mark.usefixtures("stumbling")
def test_it_is_told_whatever_is_asked_for_unless_it_is_skipped(
    write: Write, schemas: Schemas
) -> None:
    files = write(TWO)
    alone = [("check-failed", "problems/one.yaml")]
    assert short(validate(files, schemas, TODAY, only=["leaked-secret"]))[:1] == alone
    assert short(validate(files, schemas, TODAY, only=["personal-data"])) == alone
    assert short(validate(files, schemas, TODAY, ["problems/one.yaml"])) == alone
    assert ("check-failed", "problems/one.yaml") not in short(
        validate(files, schemas, TODAY, skip=["check-failed"])
    )
    assert short(validate(files, schemas, TODAY, ["people"])) == []


@pytest.mark.usefixtures("stumbling")
def test_the_command_says_so_and_ends_as_with_any_error(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(TWO).root)
    done = CliRunner().invoke(app, ["validate"])
    assert done.exit_code == 1
    assert "problems/one.yaml: error: the check leaked-secret failed" in done.stdout
    assert "[leaked-secret]" in done.stdout
    assert SECRET not in done.output


@pytest.mark.usefixtures("stumbling")
def test_in_several_processes_it_is_the_same(
    write: Write, schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(TWO)
    alone = validate(files, schemas, TODAY)
    monkeypatch.setattr("ocs.adapters.workers._processes", lambda: 2)
    monkeypatch.setattr("ocs.adapters.workers.FEWEST", 1)
    monkeypatch.setattr("ocs.adapters.workers._BATCH", 1)
    assert validate(files, schemas, TODAY) == alone


def test_a_failure_is_not_kept_as_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    files = write(TWO.replace("stumble over", "the password is"))
    mended = short(again(files.root, TODAY))
    assert mended[0] == ("leaked-secret", "problems/one.yaml")
    (files.root / "problems/one.yaml").write_text(
        f"{PROBLEM}cause: 'the password is {SECRET}'\n"
    )
    with monkeypatch.context() as patch:

        def found(file: str, text: str, today: date) -> Iterator[Finding]:
            raise RecursionError

        patch.setattr(filecheck, "leaks", found)
        assert short(again(files.root, TODAY))[0] == ("check-failed", "problems/one.yaml")
    assert short(again(files.root, TODAY)) == mended


@pytest.mark.parametrize(
    ("module", "name"),
    [(loading, "parse"), (loading, "build"), (filecheck, "_located"), (filecheck, "_dates")],
    ids=["parse", "build", "locate", "dates"],
)
def test_whatever_fails_about_one_file_hides_no_other(
    module: ModuleType,
    name: str,
    write: Write,
    schemas: Schemas,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = getattr(module, name)

    def broken(*arguments: Any, **more: Any) -> Any:
        if "stumble" in repr(arguments):
            raise MemoryError("stumble")
        return original(*arguments, **more)

    monkeypatch.setattr(module, name, broken)
    found = short(validate(write(TWO), schemas, TODAY))
    assert ("check-failed", "problems/one.yaml") in found
    assert ("leaked-secret", "problems/two.yaml") in found


def test_a_rule_that_goes_one_by_one_fails_on_its_file_alone(
    write: Write, schemas: Schemas, fail: Callable[..., None]
) -> None:
    files = write(
        "== people/lena.yaml\nname: Lena\njoined: 2062-01-01\n== people/sam.yaml\nname: stumble\n"
    )
    fail("future-date", "stumble")
    report = validate(files, schemas, TODAY)
    assert short(report) == [("check-failed", "people/sam.yaml")]
    assert "future-date" in [found.code for found in report.findings]


def test_a_rule_that_fails_on_the_whole_is_told_whatever_paths_are_named(
    write: Write, schemas: Schemas, fail: Callable[..., None]
) -> None:
    files = write(SOUND + "== people/sam.yaml\nname: stumble\n")
    fail("vacancy", "stumble")
    assert short(validate(files, schemas, TODAY)) == [("check-failed", "people/sam.yaml")]
    assert short(validate(files, schemas, TODAY, ["orgs"])) == [
        ("check-failed", "people/sam.yaml")
    ]


def test_where_no_record_alone_makes_a_rule_fail_no_file_is_blamed(
    write: Write, schemas: Schemas, fail: Callable[..., None]
) -> None:
    fail("vacancy", fewest=2)
    (found,) = validate(write(SOUND), schemas, TODAY, ["orgs"]).findings
    assert found.place.file == "ocs.yaml"
    assert found.message.startswith("the check vacancy failed, so its findings are unknown")


def test_what_fails_beside_the_rules_is_told_too(
    write: Write, schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: Any) -> Any:
        raise IndexError(SECRET)

    for name in ("with_certificates", "with_ciphertexts"):
        monkeypatch.setattr(f"ocs.tasks.registry.validate.{name}", broken)
    report = validate(write(TWO), schemas, TODAY, ["problems"], compare=broken)
    assert [
        found.message.partition(",")[0]
        for found in report.findings
        if found.code == "check-failed"
    ] == [
        "looking at the certificates failed",
        "looking at the ciphertexts failed",
        "comparing problems failed",
    ]
    assert ("leaked-secret", "problems/two.yaml") in short(report)
    assert SECRET not in str(report)


def test_what_is_foreseen_is_no_failed_check(
    write: Write, schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*arguments: Any) -> Any:
        raise OcsError("no")

    monkeypatch.setattr("ocs.tasks.registry.validate.with_certificates", refusing)
    with pytest.raises(OcsError):
        validate(write(TWO), schemas, TODAY)


def test_a_review_refuses_what_a_failed_check_may_hide_also_where_it_failed_before(
    tmp_path: Path, schemas: Schemas, fail: Callable[..., None]
) -> None:
    pr = proposal(tmp_path / "registry", schemas)
    pr.change(("communities/river.yaml", "reviewed: 2026-09-30", "reviewed: 2026-11-19"))
    assert pr.review("ana").answer is Outcome.ALLOWED
    fail("vacancy")
    review = pr.review("ana")
    assert review.answer is Outcome.REFUSED
    assert [found.code for found in review.refusals] == ["check-failed"]


def edit(files: Files, schemas: Schemas, id: str) -> EditPlan:
    registry = load(files, schemas).registry
    changes = [Set(("name",), "Another Name")]
    return fieldedits.plan_of(KIND["person"], id, changes, registry, files, schemas, TODAY)


def test_an_edit_is_refused_where_a_failed_check_may_hide_what_it_does(
    write: Write, schemas: Schemas, fail: Callable[..., None]
) -> None:
    files = write(SOUND)
    assert not edit(files, schemas, "lena").findings
    fail("vacancy")
    plan = edit(files, schemas, "lena")
    assert [found.code for found in plan.findings] == ["check-failed"]
    with pytest.raises(OcsError):
        carry_out(plan, files.root)


@pytest.mark.usefixtures("stumbling")
def test_an_edit_is_not_held_up_by_a_check_that_fails_on_another_file(
    write: Write, schemas: Schemas
) -> None:
    files = write(SOUND + "== people/sam.yaml\nname: Sam  # stumble\n")
    assert not edit(files, schemas, "lena").findings
    assert [found.code for found in edit(files, schemas, "sam").findings] == ["check-failed"]


@pytest.mark.parametrize("text", ["", "Kim"])
def test_a_text_is_not_written_where_a_check_failed(
    text: str, write: Write, schemas: Schemas, fail: Callable[..., None], tmp_path: Path
) -> None:
    files = write(SOUND)
    draft = textedit.begin(
        "people/kim.yaml", None, "", DraftFolders([tmp_path / "drafts"], bytes(32))
    )
    assert draft.aside is not None
    draft.aside.keep(b"name: Kim\n", None)
    assert textedit.report(draft, files, schemas, TODAY)
    fail("vacancy", text)
    judged = textedit.report(draft, files, schemas, TODAY)
    assert not judged
    assert "check-failed" in [found.code for found in judged.findings]


@needs_gpg
def test_nothing_is_encrypted_where_a_check_failed(
    crew: Crew,
    tmp_path: Path,
    schemas: Schemas,
    monkeypatch: pytest.MonkeyPatch,
    fail: Callable[..., None],
) -> None:
    monkeypatch.setenv("GNUPGHOME", crew.homes["amara"].path)
    today = date.today()
    files = crew.write(tmp_path / "registry")
    crew.secret(files, "river/login", Plaintext(b"x\n").reveal(), "lena")

    def plan() -> Any:
        vault = Vault(Files(files.root), schemas, keyrings(today), today)
        return granting.plan_grant("river/login", ["sam"], vault, because="needs it")

    assert plan().is_possible
    fail("reader-not-vetted")
    assert not plan().is_possible
    assert "check-failed" in [found.code for found in plan().edits.findings]
