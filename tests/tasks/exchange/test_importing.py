"""An import adds and corrects, keeps what people wrote, and says what it did not take."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Files
from ocs.adapters.foreign import MOST_BYTES
from ocs.adapters.foreign import parse as parse_foreign
from ocs.adapters.yamlfile import parse
from ocs.adapters.yamlfile.composing import text_of
from ocs.errors import OcsError
from ocs.model.finding import Severity
from ocs.model.foreign import Alike
from ocs.model.plan import ExportPlan, ImportPlan
from ocs.rules.records.schema import Schemas
from ocs.tasks.exchange import exporting, importing
from ocs.tasks.registry.carryout import carry_out
from ocs.tasks.registry.validate import validate
from tests.conftest import EXAMPLE_REGISTRY, SHARED_DATA
from tests.importers import test_mots, test_sigs
from tests.importers.test_mots import mutated

Write = Callable[[str], Files]
TODAY = date(2026, 11, 20)
MOTS, SIGS = SHARED_DATA / "mots-central.yaml", SHARED_DATA / "sigs.yaml"
needs_real_files = pytest.mark.skipif(
    not MOTS.is_file(),
    reason="the files of other projects are not beside this checkout (OCS_SHARED_DATA)",
)

RIVER = """\
repo: river
people:
  - {bmo_id: 7, name: Ana Ruiz, nick: ana}
  - {bmo_id: 9, name: Bo Li, nick: Bo.Li}
modules:
  - machine_name: the_river
    name: River
    description: All of the river.
    owners: [ana]
    peers: [Bo.Li]
    meta: {url: "https://river.example"}
    submodules:
      - {machine_name: banks, name: Banks, owners: [], peers: []}
"""


@pytest.fixture
def take(tmp_path: Path, schemas: Schemas) -> Callable[..., ImportPlan]:
    """Imports a file that stands as text in the test."""

    def take(
        files: Files, text: str, format: str = "mots", *, dry_run: bool = False
    ) -> ImportPlan:
        (tmp_path / "source.yaml").write_text(text, encoding="utf-8")
        plan = importing.plan(format, tmp_path / "source.yaml", files, schemas)
        if not dry_run:
            carry_out(plan, files.root)
        return plan

    return take


Take = Callable[..., ImportPlan]


def contents(files: Files) -> dict[str, bytes]:
    return {
        path.relative_to(files.root).as_posix(): path.read_bytes()
        for path in files.root.rglob("*")
        if path.is_file()
    }


def record(files: Files, reference: str) -> dict[str, object]:
    tree = parse((files.root / f"{reference}.yaml").read_bytes()).tree
    assert tree is not None
    return tree


def told(plan: ImportPlan, code: str) -> list[Alike]:
    return [each for each in plan.report if each.code == code]


def changed(plan: ImportPlan) -> list[str]:
    return [change.file for change in plan.changes]


def errors(files: Files, schemas: Schemas) -> list[str]:
    report = validate(files, schemas, TODAY)
    return [
        finding.message for finding in report.findings if finding.severity is Severity.ERROR
    ]


def test_an_empty_registry_gets_the_communities_and_people(
    write: Write, take: Take, schemas: Schemas
) -> None:
    files = write("")
    plan = take(files, RIVER)
    assert sorted(changed(plan)) == [
        *("communities/banks.yaml", "communities/the-river.yaml"),
        *("people/ana.yaml", "people/bo-li.yaml"),
    ]
    assert record(files, "communities/the-river") == {
        "name": "River",
        "kind": "module",
        "purpose": "All of the river.",
        "leads": [{"person": "ana", "role": "owner"}, {"person": "bo-li", "role": "peer"}],
        "contacts": [{"type": "website", "url": "https://river.example"}],
    }
    assert record(files, "communities/banks")["part_of"] == ["the-river"]
    assert record(files, "communities/banks")["leads"] == []
    assert record(files, "people/ana") == {
        "name": "Ana Ruiz",
        "accounts": {"bugzilla_id": "7"},
    }
    assert errors(files, schemas) == []


def test_a_dry_run_writes_nothing(write: Write, take: Take) -> None:
    files = write("")
    before = contents(files)
    assert len(take(files, RIVER, dry_run=True).changes) == 4
    assert contents(files) == before


def test_a_second_run_changes_not_one_byte(write: Write, take: Take) -> None:
    files = write("")
    take(files, RIVER)
    before = contents(files)
    plan = take(files, RIVER)
    assert (plan.changes, plan.unchanged) == ((), 4)
    assert contents(files) == before


HAND_MADE = """\
# imported from mots river: the-river
# kept by the keepers of the river
name: River
kind: team                  # more than a module
status: active
purpose: >
  All of the river.
