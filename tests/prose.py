"""Reading texts as a tired reader does: sentences, their length, and phrases to do without.

    python -m tests.prose ocs/rules docs/howto/keys.md     what is too long, or hard to read, and where

The source of the measure: R. Flesch, "A new readability yardstick", 1948. Syllables are counted
as groups of vowels, which is right for about nine English words in ten.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_IN_MESSAGES, LONGEST_IN_PAGES = 20, 25
# What is hard to read, or says who does something by not saying it.
PHRASES = (
    "is told",
    "are told",
    "is said",
    "says of",
    "said of",
    "what is to be",
    "who is to be",
    "whoever",
    "whomever",
    "by whom",
    "to whom",
    "hears of",
    "heard of",
    "nothing to mend",
    "is asked for",
    "need not",
    "anew",
    "meanwhile",
    "themself",
    "small letters",
    "steers?",
    "has a say",
    "the word of",
    "all else",
    "speaks for whom",
    r"(?:is|are) [a-z]+ since",
    "who is it",
)
_PHRASE = re.compile(r"\b(?:" + "|".join(PHRASES) + r")\b", re.IGNORECASE)
# Programs whose names begin a sentence in small letters.
_NAMES = "ocs|git|gpg|pass|wl-copy|rg"
_END = re.compile(
    rf"(?<=[.!?])[\"')*]*\s+(?=[\"'`(*]*(?:[A-Z0-9`]|(?:{_NAMES})\b))|:\n|\n{{2,}}"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, with the file and line where its text begins."""

    place: str
    text: str

    @property
    def words(self) -> int:
        """How many words it has. Code, numbers and signs count as one word each."""
        text = re.sub(r"`[^`]*`|\{[^{}]*\}|\S*[/_=<>]\S*", " code ", self.text)
        return sum(1 for word in text.split() if re.search(r"\w", word))

    @property
    def phrases(self) -> list[str]:
        """The phrases in it that are to be written otherwise."""
        return [match.group() for match in _PHRASE.finditer(re.sub(r"`[^`]*`", "", self.text))]


def sentences(place: str, text: str) -> Iterator[Sentence]:
    """The sentences of a text."""
    for part in _END.split(text):
        if part and _WORD.search(part):
            yield Sentence(place, " ".join(part.split()))


def page_sentences(path: Path, name: str) -> Iterator[Sentence]:
    """The sentences of a Markdown page: without code, tables, headings and addresses."""
    for line, paragraph in _paragraphs(path.read_text(encoding="utf-8")):
        yield from sentences(f"{name}:{line}", paragraph)


def _paragraphs(page: str) -> Iterator[tuple[int, str]]:
    in_code = False
    begun, lines = 0, list[str]()
    for number, line in enumerate([*page.split("\n"), ""], 1):
        if line.lstrip().startswith("```"):
            in_code = not in_code
            line = ""
        elif in_code or (
            line.lstrip().startswith(("|", "#", "<", "![", "[")) and not _is_link(line)
        ):
            line = ""
        item = re.match(r"\s*(?:[-*] |\d+\. )", line)
        if lines and (item or not line.strip()):
            yield begun, re.sub(r"\]\([^)]*\)|[\[\]*]", "", "\n".join(lines))
            lines = []
        if line.strip():
            begun = begun if lines else number
            lines.append(line[item.end() :] if item else line)


def _is_link(line: str) -> bool:
    """Does the line begin with a link in a sentence, rather than define one?"""
    return line.startswith("[") and not re.match(r"\[[^\]]*\]:", line)


def messages(path: Path, name: str) -> Iterator[Sentence]:
    """The sentences that a module prints: its texts of three words and more, and its help."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    lists = {  # such as `"one two three".split()`
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "split"
    }
    skipped = docstrings | inside | lists
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from sentences(f"{name}:{node.lineno}", _help(node))
        if id(node) in skipped:
            continue
        text = _text(node)
        if (
            len(_WORD.findall(text)) >= 3
            and " " in text
            and not re.search(r"\\b|\(\?|SELECT|CREATE ", text)
        ):
            yield from sentences(f"{name}:{node.lineno}", text)  # type: ignore[attr-defined]


def _help(function: ast.FunctionDef) -> str:
    """The docstring as far as users see it: of a command without its example, and the meaning
    of a check."""
    text = ast.get_docstring(function) or ""
    if "\nExample:\n" in text:
        return text.partition("\nExample:\n")[0]
    decorators = [getattr(call, "func", call) for call in function.decorator_list]
    is_check = any(isinstance(made, ast.Name) and made.id == "check" for made in decorators)
    return text.partition("\n\n")[0] if is_check else ""


def descriptions(path: Path, name: str) -> Iterator[Sentence]:
    """The sentences of a schema: what it says of its fields."""
    found: list[str] = []

    def keep(node: dict[str, Any]) -> dict[str, Any]:
        found.append(str(node.get("description", "")))
        return node

    json.loads(path.read_text(encoding="utf-8"), object_hook=keep)
    for text in found:
        yield from sentences(name, text)


def said_in(path: Path, name: str) -> Iterator[Sentence]:
    """The sentences of a page, a module or a schema."""
    of_kind = {".md": page_sentences, ".json": descriptions}.get(path.suffix, messages)
    yield from of_kind(path, name)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "{x}" for part in node.values
        )
    return ""


def reading_ease(found: list[Sentence]) -> float:
    """Flesch's reading ease of a text: 100 is very easy, 60 plain English, 30 a law."""
    words = [word for sentence in found for word in _WORD.findall(sentence.text)]
    if not words:
        return 100.0
    syllables = sum(_syllables(word) for word in words)
    return 206.835 - 1.015 * len(words) / len(found) - 84.6 * syllables / len(words)


def main(names: list[str]) -> None:
    """Name the sentences of modules, pages and schemas that are too long or hold a phrase."""
    for path in sorted(found for name in names for found in _files(Path(name))):
        is_page = path.suffix == ".md"
        read = list(said_in(path, str(path)))
        for sentence in read:
            if sentence.words > (LONGEST_IN_PAGES if is_page else LONGEST_IN_MESSAGES):
                print(f"{sentence.place}: {sentence.words} words: {sentence.text}")
            for phrase in sentence.phrases:
                print(f"{sentence.place}: '{phrase}': {sentence.text}")
        if is_page:
            print(f"{path}: reading ease {reading_ease(read):.0f}")


def _files(path: Path) -> list[Path]:
    kinds = ("*.py", "*.md", "*.json")
    return [path] if path.is_file() else [file for kind in kinds for file in path.rglob(kind)]


def _syllables(word: str) -> int:
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(1, groups)


if __name__ == "__main__":
    main(sys.argv[1:])
