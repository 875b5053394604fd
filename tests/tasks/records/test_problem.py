"""What ocs changes in problems: the lines concerned, in all files or in none, and never for the worse."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.adapters.yamlfile.editing import EditError
from ocs.errors import OcsError, RecordNotFoundError
from ocs.rules.records.people import with_mail
from ocs.rules.records.schema import Schemas
from ocs.tasks.records import fieldedits, problem
from ocs.tasks.registry.carryout import carry_out
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import validate
from tests.conftest import EXAMPLE_REGISTRY

Write = Callable[[str], Files]
TODAY = date(2026, 11, 20)
WORKS = """\
== people/ana.yaml
name: Ana
mail: Ana@example.org
== people/bo.yaml
name: Bo
accounts: {github: Bo-Li, github_id: 42}
== problems/mail-waits.yaml
title: Mail waits
state: outdated   # since the new server
symptoms:
  - seen: Mail waits.
resolution: Send it.
verification: It went.
solved_by: [ana]
"""
NAMING = """\
== problems/mail-is-lost.yaml
title: Mail is lost
symptoms: [{seen: It is gone.}]
related:
  - mail-waits   # the same server
== problems/old-one.yaml
title: An old one
state: withdrawn
symptoms: [{seen: It is gone.}]
withdrawn: {because: there is a better one, see: "mail-waits"}
"""


def contents(files: Files) -> dict[str, str]:
    return {
        str(path.relative_to(files.root)): path.read_text()
        for path in sorted(files.root.rglob("*"))
        if path.is_file()
    }


def confirm(
    files: Files, schemas: Schemas, by: str | None, name: str = "mail-waits"
) -> fieldedits.Plan:
    return problem.plan_confirm(name, by, None, TODAY, files=files, schemas=schemas)


def rename(
    files: Files, schemas: Schemas, new: str, old: str = "mail-waits"
) -> fieldedits.Plan:
    return problem.plan_rename(old, new, TODAY, files=files, schemas=schemas)


def test_what_was_outdated_is_verified_by_somebody_else(
    write: Write, schemas: Schemas
) -> None:
    files = write(WORKS)
    before = contents(files)
    plan = confirm(files, schemas, "bo")
    assert contents(files) == before
    carry_out(plan, files.root)
    text = before["problems/mail-waits.yaml"].replace("state: outdated ", "state: verified ")
    text += "seen_working:\n  - by: bo\n    date: 2026-11-20\n"
    assert contents(files) == before | {"problems/mail-waits.yaml": text}
    assert validate(files, schemas, TODAY).findings == ()


def test_who_solved_it_verifies_nothing(write: Write, schemas: Schemas) -> None:
    plan = confirm(write(WORKS), schemas, "ana")
    assert b"state: outdated" in plan.changes[0].after
    assert plan.sentences[0].startswith("ana solved it")
    assert plan.findings == ()


def test_a_renamed_problem_is_named_by_its_new_id_everywhere(
    write: Write, schemas: Schemas
) -> None:
    files = write(WORKS + NAMING)
    before, found = contents(files), validate(files, schemas, TODAY).findings
    carry_out(rename(files, schemas, "mail-stays"), files.root)
    moved = before.pop("problems/mail-waits.yaml") + "\nformerly: [mail-waits]"
    assert contents(files) == before | {
        "problems/mail-stays.yaml": moved,
        "problems/mail-is-lost.yaml": before["problems/mail-is-lost.yaml"].replace(
            "- mail-waits   #", "- mail-stays   #"
        ),
        "problems/old-one.yaml": before["problems/old-one.yaml"].replace(
            '"mail-waits"', "mail-stays"
        ),
    }
    assert validate(files, schemas, TODAY).findings == found


def test_what_was_wrong_with_a_problem_before_hinders_no_renaming(
    write: Write, schemas: Schemas
) -> None:
    files = write(WORKS.replace("outdated ", "verified "))
    assert [each.code for each in validate(files, schemas, TODAY).findings] == [
        "not-verified",
        "unmentioned-person",
    ]
    assert rename(files, schemas, "mail-stays").findings == ()


def test_an_id_names_one_problem_for_ever(write: Write, schemas: Schemas) -> None:
    files = write(WORKS + NAMING)
    carry_out(rename(files, schemas, "mail-stays"), files.root)
    with pytest.raises(OcsError, match="'mail-waits' was the id of problems/mail-stays"):
        rename(files, schemas, "mail-waits", "old-one")
    with pytest.raises(OcsError, match="'mail-waits' was the id of problems/mail-stays"):
        rename(files, schemas, "mail-waits", "mail-stays")
    with pytest.raises(OcsError, match="the problem 'old-one' already exists"):
        rename(files, schemas, "old-one", "mail-waits")
    with pytest.raises(OcsError, match="already has the id 'mail-stays'"):
        rename(files, schemas, "mail-stays", "mail-waits")
    with pytest.raises(OcsError, match="is not an id"):
        rename(files, schemas, "../people/ana")


def test_a_renaming_that_was_interrupted_is_named(write: Write, schemas: Schemas) -> None:
    files = write(WORKS)
    old = (files.root / "problems/mail-waits.yaml").read_bytes()
    carry_out(rename(files, schemas, "mail-stays"), files.root)
    (files.root / "problems/mail-waits.yaml").write_bytes(old)
    with pytest.raises(OcsError, match="was interrupted") as refused:
        rename(files, schemas, "mail-stays")
    assert refused.value.hint == "to finish it, delete problems/mail-waits.yaml"


def test_what_names_a_problem_in_a_file_that_cannot_be_read_is_told(
    write: Write, schemas: Schemas
) -> None:
    files = write(WORKS + "== problems/broken.yaml\ntitle: a: b\nrelated: [mail-waits]\n")
    plan = rename(files, schemas, "mail-stays")
    assert (
        "problems/broken.yaml cannot be read, so ocs did not update what it names"
        in plan.sentences
    )
    assert plan.findings == ()  # what was wrong before does not count


def test_one_value_that_cannot_be_changed_changes_nothing(
    write: Write, schemas: Schemas
) -> None:
    files = write(
        WORKS.replace("outdated ", "outdated\nwithdrawn: {  # why\n  because: x}\n#")
    )
    with pytest.raises(
        EditError, match=r"problems/mail-waits\.yaml:3: 'withdrawn' cannot be changed"
    ):
        problem.plan_withdraw(
            "mail-waits", "it is gone", None, TODAY, files=files, schemas=schemas
        )


def test_a_file_that_changed_since_the_plan_was_made_stops_all_of_it(
    write: Write, schemas: Schemas
) -> None:
    files = write(WORKS + NAMING)
    plan = rename(files, schemas, "mail-stays")
    with (files.root / "problems/old-one.yaml").open("a") as file:
        file.write("# meanwhile\n")
    before = contents(files)
    with pytest.raises(OcsError, match=r"problems/old-one\.yaml changed while ocs ran"):
        carry_out(plan, files.root)
    assert contents(files) == before


def test_what_would_make_the_registry_worse_is_not_carried_out(
    write: Write, schemas: Schemas
) -> None:
    files = write(WORKS)
    before = contents(files)
    plan = problem.plan_withdraw(
        "mail-waits", "a\nb", None, TODAY, files=files, schemas=schemas
    )
    assert [found.code for found in plan.findings] == ["bad-value"]
    with pytest.raises(OcsError, match="cannot carry out this plan"):
        carry_out(plan, files.root)
    assert contents(files) == before


def test_every_problem_of_the_example_registry_can_be_renamed(
    tmp_path: Path, schemas: Schemas
) -> None:
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    files = Files(tmp_path / "registry")
    before = validate(files, schemas, TODAY).findings
    for id in sorted(load(files, schemas).registry.ids("problem"))[::4]:
        plan = rename(files, schemas, f"{id[:55]}-now", id)
        assert plan.findings == ()
        carry_out(plan, files.root)
    assert validate(files, schemas, TODAY).findings == before
    names = [path.stem for path in (tmp_path / "registry/problems").iterdir()]
    assert sum(name.endswith("-now") for name in names) == 7
    assert len(names) == 25


def test_who_has_a_mail_address_is_found(write: Write, schemas: Schemas) -> None:
    registry = load(write(WORKS), schemas).registry
    assert with_mail(registry, "ana@EXAMPLE.org") == ["ana"]
    assert with_mail(registry, "42+bo-li@users.noreply.github.com") == ["bo"]
    assert with_mail(registry, "bo-li@users.noreply.github.com") == ["bo"]
    assert with_mail(registry, "43+bo-li@users.noreply.github.com") == []
    assert with_mail(registry, "") == []


def test_a_record_is_found_by_any_of_its_names(write: Write, schemas: Schemas) -> None:
    registry = load(write(WORKS + "formerly: [mail-hangs]\n"), schemas).registry
    kind = registry.by_kind["problem"]["mail-waits"].kind
    for name in (
        "mail-waits",
        "problems/mail-waits",
        "problems/mail-waits.yaml",
        "mail-hangs",
    ):
        assert fieldedits.find(registry, kind, name).id == "mail-waits"
    with pytest.raises(RecordNotFoundError):
        fieldedits.find(registry, kind, "mail")