leads:
  - person: ana
    role: owner
    title: Warden           # so called since 1890
    since: 2024-01-01
  - person: bo-li
    role: peer
contacts:
  - type: website
    url: https://river.example
resources:                  # ours
  - name: river.example
"""


def test_what_a_person_added_stays_byte_for_byte(write: Write, take: Take) -> None:
    files = write("")
    take(files, RIVER)
    (files.root / "communities/the-river.yaml").write_text(HAND_MADE)
    assert take(files, RIVER).changes == ()
    assert (files.root / "communities/the-river.yaml").read_text() == HAND_MADE


def test_a_newer_file_changes_only_the_lines_concerned(write: Write, take: Take) -> None:
    files = write("")
    take(files, RIVER)
    (files.root / "communities/the-river.yaml").write_text(HAND_MADE)
    newer = RIVER.replace("name: River", "name: Great River").replace(
        "peers: [Bo.Li]", "peers: [Bo.Li, Cleo]"
    )
    plan = take(files, newer)
    assert [(change.file, change.fields) for change in plan.changes] == [
        ("communities/the-river.yaml", ("name", "leads"))
    ]
    assert (files.root / "communities/the-river.yaml").read_text() == HAND_MADE.replace(
        "name: River", "name: Great River"
    ).replace("contacts:\n", "  - name: Cleo\n    role: peer\ncontacts:\n")


def test_a_lead_with_another_role_keeps_the_comment_behind_it(
    write: Write, take: Take
) -> None:
    files = write("")
    take(files, RIVER)
    text = HAND_MADE.replace("role: peer", "role: peer    # helps out")
    (files.root / "communities/the-river.yaml").write_text(text)
    take(files, RIVER.replace("owners: [ana]\n    peers: [Bo.Li]", "owners: [ana, Bo.Li]"))
    after = (files.root / "communities/the-river.yaml").read_text()
    assert after == text.replace("role: peer    # helps out", "role: owner    # helps out")


def test_who_is_no_longer_named_stays_and_is_told(write: Write, take: Take) -> None:
    files = write("")
    take(files, RIVER)
    before = contents(files)
    plan = take(files, RIVER.replace("owners: [ana]", "owners: []"))
    assert plan.changes == ()
    (left,) = told(plan, "not-in-file")
    assert left.places == ("communities/the-river: ana",)
    assert "until" in (left.hint or "")
    assert contents(files) == before


def test_who_has_ended_is_told_no_more_and_may_be_an_emeritus(
    write: Write, take: Take
) -> None:
    files = write("")
    take(files, RIVER)
    path = files.root / "communities/the-river.yaml"
    path.write_text(
        path.read_text().replace("role: owner", "role: owner\n    until: 2026-01-01")
    )
    newer = RIVER.replace("owners: [ana]", "owners: []").replace(
        "meta: {", "meta: {owners_emeritus: [Ana Ruiz], "
    )
    for text in (RIVER.replace("owners: [ana]", "owners: []"), newer):
        plan = take(files, text)
        assert (plan.changes, told(plan, "not-in-file")) == ((), [])
    assert told(take(files, RIVER), "kept")[0].places == ("communities/the-river: ana",)


def test_an_owner_who_retires_becomes_an_emeritus(write: Write, take: Take) -> None:
    files = write("")
    take(files, RIVER)
    newer = RIVER.replace("owners: [ana]", "owners: []").replace(
        "meta: {", "meta: {owners_emeritus: [Ana Ruiz], "
    )
    assert changed(take(files, newer)) == ["communities/the-river.yaml"]
    assert record(files, "communities/the-river")["leads"][0] == {  # type: ignore[index]
        "person": "ana",
        "role": "emeritus",
        "title": "Owner emeritus",
    }


def test_what_vanished_is_told_and_stays(write: Write, take: Take) -> None:
    files = write("== people/hand-made.yaml\nname: Hand Made\n")
    take(files, RIVER)
    before = contents(files)
    newer = RIVER.partition("    submodules:")[0].replace(
        "  - {bmo_id: 9, name: Bo Li, nick: Bo.Li}\n", ""
    )
    plan = take(files, newer.replace("peers: [Bo.Li]", ""))
    assert [each.places for each in told(plan, "gone")] == [
        ("communities/banks",),
        ("people/bo-li",),
    ]
    assert contents(files) == before


def test_a_file_of_another_name_makes_nothing_vanish(write: Write, take: Take) -> None:
    files = write("")
    take(files, RIVER)
    assert told(take(files, "repo: lake\nmodules: [{machine_name: lake}]\n"), "gone") == []


def test_records_that_were_renamed_are_found_again(write: Write, take: Take) -> None:
    files = write("")
    take(files, RIVER)
    for old, new in (
        ("people/ana", "people/ana-ruiz"),
        ("communities/banks", "communities/river-banks"),
    ):
        (files.root / f"{old}.yaml").rename(files.root / f"{new}.yaml")
    river = files.root / "communities/the-river.yaml"
    river.write_text(river.read_text().replace("person: ana", "person: ana-ruiz"))
    assert take(files, RIVER).changes == ()


@pytest.mark.parametrize(
    ("existing", "id"),
    [
        ("== people/otter.yaml\nname: O\naccounts: {bugzilla_id: 7}\n", "otter"),
        ("== people/ana.yaml\nname: ana ruiz\n", "ana"),
        ("== people/ana.yaml\nname: Ana Ruiz\naccounts: {bugzilla_id: 8}\n", "ana-7"),
        ("== people/ana.yaml\nname: Ana Bell\n", "ana-7"),
        ("== people/anna.yaml\nname: Anna\nformerly: [ana]\n", "ana-7"),
        (
            "== people/ana.yaml\nname: Ana Ruiz\n== people/otter.yaml\nname: O\naccounts: {bugzilla_id: 7}\n",
            "otter",
        ),
    ],
)
def test_a_person_is_known_by_account_and_by_id_only_with_the_same_name(
    write: Write, take: Take, schemas: Schemas, existing: str, id: str
) -> None:
    files = write(existing)
    before = contents(files)
    plan = take(files, RIVER)
    assert record(files, "communities/the-river")["leads"][0]["person"] == id  # type: ignore[index]
    assert record(files, f"people/{id}")["accounts"] == {"bugzilla_id": "7"}
    assert bool(told(plan, "other-id")) == (id == "ana-7")
    if id == "ana-7":
        assert {
            path: data for path, data in contents(files).items() if path in before
        } == before
    assert take(files, RIVER).changes == ()
    assert errors(files, schemas) == []


def test_ids_do_not_depend_on_the_order_of_the_file(write: Write, take: Take) -> None:
    people = [
        "{bmo_id: 12, name: A, nick: Otter}",
        "{bmo_id: 5, name: B, nick: otter_}",
        "{bmo_id: 70, name: C, nick: é}",
    ]
    for number, order in enumerate((people, people[::-1])):
        files = Files(write("").root)
        plan = take(files, f"repo: r{number}\npeople: [{', '.join(order)}]\n", dry_run=True)
        assert sorted(changed(plan)) == [
            "people/otter-12.yaml",
            "people/otter.yaml",
            "people/person.yaml",
        ]


def test_a_login_is_the_same_whatever_its_letters(write: Write, take: Take) -> None:
    files = write("== people/lena.yaml\nname: Lena\naccounts: {github: ANA}\n")
    take(files, test_sigs.EXAMPLE, "sigs")
    assert record(files, "communities/sig-river")["leads"][0]["person"] == "lena"  # type: ignore[index]
    assert record(files, "people/lena") == {"name": "Lena", "accounts": {"github": "ANA"}}


@pytest.mark.parametrize("folder", ["orgs", "communities"])
def test_a_community_does_not_take_another_ones_id(
    write: Write, take: Take, folder: str
) -> None:
    files = write(f"== {folder}/the-river.yaml\nname: The River House\n")
    before = contents(files)
    plan = take(files, RIVER)
    assert record(files, "communities/the-river-mots")["name"] == "River"
    assert record(files, "communities/banks")["part_of"] == ["the-river-mots"]
    assert told(plan, "other-id")[0].places == ("the_river: the-river-mots",)
    assert contents(files)[f"{folder}/the-river.yaml"] == before[f"{folder}/the-river.yaml"]
    assert take(files, RIVER).changes == ()


def test_a_kind_that_the_registry_does_not_have_is_told_before_anything_is_written(
    write: Write, take: Take
) -> None:
    files = write("== ocs.yaml\nname: X\ncommunity_kinds: [regional]\n")
    with pytest.raises(
        OcsError, match="does not list the kind of community 'module'"
    ) as raised:
        take(files, RIVER)
    assert raised.value.hint == "add to ocs.yaml: community_kinds: [regional, module]"
    assert not (files.root / "people").exists()


@pytest.mark.parametrize(
    "broken",
    ["people/x.yaml\nname: @x", "communities/x.yaml\nnam: x", "people/X.yml\nname: x"],
)
def test_a_registry_that_is_not_as_it_should_be_is_mended_first(
    write: Write, take: Take, broken: str
) -> None:
    files = write(f"== {broken}\n")
    with pytest.raises(OcsError, match="is not valid") as raised:
        take(files, RIVER)
    assert "ocs validate" in (raised.value.hint or "")


def test_the_misspelt_key_is_told_with_the_nearest_one(write: Write, take: Take) -> None:
    plan = take(write(""), test_mots.EXAMPLE)
    (unknown,) = told(plan, "unknown-key")
    assert (unknown.what, unknown.hint) == (
        "owner_emeritus",
        "did you mean 'owners_emeritus'?",
    )


def test_a_field_that_stands_twice_is_told(write: Write, take: Take) -> None:
    plan = take(write(""), RIVER + "repo: lake\n")
    assert [(each.what, each.places) for each in told(plan, "repeated")] == [
        ("the field 'repo'", ("line 14",))
    ]


@pytest.mark.parametrize(
    "data", [b"", b"a: [b", b"\xff", b"[]", b"words", b"#" * (MOST_BYTES + 1), b"\0"]
)
@pytest.mark.parametrize("format", ["mots", "sigs"])
def test_a_file_that_is_none_of_the_format_is_refused(
    write: Write, schemas: Schemas, tmp_path: Path, data: bytes, format: str
) -> None:
    (tmp_path / "source.yaml").write_bytes(data)
    with pytest.raises(OcsError):
        importing.plan(format, tmp_path / "source.yaml", write(""), schemas)
    with pytest.raises(OcsError, match="is a folder"):
        importing.plan(format, tmp_path, write(""), schemas)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from(["mots", "sigs"]))
def test_whatever_is_imported_validates_and_is_the_same_again(
    write: Write, schemas: Schemas, take: Take, data: st.DataObject, format: str
) -> None:
    files = write("")
    for folder in ("people", "communities"):
        shutil.rmtree(files.root / folder, ignore_errors=True)
    example = test_mots.EXAMPLE if format == "mots" else test_sigs.EXAMPLE
    tree = parse_foreign(example.encode(), "x").tree
    for _ in range(3):
        tree = mutated(tree, data)
        try:
            text = text_of(tree, {}) if isinstance(tree, dict) else str(tree)
            take(files, text, format)
        except (OcsError, ValueError):
            continue
        files = Files(files.root)
        assert errors(files, schemas) == []
        assert take(files, text, format).changes == ()


@pytest.fixture
def empty(tmp_path: Path) -> Files:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "ocs.yaml").write_text("name: Empty\n")
    return Files(tmp_path / "empty")


def exported(files: Files, path: Path, schemas: Schemas) -> ExportPlan:
    export = exporting.plan("mots", path, files, schemas, TODAY)
    carry_out(export, export.root)
    return export


def test_what_was_imported_and_exported_is_imported_the_same(
    write: Write, take: Take, empty: Files, schemas: Schemas, tmp_path: Path
) -> None:
    files = write("")
    take(files, test_mots.EXAMPLE)
    exported(files, tmp_path / "out.yaml", schemas)
    carry_out(importing.plan("mots", tmp_path / "out.yaml", empty, schemas), empty.root)
    for path in sorted(files.root.glob("*/*.yaml")):
        reference = path.relative_to(files.root).with_suffix("").as_posix()
        assert record(empty, reference) == record(files, reference)
    assert importing.plan("mots", tmp_path / "out.yaml", files, schemas).changes == ()


def test_the_example_registry_is_the_same_after_export_and_import(
    schemas: Schemas, tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLE_REGISTRY, tmp_path / "registry")
    files = Files(tmp_path / "registry")
    export = exported(files, tmp_path / "out.yaml", schemas)
    assert (export.communities, export.people) == (4, 14)
    assert {each.what for each in export.report} >= {
        "kind",
        "resources",
        "leads: since",
        "accounts: github",
        "mail",
    }
    assert importing.plan("mots", tmp_path / "out.yaml", files, schemas).changes == ()


def test_who_wants_to_be_named_nowhere_is_exported_only_as_a_lead(
    write: Write, schemas: Schemas, tmp_path: Path
) -> None:
    files = write(
        "== people/ana.yaml\nname: Ana\npublic: nothing\n== people/bo.yaml\nname: Bo\npublic: nothing\n"
        "== communities/river.yaml\nname: River\nleads: [{person: bo, role: owner}]\n"
    )
    exported(files, tmp_path / "out.yaml", schemas)
    assert "Ana" not in (tmp_path / "out.yaml").read_text()
    assert "Bo" in (tmp_path / "out.yaml").read_text()


def test_communities_that_are_part_of_each_other_are_exported_once(
    write: Write, schemas: Schemas, tmp_path: Path
) -> None:
    files = write(
        "== communities/aa.yaml\nname: A\npart_of: [bb]\n== communities/bb.yaml\nname: B\npart_of: [aa]\n"
    )
    assert exported(files, tmp_path / "out.yaml", schemas).communities == 2


def test_a_file_of_something_else_is_not_written_over(write: Write, schemas: Schemas) -> None:
    files = write("")
    with pytest.raises(OcsError, match="already exists and is not a mots file"):
        exporting.plan("mots", files.root / "ocs.yaml", files, schemas, TODAY)
    with pytest.raises(OcsError, match=r"there is no folder .*nowhere"):
        exporting.plan("mots", files.root / "nowhere" / "x.yaml", files, schemas, TODAY)
    assert (files.root / "ocs.yaml").read_text() == "name: Helping Hands\n"


@needs_real_files
@pytest.mark.parametrize(
    ("path", "format", "communities", "people"),
    [(MOTS, "mots", 157, 281), (SIGS, "sigs", 271, 237)],
)
def test_the_real_files_become_valid_records_and_stay_as_they_are(
    write: Write, schemas: Schemas, path: Path, format: str, communities: int, people: int
) -> None:
    files = write("")
    carry_out(importing.plan(format, path, files, schemas), files.root)
    assert len(list((files.root / "communities").iterdir())) == communities
    assert len(list((files.root / "people").iterdir())) == people
    assert errors(files, schemas) == []
    again = importing.plan(format, path, files, schemas)
    assert (again.changes, again.unchanged) == ((), communities + people)


@needs_real_files
def test_the_real_files_go_into_one_registry(write: Write, schemas: Schemas) -> None:
    files = write("")
    for path, format in ((MOTS, "mots"), (SIGS, "sigs"), (MOTS, "mots")):
        plan = importing.plan(format, path, files, schemas)
        carry_out(plan, files.root)
    assert plan.changes == ()
    assert told(plan, "gone") == []
    assert errors(files, schemas) == []


@needs_real_files
def test_every_emeritus_of_the_real_file_is_taken_or_told(
    write: Write, schemas: Schemas
) -> None:
    files = write("")
    plan = importing.plan("mots", MOTS, files, schemas)
    plain = [each for each in plan.report if each.what.startswith("plain text in ")]
    assert sum(len(each.places) for each in plain) == 453
    (misspelt,) = told(plan, "unknown-key")
    assert (misspelt.what, misspelt.hint) == (
        "owner_emeritus",
        "did you mean 'owners_emeritus'?",
    )
    emeriti = [
        lead
        for change in plan.changes
        if change.file.startswith("communities/")
        for lead in (parse(change.replacement.data).tree or {}).get("leads", ())
        if lead["role"] == "emeritus"
    ]
    told_twice = [each for each in told(plan, "not-mapped") if "emeritus" in each.what]
    assert len(emeriti) + sum(len(each.places) for each in told_twice) == 500


@needs_real_files
def test_the_real_file_is_exported_and_imported_the_same(
    write: Write, empty: Files, schemas: Schemas, tmp_path: Path
) -> None:
    files = write("")
    carry_out(importing.plan("mots", MOTS, files, schemas), files.root)
    exported(files, tmp_path / "out.yaml", schemas)
    assert importing.plan("mots", tmp_path / "out.yaml", files, schemas).changes == ()
    carry_out(importing.plan("mots", tmp_path / "out.yaml", empty, schemas), empty.root)
    different = [
        path.name
        for path in files.root.glob("*/*.yaml")
        if parse(path.read_bytes())
        != parse((empty.root / path.parent.name / path.name).read_bytes())
    ]
    assert different == []
