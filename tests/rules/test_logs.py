"""Of a log stays what tells of trouble, and nothing that belongs to the moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.rules.logs import telling_lines, without_noise


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Nov 12 03:00:01 cloud php[812]: no apps are loaded", "php : no apps are loaded"),
        ("2026-11-12T07:31:22.120481+01:00 refused", "refused"),
        ("[12-Nov-2026 09:14:55 UTC] PHP Warning: x", "[ ] PHP Warning: x"),
        (
            "2026/11/12 08:01:44 [error] 1711#1711: *5021 too large: 12582912 bytes",
            "[error] too large: bytes",
        ),
        ("from 203.0.113.4:51234 to fe80::1:2:3:4", "from to"),
        ("id 123e4567-e89b-12d3-a456-426614174000 <a@example.org>", "id"),
        ("at 0x00007fff12345678: 0x80070005", "at : 0x80070005"),
        ("550 5.7.26 errno 28 restarted the facade", "550 5.7.26 errno 28 restarted the facade"),
        ("\x1b[31mfailed\x1b[0m", "failed"),
    ],
)
def test_noise_is_taken_out_and_codes_stay(line: str, said: str) -> None:
    assert without_noise(line) == said


def test_only_the_worst_lines_are_kept_each_once() -> None:
    log = """\
10:00:01 INFO no errors so far
10:00:02 WARNING disk almost full
10:00:03 ERROR cannot write 4711
10:00:04 ERROR cannot write 4712
"""
    assert telling_lines(log) == "ERROR cannot write 4711\nERROR cannot write 4712"
    assert telling_lines(log.replace("471", "98765471")) == "ERROR cannot write"
    assert telling_lines("10:00:01 INFO started\n10:00:02 WARNING slow") == "WARNING slow"
    assert telling_lines("10:00:01 started") == "started"


@given(st.text(max_size=400))
def test_any_text_is_a_log(text: str) -> None:
    assert without_noise(telling_lines(text)) is not None
