"""YAML is read as it looks, or refused with the line to write instead."""

from __future__ import annotations

import codecs

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ocs.adapters.yamlfile import DEEPEST, MOST_BYTES, Parsed, locate, parse
from ocs.adapters.yamlfile.parsing import MOST_FAULTS
from tests.conftest import EXAMPLE_REGISTRY


def read(text: str) -> Parsed:
    return parse(text.encode())


def test_libyaml_is_there() -> None:
    assert yaml.__with_libyaml__


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "off",
        "null",
        "~",
        "5.70",
        "22:30",
        "0o17",
        "1_000",
        "2026-11-20",
        "1e3",
        ".inf",
        "=",
        "<<",
    ],
)
def test_every_scalar_is_the_text_that_stands_there(written: str) -> None:
    assert read(f"value: {written}\nlist: [{written}]\n").tree == {
        "value": written,
        "list": [written],
    }


@pytest.mark.parametrize(
    "line", ["a: b # note", "a: b  #", "a: b#c", "a: 'b' #c", "a: 'b #c'", "a: b ## c"]
)
def test_a_comment_that_looks_like_one_is_one(line: str) -> None:
    assert read(line).faults == ()


def test_a_language_code_that_yaml_takes_for_false_is_a_field() -> None:
    assert read("languages:\n  no: native\n").tree == {"languages": {"no": "native"}}


def test_texts_of_several_lines_are_read_as_yaml_says() -> None:
    assert read("a: |\n  1. one\n  2. two\nb: >\n  one\n  line\n").tree == {
        "a": "1. one\n2. two\n",
        "b": "one line",
    }


@pytest.mark.parametrize("text", ["name: Lena\r\nmail: x\r\n", "\ufeffname: Lena\nmail: x\n"])
def test_carriage_returns_and_a_byte_order_mark_are_accepted(text: str) -> None:
    assert read(text).tree == {"name": "Lena", "mail": "x"}


