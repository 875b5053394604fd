"""A new registry validates, whatever it is called, and nothing that is there is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocs.adapters.files import Files
from ocs.errors import OcsError
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.validate import validate
from ocs.tasks.setup.init import begin, place, plan

TODAY = date(2026, 11, 20)


def test_a_new_registry_validates(tmp_path: Path, schemas: Schemas) -> None:
    root = tmp_path / "deep" / "registry"
    begin(plan(root, "Helping Hands", "lena", "Lena Brandt", schemas))
    assert validate(Files(root), schemas, TODAY).findings == ()
    assert "pull_request_target" in (root / ".github/workflows/ocs.yml").read_text()
    assert (root / ".gitattributes").read_text().startswith("* text=auto eol=lf")


def test_the_checks_get_ocs_from_where_it_is_said_to_be(
    tmp_path: Path, schemas: Schemas
) -> None:
    where = place("https://code.example/hands/ocs@" + "1f" * 20)
    begin(plan(tmp_path, "X", "lena", "Lena", schemas, where))
    assert (
        f"uses: hands/ocs@{'1f' * 20}\n"
        in (tmp_path / ".github/workflows/ocs.yml").read_text()
    )
    assert (
        f"git+https://code.example/hands/ocs@{'1f' * 20}"
        in (tmp_path / ".gitlab-ci.yml").read_text()
    )


@pytest.mark.parametrize(
    "text",
    [
        "ocs",
        "https://code.example/ocs@main",
        "https://code.example/ocs@1f3c",
        "http://x/ocs@" + "1" * 40,
        "https://x/ocs\n- run: x@" + "1" * 40,
        'https://x/"; id; "@' + "1" * 40,
    ],
)
def test_a_place_of_ocs_that_can_change_under_it_is_none(text: str) -> None:
    with pytest.raises(OcsError, match="is not an address with a full commit id"):
        place(text)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")),
        max_size=80,
    )
)
def test_any_name_is_written_so_that_it_is_read_back(
    tmp_path: Path, schemas: Schemas, name: str
) -> None:
    try:
        new = plan(tmp_path, name, "lena", name, schemas)
    except OcsError as error:
        assert not name.strip(), error  # noqa: PT017
        return
    for each in new.files:
        if each.path.endswith(".yaml"):
            (tmp_path / each.path).parent.mkdir(exist_ok=True)
            (tmp_path / each.path).write_bytes(each.data)
    findings = validate(
        Files(tmp_path), schemas, TODAY, only=["unreadable-yaml", "bad-value", "missing-field"]
    ).findings
    assert findings == ()
    for each in new.files:
        (tmp_path / each.path).unlink(missing_ok=True)


def test_a_name_that_no_record_can_have_is_told(tmp_path: Path, schemas: Schemas) -> None:
    with pytest.raises(OcsError, match="must be one line of text"):
        plan(tmp_path, "x" * 301, "lena", "Lena", schemas)
    with pytest.raises(OcsError, match="must be one line of text"):
        plan(tmp_path, "X", "lena", "x" * 301, schemas)


def test_what_is_there_is_kept(tmp_path: Path, schemas: Schemas) -> None:
    (tmp_path / "README.md").write_text("Our own.\n")
    new = plan(tmp_path, "X", "lena", "Lena", schemas)
    begin(new)
    assert new.kept == ("README.md",)
    assert (tmp_path / "README.md").read_text() == "Our own.\n"
    with pytest.raises(OcsError, match="there is a registry"):
        plan(tmp_path, "X", "lena", "Lena", schemas)


@pytest.mark.parametrize("founder", ["", "Lena", "../x", "a", "-rf", "lena brandt"])
def test_an_id_that_is_none_is_told(founder: str, tmp_path: Path, schemas: Schemas) -> None:
    with pytest.raises(OcsError, match="is not an id"):
        plan(tmp_path, "X", founder, "Lena Brandt", schemas)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, schemas: Schemas) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OcsError, match="cannot create a folder"):
        begin(plan(tmp_path / "file" / "registry", "X", "lena", "Lena", schemas))
