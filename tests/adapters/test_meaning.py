"""What words mean counts where the extra `semantic` is installed, and is not missed where it is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocs.adapters.meaning import Meaning, is_installed
from ocs.adapters.store.index import Index
from ocs.model.kinds import KIND
from ocs.tasks.search.search import search
from ocs.workspace import Workspace
from tests.conftest import EXAMPLE_REGISTRY

needed = pytest.mark.skipif(not is_installed(), reason="the extra `semantic` is not installed")
LOADED = """
import sys
from ocs.cli import app
sys.argv = ["ocs", "search", "--paths", "website", "white"]
try:
    app()
finally:
    names = {name.partition(".")[0] for name in sys.modules}
    print("loaded", *sorted(names & {"numpy", "tokenizers", "wordllama"}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    found = Meaning.find()
    assert found is not None
    return found


@needed
def test_texts_of_one_thing_are_more_alike_than_others(meaning: Meaning) -> None:
    text = "the e-mail arrives late"
    same, other = meaning.likeness(
        text, ["messages are delivered with a delay", "the printer has no paper"]
    )
    assert same > other
    assert meaning.likeness(text, [text]) == pytest.approx([1.0], abs=1e-3)


@needed
def test_any_text_has_a_meaning_or_none(meaning: Meaning) -> None:
    anything = st.text(st.characters(codec=None))

    @given(anything, anything)
    @example("\ud800", "a")
    def compared(one: str, other: str) -> None:
        (like,) = meaning.likeness(one, [other])
        assert -1.01 < like < 1.01

    compared()


@needed
def test_it_counts_for_words_and_never_for_codes(meaning: Meaning) -> None:
    def parts(query: str) -> list[float]:
        def ask(index: Index) -> list[float]:
            answer = search(index, query, [KIND["problem"]], 3, meaning=meaning)
            return [result.parts["meaning"] for result in answer.results]

        return Workspace.open(EXAMPLE_REGISTRY).ask(ask)

    assert all(parts("website shows nothing"))
    assert not any(parts("mail rejected 550 5.7.26"))


@needed
def test_nothing_of_the_wheel_but_its_data_is_loaded() -> None:
    assert loaded() == "loaded numpy tokenizers\n"


@pytest.mark.skipif(is_installed(), reason="the extra `semantic` is installed")
def test_without_the_extra_nothing_of_it_is_loaded() -> None:
    assert Meaning.find() is None
    assert loaded() == "loaded\n"


@pytest.mark.parametrize("content", [b"", b"\xff" * 20, b"\2\0\0\0\0\0\0\0{}"])
def test_a_broken_file_is_as_if_there_were_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    wheel = tmp_path / "wordllama"
    for folder, name in [
        ("weights", "l2_supercat_256.safetensors"),
        ("tokenizers", "l2_supercat_tokenizer_config.json"),
    ]:
        (wheel / folder).mkdir(parents=True)
        (wheel / folder / name).write_bytes(content)
    (wheel / "__init__.py").write_text("raise AssertionError('it is not to be loaded')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "wordllama", raising=False)
    assert is_installed()
    assert Meaning.find() is None


def loaded() -> str:
    """What a search loads of the extra."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=EXAMPLE_REGISTRY,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr[done.stderr.index("loaded") :]