# What people write, where the fault is seen, what is said, and what to write instead.
TRAPS = {
    "matrix: @lena:example.org": (
        (1, 9),
        "cannot begin with '@'",
        'write: matrix: "@lena:example.org"',
    ),
    "a: `x`": ((1, 4), "cannot begin with '`'", 'write: a: "`x`"'),
    "a: %x": ((1, 4), "cannot begin with '%'", 'write: a: "%x"'),
    "a:\n  - @x": ((2, 5), "cannot begin with '@'", 'write: - "@x"'),
    "url: #room": ((1, 5), "'url' has no value: the text after", 'write: url: "#room"'),
    "a:\n- #room\n- b": ((2, 2), "this item has no value: the text after", 'write: - "#room"'),
    "cause:\nx: y": ((1, 7), "'cause' has no value", "write one, or delete the line"),
    "cause: # later": (
        (1, 7),
        "'cause' has no value but a comment",
        "write one before the '#'",
    ),
    "a:\n\tb: c": ((2, 1), "a tab is used as indentation", "with spaces"),
    "a: b\n\tc: d": ((2, 1), "a tab is used as indentation", "with spaces"),
    "title: Error: not found": (
        (1, 13),
        "a value with ': ' in it",
        'write: title: "Error: not found"',
    ),
    'title: "x": y': ((1, 11), "a value with ': ' in it", None),
    'title: "Late" mail': (
        (1, 15),
        "more text after the closing quote",
        "write: title: '\"Late\" mail'",
    ),
    'title: "Late': ((1, 8), "the quote that opens here is never closed", None),
    "says: Cannot find channel #general": (
        (1, 7),
        "this value is cut short",
        "write: says: \"Cannot find channel #general\" (or put a space after the '#', if it is a comment)",
    ),
    "says: [error] 12#12: *45 open() failed": (
        (1, 15),
        "a value that begins with '[' or '{' is a list",
        'write: says: "[error] 12#12: *45 open() failed"',
    ),
    "says: {x} is no list": ((1, 11), "is a list; quote it", 'write: says: "{x} is no list"'),
    "says: 'can't find file'": (
        (1, 12),
        "more text after the closing quote",
        'write: says: "can\'t find file"',
    ),
    "says: 'root'@'localhost' denied": (
        (1, 13),
        "more text after",
        "write: says: '''root''@''localhost'' denied'",
    ),
    "name: Lena\nmail:lena@example.org": (
        (2, 1),
        "no space after the ':'",
        "write: mail: lena@example.org",
    ),
    "name: 'it's'": ((1, 11), "more text after the closing quote", 'write: name: "it\'s"'),
    'name: "a" b # c': ((1, 11), "more text after", "write: name: '\"a\" b'"),
    "title: 'Late\nmail: x": ((1, 8), "the quote that opens here is never closed", None),
    'path: "C:\\Users"': (
        (1, 12),
        "'\\' has a special meaning between double quotes",
        "write: path: 'C:\\Users'",
    ),
    'a: "\\ud800"': ((1, 7), "'\\' has a special meaning between double quotes", None),
    "- *.example.org": ((1, 3), "cannot begin with '*'", 'write: - "*.example.org"'),
    "a: *bold* words": ((1, 4), "cannot begin with '*'", 'write: a: "*bold* words"'),
    "a: *x": ((1, 4), "anchors are not allowed", 'write: a: "*x"'),
    "a: &x y": ((1, 4), "anchors are not allowed", 'write: a: "&x y"'),
    "a: &x\n  b: c": ((1, 4), "anchors are not allowed", "delete it"),
    "a: !important": ((1, 4), "tags are not allowed", 'write: a: "!important"'),
    "a: !!str 5": ((1, 4), "tags are not allowed", 'write: a: "!!str 5"'),
    "a: !!map\n  b: c": ((1, 4), "tags are not allowed", "delete it"),
    "%TAG ! tag:x,2000:\n---\na: b": ((1, 1), "tags are not allowed", None),
    "a: >30 users": ((1, 4), "cannot begin with '>'", 'write: a: ">30 users"'),
    "a: b\nc: d\na: e": (
        (3, 1),
        "the field 'a' appears twice, first in line 1",
        "keep one of them",
    ),
    "a:\n  b: c\n  b: d": ((3, 3), "the field 'b' appears twice, first in line 2", None),
    "a: {b: c, b: d}": ((1, 11), "the field 'b' appears twice", None),
    "a: b\nmail\nc: d": ((2, 1), "a field's name without ':'", "write `name: value`"),
    "a: - b": ((1, 4), "a list must begin on the line after its field", None),
    "a: [b, c": ((1, 4), "'[' is not closed with ']' here", None),
    "a: [": ((1, 4), "'[' is not closed with ']' here", None),
    "a:\n  - {b: [\n": ((2, 9), "'[' is not closed with ']' here", None),
    "a: {b: [c], d: [e]\nf: g\n": (
        (1, 4),
        "'{' is not closed with '}' here",
        None,
    ),
    "a: {b: c": ((1, 4), "'{' is not closed with '}' here", None),
    "a:\n  b: c\n d: e": ((3, 2), "does not fit the ones above it", None),
    "? [a]\n: b": ((1, 3), "a field's name must be a word", None),
    ": b": ((1, 1), "does not fit the ones above it", None),
    "? \n: b": ((1, 2), "a field without a name", None),
    "- a": (
        (1, 1),
        "this is not a list of fields",
        "write fields such as `name: Lena Brandt`",
    ),
    "words": ((1, 1), "this is not a list of fields", None),
    "a: b\n---\nc: d": (
        (2, 1),
        "a second document begins here",
        "keep one record in each file",
    ),
    "": ((1, 1), "the file is empty", None),
    "# only this": ((1, 1), "the file is empty", None),
    "a: b\x07c": ((1, 5), "the character U+0007 is invisible", "delete it"),
    "a: b\n\x1b[31m: c": ((2, 1), "the character U+001B is invisible", None),
    "a: " + "[" * DEEPEST + "]" * DEEPEST: (
        (1, 23),
        f"nested deeper than {DEEPEST}",
        "nest it less deeply",
    ),
}


