"""What is not good is not written, and no text is lost on the way."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocs.adapters.drafts import DraftFolders
from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.model.kinds import KIND
from ocs.rules.records.schema import Schemas
from ocs.tasks.records import new
from ocs.tasks.records import textedit as task

TODAY = date(2026, 11, 20)
Write = Callable[[str], Files]
REGISTRY = """
== people/lena.yaml
name: Lena
== problems/mail.yaml
title: Mail is late
symptoms: [{seen: It is late.}]
solved_by: [lena]
== problems/old.yaml
title: Broken before
symptoms: [{seen: x}]
solved_by: [nobody-here]
"""


@pytest.fixture
def drafts(tmp_path: Path) -> DraftFolders:
    return DraftFolders([tmp_path / "drafts"], bytes(32))


def begun(files: Files, path: str, drafts: DraftFolders, text: bytes) -> task.Draft:
    """A draft of what is there, in which somebody wrote *text*."""
    before = task.current(files, path) if (files.root / path).exists() else None
    draft = task.begin(path, before, "", drafts)
    assert draft.aside is not None
    draft.aside.keep(text, before)
    return draft


def codes(judged: task.Judged) -> set[tuple[str, str]]:
    return {(found.code, found.place.file) for found in judged.findings}


def test_what_is_good_is_written_and_the_draft_is_gone(
    write: Write, drafts: DraftFolders, schemas: Schemas
) -> None:
    files = write(REGISTRY)
    draft = begun(files, "people/lena.yaml", drafts, b"name: Lena Brandt\n")
    judged = task.report(draft, files, schemas, TODAY)
    assert judged
    task.write(draft, judged.data, files.root)
    assert files.read("people/lena.yaml", 100) == b"name: Lena Brandt\n"
    assert not drafts.folders[0].exists() or not list(drafts.folders[0].rglob("*.yaml"))


def test_what_was_wrong_elsewhere_before_does_not_count(
    write: Write, drafts: DraftFolders, schemas: Schemas
) -> None:
    files = write(REGISTRY)
    judged = task.report(
        begun(files, "people/lena.yaml", drafts, b"name: L\n"), files, schemas, TODAY
    )
    assert judged
    assert "problems/old.yaml" not in {file for _, file in codes(judged)}


def test_what_becomes_wrong_elsewhere_counts(
    write: Write, drafts: DraftFolders, schemas: Schemas
) -> None:
    files = write(
        REGISTRY.replace("name: Lena", "name: Lena\nformerly: [helen]").replace(
            "[lena]", "[helen]"
        )
    )
    draft = begun(files, "people/lena.yaml", drafts, b"name: Lena\nformerly: [hana]\n")
    judged = task.report(draft, files, schemas, TODAY)
    assert not judged
    assert ("unknown-person", "problems/mail.yaml") in codes(judged)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"name: Lena\nmail: @lena\n", "unreadable-yaml"),
        (b"name: Lena\nname: Lena\n", "unreadable-yaml"),
        (b"mail: lena@example.org\n", "missing-field"),
        (b"name: Lena\n# my root password is Tr0ub4dor&3x!\n", "leaked-secret"),
        (b"name: Lena\xff\n", "unreadable-yaml"),
        (b"name: " + b"x" * 1_100_000, "unreadable-yaml"),
        (b"\0", "unreadable-yaml"),
    ],
    ids=["no YAML", "twice", "incomplete", "a password", "no UTF-8", "too large", "binary"],
)
def test_what_is_wrong_in_the_file_counts(
    write: Write, drafts: DraftFolders, schemas: Schemas, text: bytes, code: str
) -> None:
    files = write(REGISTRY)
    judged = task.report(begun(files, "people/lena.yaml", drafts, text), files, schemas, TODAY)
    assert not judged
    assert (code, "people/lena.yaml") in codes(judged)


def test_lines_are_those_of_the_text_until_it_is_written(
    write: Write, drafts: DraftFolders, schemas: Schemas
) -> None:
    files = write(REGISTRY)
    template = new.begun(KIND["person"], "Kim", files, schemas)
    draft = task.begin("people/kim.yaml", None, template, drafts)
    assert draft.aside is not None
    absence = "away_until: 2026-01-10"
    for is_good, becomes in ((False, f"{absence}\nhours_a_week: many"), (True, absence)):
        text = template.replace("# away_until: 2027-01-10", becomes)
        draft.aside.keep(text.encode(), None)
        judged = task.report(draft, files, schemas, TODAY)
        assert bool(judged) is is_good
        lines = (judged.data if judged else text.encode()).decode().splitlines()
        spans = [each.place.span for each in judged.findings if each.place.span]
        assert spans
        assert all(lines[span.line - 1] == span.text for span in spans)


def test_a_record_that_changed_meanwhile_is_not_written_over(
    write: Write, drafts: DraftFolders, schemas: Schemas
) -> None:
    files = write(REGISTRY)
    draft = begun(files, "people/lena.yaml", drafts, b"name: Lena Brandt\n")
    (files.root / "people/lena.yaml").write_text("name: Helen\n")
    with pytest.raises(OcsError, match="changed while ocs ran"):
        task.write(draft, b"name: Lena Brandt\n", files.root)
    assert (files.root / "people/lena.yaml").read_text() == "name: Helen\n"
    del draft
    with pytest.raises(OcsError, match="has changed since you started your text"):
        task.begin("people/lena.yaml", b"name: Helen\n", "", drafts)
    fresh = task.begin("people/lena.yaml", b"name: Helen\n", "", drafts, afresh=True)
    assert task.text_of(fresh) == b"name: Helen\n"


def test_a_new_record_that_is_there_meanwhile_is_not_written_over(
    write: Write, drafts: DraftFolders, schemas: Schemas
) -> None:
    files = write(REGISTRY)
    draft = begun(files, "people/kim.yaml", drafts, b"name: Kim\n")
    (files.root / "people/kim.yaml").write_text("name: Other Kim\n")
    with pytest.raises(OcsError, match="changed while ocs ran"):
        task.write(draft, b"name: Kim\n", files.root)
    assert task.is_kept(draft)


def test_a_folder_that_is_a_link_is_not_written_through(
    write: Write, drafts: DraftFolders, tmp_path: Path, schemas: Schemas
) -> None:
    files = write(REGISTRY)
    (tmp_path / "outside").mkdir()
    (files.root / "access").symlink_to(tmp_path / "outside")
    draft = begun(files, "access/river/login.yaml", drafts, b"purpose: x\n")
    with pytest.raises(OcsError, match="access is a symbolic link"):
        task.write(draft, b"purpose: x\n", files.root)
    assert list((tmp_path / "outside").iterdir()) == []


def test_only_somebodys_work_is_gone_on_with(
    write: Write, drafts: DraftFolders, schemas: Schemas
) -> None:
    files = write(REGISTRY)
    before = task.current(files, "people/lena.yaml")
    task.begin("people/lena.yaml", before, "", drafts)
    assert not task.begin("people/lena.yaml", before, "", drafts).goes_on
    begun(files, "people/lena.yaml", drafts, b"name: L\n")
    again = task.begin("people/lena.yaml", before, "", drafts)
    assert again.goes_on
    assert task.text_of(again) == b"name: L\n"


def test_an_editor_that_leaves_nothing_takes_no_work_with_it(
    write: Write, drafts: DraftFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(REGISTRY)
    for command in ("truncate -s 0", "rm", "sh -c 'echo > $0'"):
        monkeypatch.setenv("OCS_EDITOR", command)
        draft = begun(files, "people/lena.yaml", drafts, b"name: L\n")
        with pytest.raises(OcsError, match="the editor returned an empty text"):
            task.edit(draft)
        assert task.text_of(draft) == b"name: L\n"
        task.forget(draft)
        draft = task.begin("people/lena.yaml", b"name: Lena\n", "", drafts)
        task.edit(draft)
        assert task.is_nothing(draft)
        task.forget(draft)
        del draft


def test_an_editor_may_put_another_file_in_its_place(
    write: Write, drafts: DraftFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = write(REGISTRY)
    draft = task.begin("people/lena.yaml", task.current(files, "people/lena.yaml"), "", drafts)
    monkeypatch.setenv("OCS_EDITOR", "sh -c 'echo name: Helen > $0.new; mv $0.new $0'")
    task.edit(draft)
    assert task.text_of(draft) == b"name: Helen\n"


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_what_is_piped_in_is_kept_and_does_not_take_the_place_of_earlier_work(
    write: Write, drafts: DraftFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ("people/kim.yaml", None, "")
    write(REGISTRY)
    piped(monkeypatch, b"name: Kim\n")
    first = task.given(*told, Path("-"), drafts)
    assert task.is_kept(first)
    del first
    piped(monkeypatch, b"name: Other Kim\n")
    with pytest.raises(OcsError, match=r"an unfinished draft of people/kim\.yaml is in"):
        task.given(*told, Path("-"), drafts)
    piped(monkeypatch, b"name: Other Kim\n")
    assert (
        task.text_of(task.given(*told, Path("-"), drafts, afresh=True)) == b"name: Other Kim\n"
    )
    piped(monkeypatch, b"x" * 1_100_000)
    with pytest.raises(OcsError, match="larger than 1 MiB"):
        task.given(*told, Path("-"), drafts)


def test_a_file_of_somebodys_own_stays(
    write: Write, drafts: DraftFolders, tmp_path: Path
) -> None:
    files = write(REGISTRY)
    (tmp_path / "kim.yaml").write_text("name: Kim\n")
    draft = task.given("people/kim.yaml", None, "", tmp_path / "kim.yaml", drafts)
    task.write(draft, task.text_of(draft), files.root)
    assert (tmp_path / "kim.yaml").exists()
    assert (files.root / "people/kim.yaml").read_text() == "name: Kim\n"
    for wrong in (tmp_path / "missing", tmp_path):
        with pytest.raises(OcsError, match="cannot read"):
            task.given("people/kim.yaml", None, "", wrong, drafts)


def test_the_schema_is_named_as_the_registry_names_its_own(
    write: Write, schemas: Schemas
) -> None:
    def line(kind: str, first: str) -> str:
        files = write(f"== ocs.yaml\n{first}name: Helping Hands\n")
        return new.begun(KIND[kind], None, files, schemas).partition("\n")[0]

    near = "# yaml-language-server: $schema=../schemas/ocs.schema.json\n"
    assert (
        line("person", near)
        == "# yaml-language-server: $schema=../../schemas/person.schema.json"
    )
    assert (
        line("access", near)
        == "# yaml-language-server: $schema=../../../schemas/access.schema.json"
    )
    far = "# yaml-language-server: $schema=https://example.org/ocs.schema.json\n"
    assert (
        line("access", far)
        == "# yaml-language-server: $schema=https://example.org/access.schema.json"
    )
    assert line("person", "").startswith("## ")
