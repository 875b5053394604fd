"""Exact codes are found in a text however they are written, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.rules.search.codes import codes_in, codes_meant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Error 0x80070005 occurred", "0x80070005"),
        ("error 0X8007000E", "0x8007000e"),
        ("(80072EE7)", "0x80072ee7"),
        ("failed: -2147024891", "0x80070005"),
        ("failed: 2147942405", "0x80070005"),
        ("550-5.7.26 Your email", "5.7.26"),
        ("550 5.7.1 rejected", "5.7.1"),
        ("see CVE-2026-12345.", "cve-2026-12345"),
        ("net::ERR_TOO_MANY_REDIRECTS", "err_too_many_redirects"),
        ("exited with code 137", "exit 137"),
        ("Got errno 28 on write", "errno 28"),
        ("HTTP/1.1 404", "http 404"),
        ("status: 503", "http 503"),
        ("413 Request Entity Too Large", "http 413"),
    ],
)
def test_codes_are_given_in_one_form(text: str, code: str) -> None:
    assert codes_in(text) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "192.168.2.5.1",
        "Nextcloud 32.0.14",
        "2026-11-20",
        "call 404 people",
        "port 8080",
        "12345678",
        "550 5.7",
        "URL",
    ],
)
def test_other_numbers_are_no_codes(text: str) -> None:
    assert codes_in(text) == frozenset()


def test_who_searches_may_write_small_letters_and_bare_statuses() -> None:
    assert codes_meant("err_too_many_redirects") == {"err_too_many_redirects"}
    assert codes_meant("423") == {"http 423"}
    assert codes_meant("550 5.7.1 500") == {"5.7.1"}


@given(st.integers(0x80000000, 0x8007FFFF))
def test_an_hresult_is_the_same_in_all_its_forms(number: int) -> None:
    forms = [f"0x{number:08x}", f"0x{number:08X}", str(number - 2**32)]
    assert {codes_in(form) for form in forms} == {frozenset({forms[0]})}