@pytest.mark.parametrize("text", TRAPS, ids=repr)
def test_a_trap_is_refused_with_the_line_to_write_instead(text: str) -> None:
    (line, column), message, hint = TRAPS[text]
    result = read(text)
    assert result.tree is None
    faults = [fault for fault in result.faults if message in fault.message]
    assert faults, result.faults
    assert (faults[0].span.line, faults[0].span.column) == (line, column)
    if hint is not None:
        assert hint in (faults[0].hint or "")


@pytest.mark.parametrize(
    "text",
    [text for text, (_, _, hint) in TRAPS.items() if (hint or "").startswith("write: ")],
)
def test_the_line_to_write_instead_is_read(text: str) -> None:
    lines = text.split("\n")
    for fault in read(text).faults:
        assert fault.hint
        number = fault.span.line - 1
        indentation = lines[number][: len(lines[number]) - len(lines[number].lstrip(" "))]
        lines[number] = indentation + fault.hint.removeprefix("write: ").partition(" (or ")[0]
    mended = read("\n".join(lines))
    assert all("list of fields" in fault.message for fault in mended.faults), lines


def test_a_conflict_that_git_left_is_one_fault_at_its_first_line() -> None:
    sides = "<<<<<<< HEAD\nrotated: 2026-01-02\n=======\nrotated: 2026-01-03\n>>>>>>> other\n"
    for before, more in (("", ""), ("purpose: x\n", ""), ("readers:\n", "    person: sam\n")):
        (fault,) = parse((before + sides + more).encode()).faults
        assert fault.message.startswith("two branches changed this")
        assert fault.span.line == before.count("\n") + 1
    (other, *_) = parse(b"a: x\n<<<<<<< HEAD\n=======\n").faults
    assert not other.message.startswith("two branches")


def test_all_faults_of_a_file_are_told_at_once() -> None:
    result = read("a: &x b\nc: *x\nd: #e\na: f\n")
    assert [fault.span.line for fault in result.faults] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"name: Lena\ncity: M\xfcnchen\n", (2, 8), "the byte fc is not UTF-8"),
        (b"\xff\xfen\x00a\x00", (1, 1), "the file is saved as UTF-16"),
        ("name: Lena".encode("utf-16-be"), (1, 1), "is invisible"),
        (codecs.BOM_UTF8 + b"a: \xff", (1, 4), "the byte ff is not UTF-8"),
        (b"a: b" + b" " * MOST_BYTES, (1, 1), "larger than 1 MiB"),
        (b"a: \x00", (1, 4), "the character U+0000"),
        (b"\x80\x02}q\x00.", (1, 1), "the byte 80 is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text_are_refused(
    data: bytes, place: tuple[int, int], message: str
) -> None:
    (fault,) = parse(data).faults
    assert message in fault.message
    assert (fault.span.line, fault.span.column) == place


def test_a_bomb_of_aliases_is_refused_without_being_unfolded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    assert read("\n".join(lines)).tree is None


@pytest.mark.parametrize(
    "text", ["{" + "a: , " * 60_000, "a: [" + "&a x, " * 60_000, "a: @" + " " * 500_000 + "x"]
)
def test_a_file_with_thousands_of_faults_is_answered_at_once(text: str) -> None:
    assert 1 <= len(read(text).faults) <= MOST_FAULTS


def test_a_block_of_one_line_is_that_line() -> None:
    assert read("title: >\n  Mail is late\nname: |\n  Lena\n").tree == {
        "title": "Mail is late",
        "name": "Lena",
    }


