"""Other projects' YAML is read as text, with its aliases, and never becomes larger than it may."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.foreign import DEEPEST, MOST_BYTES, MOST_NODES, parse, read
from ocs.errors import OcsError


def tree(text: str) -> object:
    return parse(text.encode(), "x.yaml").tree


def test_every_scalar_is_text_and_aliases_are_followed() -> None:
    text = "%YAML 1.2\n---\npeople:\n  - &ana\n    id: 007\n    away: no\nowners: [*ana, ~, 5.70]\n"
    ana = {"id": "007", "away": "no"}
    assert tree(text) == {"people": [ana], "owners": [ana, "~", "5.70"]}


def test_an_anchor_that_is_used_again_is_the_last_one() -> None:
    assert tree("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": "1", "b": "1", "c": "2", "d": "2"}


def test_tags_have_no_effect() -> None:
    assert tree("a: !!python/object:os.system [x]\nb: !important y\n") == {
        "a": ["x"],
        "b": "y",
    }


def test_of_a_field_that_stands_twice_the_first_counts_and_it_is_told() -> None:
    found = parse(b"a: 1\nb:\n  c: 2\n  c: 3\n", "x.yaml")
    assert found.tree == {"a": "1", "b": {"c": "2"}}
    assert found.repeated == (("c", 4),)


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, f"it contains more than {MOST_NODES:,} values"),
        ("- x\n" * (MOST_NODES + 1), f"it contains more than {MOST_NODES:,} values"),
        ("a: &a [*a]", "refers to a value that contains it"),
        ("a: *b", "nothing defines '&b' above"),
        ("[" * (DEEPEST + 1), f"nested deeper than {DEEPEST}"),
        ("a: b\n---\nc: d", "line 2: a second document begins"),
        ("? [a]\n: b", "a field's name must be a word"),
        ("a: &b [c]\n*b : d", "a field's name must be a word"),
        ("", "x.yaml is empty"),
        ("# nothing\n", "x.yaml is empty"),
        ("a: [b", "x.yaml is not valid YAML: line 2"),
        ("a: b\x07", "x.yaml is no YAML"),
    ],
    ids=lambda value: value[:20],
)
def test_what_cannot_be_taken_is_told(text: str, message: str) -> None:
    with pytest.raises(OcsError) as raised:
        tree(text)
    assert message in raised.value.message
    assert raised.value.hint


def test_bytes_that_are_no_text_are_told() -> None:
    with pytest.raises(OcsError, match="is not UTF-8"):
        parse(b"a: \xff", "x.yaml")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(OcsError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(OcsError, match="No such file"):
        read(tmp_path / "missing.yaml")
    with pytest.raises(OcsError, match="cannot read"):
        read(Path("a\0b"))
    (tmp_path / "large.yaml").write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(OcsError, match="larger than 20 MiB"):
        read(tmp_path / "large.yaml")


PIECES = st.sampled_from(
    [*"[]{}:,-?&*!|>'\"%@#~\\ \n\t\r\ufeff\x85\x00a", "- ", ": ", "&a ", "*a", "a: ", "---"]
)


@settings(max_examples=500)
@given(
    st.one_of(
        st.binary(max_size=100),
        st.lists(PIECES, max_size=30).map(lambda x: "".join(x).encode()),
    )
)
def test_no_bytes_give_a_traceback(data: bytes) -> None:
    with contextlib.suppress(OcsError):
        parse(data, "x.yaml")
