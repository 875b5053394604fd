"""The server and the surroundings of hostile registries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.around import Around
from tests.hostile.processes import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("streams")) as server:
        yield server


@pytest.fixture
def around(server: Server, in_memory: Path) -> Around:
    around = Around(in_memory / "around", server)
    around.prepare()
    return around