@pytest.mark.parametrize("sign", ["[", "{", "- ", "? ", "a: [", "&a ", "!", "'"])
def test_a_deep_or_endless_file_is_answered_at_once(sign: str) -> None:
    assert parse((sign * (MOST_BYTES // len(sign))).encode()).tree is None


PLACES = """\
name: Lena
leads:
  - person: ana
    speaks_for: [domain, budget]
cause: |
  first
  second
"""


@pytest.mark.parametrize(
    ("steps", "of_key", "span"),
    [
        (("name",), False, (1, 7, 4)),
        (("name",), True, (1, 1, 4)),
        (("leads", 0, "person"), False, (3, 13, 3)),
        (("leads", 0, "speaks_for", 1), False, (4, 26, 6)),
        (("leads", 0), False, (3, 5, 1)),
        (("leads", 0, "role"), False, (3, 5, 1)),
        (("leads", 7, "role"), False, (3, 3, 1)),
        (("cause",), False, (5, 8, 1)),
        ((), False, (1, 1, 1)),
    ],
)
def test_a_place_is_found_by_its_steps(
    steps: tuple, of_key: bool, span: tuple[int, int, int]
) -> None:
    (found,) = locate(PLACES.encode(), [(steps, of_key)])
    assert (found.line, found.column, found.length) == span
    assert found.text == PLACES.splitlines()[found.line - 1]


def test_columns_count_characters_and_not_bytes() -> None:
    (found,) = locate("Größe: [ä, ö]".encode(), [(("Größe", 1), False)])
    assert (found.line, found.column) == (1, 12)


YAML_PIECES = st.sampled_from(
    [
        *"[]{}:,-?&*!|>'\"%@`#~\\ \n\t\r\ufeff\x85\u2028\x00",
        "a",
        "é",
        "- ",
        ": ",
        "  ",
        "a: ",
        "---",
        "...",
        "\\x",
    ]
)


@settings(max_examples=1500)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(YAML_PIECES, max_size=40).map(lambda x: "".join(x).encode()),
    )
)
@example(b"a: |\n x\n \ty\n")
@example(b'[a]: b\n"": c\n')
@example(b"? - \n: ")
@example("a:\u2028\u2029 b\n\u2028c".encode())
def test_no_bytes_give_a_traceback(data: bytes) -> None:
    result = parse(data)
    assert (result.tree is None) == bool(result.faults)
    for fault in result.faults:
        assert fault.span.line >= 1
        assert fault.span.column >= 1
    if result.tree is not None:
        steps = [((key,), of_key) for key in result.tree for of_key in (False, True)]
        assert len(locate(data, steps)) == len(steps)


EXAMPLE = (EXAMPLE_REGISTRY / "orgs" / "riverside-food-bank.yaml").read_bytes()


@settings(max_examples=500)
@given(
    st.lists(
        st.tuples(st.integers(0, len(EXAMPLE) - 1), st.integers(0, 40), YAML_PIECES),
        max_size=4,
    )
)
def test_no_slip_in_a_real_file_gives_a_traceback(slips: list[tuple[int, int, str]]) -> None:
    data = EXAMPLE
    for position, length, piece in slips:
        data = data[:position] + piece.encode() + data[position + length :]
    parse(data)


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
        st.recursive(
            st.text(
                st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")),
                min_size=1,
            ),
            lambda inner: st.lists(inner, min_size=1, max_size=3),
            max_leaves=8,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_a_yaml_library_writes_is_read_back(tree: dict) -> None:
    written = yaml.dump(tree, allow_unicode=True, Dumper=_PlainDumper)
    assert parse(written.encode()).tree == tree


class _PlainDumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def test_a_line_that_is_too_long_to_write_again_is_not_written_in_a_hint() -> None:
    [fault] = parse(f"name: &a {'long ' * 1000}\n".encode()).faults
    assert fault.hint == "put it between quotes"
