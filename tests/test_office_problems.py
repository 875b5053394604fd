"""2,448 real support articles load, validate and are found; where they lie beside the checkout."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from ocs.adapters.files import Files
from ocs.model.kinds import KIND
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.validate import validate
from ocs.tasks.search.search import search
from ocs.workspace import Workspace
from tests.conftest import SHARED_DATA

OFFICE = SHARED_DATA / "office-problems"

pytestmark = pytest.mark.skipif(
    not OFFICE.is_dir(),
    reason="the office-problems data is not beside this checkout (OCS_SHARED_DATA)",
)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("office")
    shutil.copytree(OFFICE / "problems", root / "problems")
    (root / "ocs.yaml").write_text("name: Office problems\n")
    return root


def test_they_validate_but_for_two_that_delete_folders(
    registry: Path, schemas: Schemas
) -> None:
    report = validate(Files(registry), schemas, date(2026, 11, 20))
    assert [(found.code, found.place.file) for found in report.findings] == [
        ("dangerous-command", f"problems/{name}.yaml")
        for name in (
            "clear-teams-cache",
            "how-to-do-a-clean-uninstallation-of-skype-for-business-on",
        )
    ]
    assert report.records == 2449


def test_their_own_descriptions_and_messages_find_them(registry: Path) -> None:
    """Nine of ten judged queries have their article among the first ten; every fourth is tried."""
    judged = [json.loads(line) for line in (OFFICE / "queries.jsonl").read_text().splitlines()]
    assert len(judged) == 1338
    queries = judged[::4]

    def found(index: object) -> int:
        answers = (search(index, query["query"], [KIND["problem"]], 10) for query in queries)  # type: ignore[arg-type]
        return sum(
            bool({result.record.id for result in answer.results} & set(query["relevant"]))
            for answer, query in zip(answers, queries, strict=True)
        )

    assert Workspace.open(registry).ask(found) > 0.9 * len(queries)
