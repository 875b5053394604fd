"""Hostile files: what is in them is written as a record of every kind."""

from __future__ import annotations

import json

# What steers a terminal, looks like markup, or reads otherwise than it stands.
STEERS = "\x1b]0;owned\x07\x1b[31m\x1b[2J[red]x[/red] [/x] :smile: \u202eevil\u2066 \u009b2J \r\rover \x00\x08\x7f"
COMMANDS_OF_CI = (
    "::error file=x::owned%0A::set-output name=a::b\n::stop-commands::x\n##[group]\n"
)

_FIELDS = "name: x\ntitle: x\nsymptoms: [{says: x}]\n"
_ALL_TEXTS = (
    "name",
    "title",
    "purpose",
    "state",
    "status",
    "kind",
    "level",
    "website",
    "product",
    "versions",
)


def _in_every_field(text: str) -> str:
    quoted = json.dumps(text)
    lines = [f"{field}: {quoted}\n" for field in _ALL_TEXTS]
    lines += [
        f"{field}: [{quoted}]\n"
        for field in ("formerly", "tags", "gatekeepers", "part_of", "related")
    ]
    return (
        "".join(lines)
        + f"symptoms: [{{says: {quoted}}}]\nleads: [{{person: {quoted}}}]\n{quoted}: x\n"
    )


# What the file is called: what is in it, and what `ocs validate` says of it.
CONTENTS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "the file is empty"),
    "only a comment": ("# nothing\n", "the file is empty"),
    "no fields": ("x\n", "this is not a list of fields"),
    "a billion laughs": (
        "a: &a [x, x]\n"
        + "".join(
            f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "anchors are not allowed",
    ),
    "an alias to itself": ("a: &a\n  b: *a\n", "anchors are not allowed"),
    "10,000 aliases": ("a: &a x\nb: [" + "*a, " * 10_000 + "]\n", "anchors are not allowed"),
    "tags that make objects": (
        "name: !!python/object/apply:os.system [id]\n",
        "tags are not allowed",
    ),
    "20,000 keys": (
        _FIELDS + "".join(f"key{n}: x\n" for n in range(20_000)),
        "there is no field 'key",
    ),
    "one key 20,000 times": ("name: x\n" * 20_000, "appears twice"),
    "nested 10,000 deep": ("name: " + "[" * 10_000 + "]" * 10_000, "nested deeper than 20"),
    "nested 10,000 deep by lines": (
        "".join(f"{' ' * n}a:\n" for n in range(1300)),
        "nested deeper than 20",
    ),
    "1 MiB of [": ("[" * (1 << 20), "this is not a list of fields"),
    "1 MiB of {": ("{" * (1 << 20), ""),
    "1 MiB of ?": ("? " * (1 << 19), ""),
    "1 MiB of quotes": ("name: '" + "''" * ((1 << 19) - 20), ""),
    "1 MiB of - in a line": ("name: " + "- " * (1 << 18), ""),
    "1 MiB of line ends": ("\n" * (1 << 20), "the file is empty"),
    "more than 1 MiB": (_FIELDS + "# " + "x" * (1 << 20), "larger than 1 MiB"),
    "a line of 10 MiB": ("name: " + "x" * (10 << 20) + "\n", "larger than 1 MiB"),
    "a line of 1,000,000": (_FIELDS + "cause: " + "x" * 1_000_000 + "\n", ""),
    "many documents": ("---\nname: x\n" * 5_000, "a second document begins here"),
    "a number of 1,000,000 digits": (
        "name: x\nocs: "
        + "9" * 1_000_000
        + "\nthreshold: "
        + "9" * 5000
        + "\nhours_a_week: "
        + "9" * 5000
        + "\n",
        "",
    ),
    "odd numbers": (
        "name: x\nhours_a_week: 1e400\nmost_open_requests: -0\nthreshold: ٣\nocs: 0x1\ntakes: .inf\n",
        "",
    ),
    "days at the ends of time": (
        "name: x\ntitle: x\nlevel: known\npurpose: x\nsymptoms: [{says: x}]\n"
        + "".join(
            f"{field}: {day}\n"
            for field, day in zip(
                (
                    "since",
                    "expires",
                    "review_by",
                    "rotate_by",
                    "rotated",
                    "away_until",
                    "solved_on",
                    "reviewed",
                ),
                ("0001-01-01", "9999-12-31") * 4,
                strict=True,
            )
        )
        + "domains: [{name: x.example, expires: 0001-01-01}, {name: y.example, expires: 9999-12-31}]\n"
        + "leads: [{person: lena, role: owner, since: 0001-01-01, term_ends: 9999-12-31}]\n",
        "",
    ),
    "days that are none": (
        "name: x\nsince: 2026-02-30\nexpires: 0000-00-00\nreview_by: 99999-01-01\nrotate_by: ２０２６-01-01\n",
        "",
    ),
    "NUL bytes": (b"name: x\0y\n\0\0\n", ""),
    "UTF-16": ("name: Zoë\n".encode("utf-16"), ""),
    "UTF-16 without a mark": ("name: Zoë\n".encode("utf-16-le"), ""),
    "UTF-32": ("name: Zoë\n".encode("utf-32"), ""),
    "Latin-1": ("name: Zoë\n".encode("latin-1"), "not UTF-8"),
    "surrogates as bytes": (b"name: \xed\xa0\x80\xed\xb0\x80\n", "not UTF-8"),
    "surrogates as escapes": (
        _in_every_field("x") + 'cause: "\\ud800 \\udc00"\nundo: "\\uD83D\\uDE00"\n',
        "",
    ),
    "escapes past Unicode": ('name: "\\UFFFFFFFF \\U00110000"\n', ""),
    "what is no character": ("name: \ufffe\uffff\nfoo: \ufdd0\n", ""),
    "what steers a terminal": (_in_every_field(STEERS), ""),
    "what steers a terminal, unquoted": (f"name: {STEERS}\n{STEERS}: x\n", ""),
    "right-to-left marks": (_in_every_field("\u202e\u2066gpj.x\u2069 \u200f\u061c"), ""),
    "commands of CI": (_in_every_field(COMMANDS_OF_CI), ""),
    "ends of lines of all kinds": ("name: a\rb\r\ntitle: c\x85d\u2028e\u2029f\n\r\r\n", ""),
    "tabs": ("name:\tx\n\tb: x\n", "indent the line with spaces"),
    "words for SQL and FTS": (
        _in_every_field('"*) OR 1=1; DROP TABLE words; -- NEAR(a b) {col}: ^x'),
        "",
    ),
    "words for a format": (
        _in_every_field("{0.__class__} %s%n%(x)s $HOME `id` $(id) ${IFS}"),
        "",
    ),
    "names that lead out": (_in_every_field("../../canary/secret"), ""),
    "names that are options": (_in_every_field("--registry=/ -rf"), ""),
    "3,000 symptoms": (
        "title: x\nname: x\nsymptoms:\n" + "  - says: mail is late\n" * 3_000,
        "",
    ),
    "3,000 leads that are nobody": (
        "name: x\nleads: ["
        + "".join(f"{{person: nobody-{n}}}, " for n in range(3_000))
        + "]\n",
        "",
    ),
    "ids of 60 characters": (_in_every_field("a-" * 29 + "ab"), ""),
    "ids of 10,000 characters": (_in_every_field("a" * 10_000), ""),
    "one letter with 100,000 accents": (_FIELDS + "cause: e" + "\u0301" * 100_000 + "\n", ""),
}
