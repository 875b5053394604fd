"""Pages, help and messages are easy to read: short sentences, without the phrases of the list."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.prose import (
    LONGEST_IN_MESSAGES,
    LONGEST_IN_PAGES,
    Sentence,
    page_sentences,
    reading_ease,
    said_in,
    sentences,
)

# Flesch's reading ease of each page, rounded down. A page may get easier to read; raise its floor
# then. It may not get harder.
FLOORS = {
    "CHANGELOG.md": 72,
    "CODE_OF_CONDUCT.md": 60,
    "CONTRIBUTING.md": 79,
    "README.md": 70,
    "RELEASE.md": 75,
    "SECURITY.md": 74,
    "docs/README.md": 76,
    "docs/explanation/architecture.md": 72,
    "docs/explanation/figures.md": 78,
    "docs/explanation/hostile-input.md": 80,
    "docs/explanation/threats.md": 79,
    "docs/explanation/words.md": 84,
    "docs/howto/changes.md": 76,
    "docs/howto/ci.md": 73,
    "docs/howto/gatekeeping.md": 83,
    "docs/howto/importing.md": 76,
    "docs/howto/keys.md": 71,
    "docs/howto/leading.md": 81,
    "docs/howto/searching.md": 82,
    "docs/howto/secrets.md": 74,
    "docs/howto/who-may-ask.md": 74,
    "docs/howto/writing-records.md": 79,
    "docs/reference/json.md": 83,
    "docs/reference/platforms.md": 84,
    "docs/reference/reviewing.md": 74,
}
# Written from the help, the checks and the schemas; what is there is judged with ocs/.
GENERATED = {f"docs/reference/{name}.md" for name in ("commands", "findings", "records")}
# Help, messages and descriptions in every folder.
FOLDERS = sorted(
    str(path.relative_to(ROOT))
    for path in [ROOT / "schemas", ROOT / "ocs", *(ROOT / "ocs").rglob("*")]
    if path.is_dir() and path.name != "__pycache__"
)
PAGES = sorted(
    name
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if (name := str(path.relative_to(ROOT))) not in GENERATED
)


def too_long(found: list[Sentence], longest: int) -> list[str]:
    return [f"{s.place}: {s.words} words: {s.text}" for s in found if s.words > longest]


def hard_phrases(found: list[Sentence]) -> list[str]:
    return [f"{s.place}: '{phrase}': {s.text}" for s in found for phrase in s.phrases]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_short_sentences_and_no_hard_phrases(page: str) -> None:
    found = list(page_sentences(ROOT / page, page))
    assert too_long(found, LONGEST_IN_PAGES) + hard_phrases(found) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_no_harder_to_read_than_it_was(page: str) -> None:
    ease = reading_ease(list(page_sentences(ROOT / page, page)))
    assert page in FLOORS, f"a new page: add its reading ease, {math.floor(ease)}, to FLOORS"
    assert ease >= FLOORS[page]


def test_every_floor_is_of_a_page() -> None:
    assert sorted(FLOORS) == PAGES


@pytest.mark.parametrize("folder", FOLDERS)
def test_messages_and_help_are_short_and_without_hard_phrases(folder: str) -> None:
    files = (path for path in (ROOT / folder).iterdir() if path.suffix in (".py", ".json"))
    found = [s for path in sorted(files) for s in said_in(path, str(path.relative_to(ROOT)))]
    assert too_long(found, LONGEST_IN_MESSAGES) + hard_phrases(found) == []


def test_what_users_see_of_a_module_is_found(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(
        '''"""Not of this."""
def due():
    """List upcoming dates.

    Example:
      ocs due
    """
    print(f"nobody has {heard} of it")

@check("x", hint="Write a day.")
def rule():
    """A day has come.

    Nor of this.
    """
'''
    )
    (tmp_path / "a.json").write_text('{"description": "A day.", "a": {"description": "Why."}}')
    found = {s.text for file in tmp_path.iterdir() for s in said_in(file, file.name)}
    assert found == {
        "List upcoming dates.",
        "nobody has {x} of it",
        "Write a day.",
        "A day has come.",
        "A day.",
        "Why.",
    }


def test_sentences_are_told_apart_and_measured() -> None:
    text = (
        "Run `ocs secret add`. ocs writes a/file in {x} days: see here.\n\nIs it told? is told"
    )
    found = list(sentences("x", text))
    assert [s.text for s in found] == [
        "Run `ocs secret add`.",
        "ocs writes a/file in {x} days: see here.",
        "Is it told? is told",
    ]
    assert [s.words for s in found] == [2, 8, 5]
    assert too_long(found, 7) == [f"x: 8 words: {found[1].text}"]
    assert hard_phrases(found) == ["x: 'is told': Is it told? is told"]
