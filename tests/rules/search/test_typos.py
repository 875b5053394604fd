"""One slip away from what was typed lies what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.rules.fold import fold
from ocs.rules.search.typos import one_slip_away


@pytest.mark.parametrize(
    "typed", ["nextclod", "nextcluod", "nextclloud", "nextclaud", "Nextclod", "éxtcloud"]
)
def test_every_kind_of_slip_is_undone(typed: str) -> None:
    assert "nextcloud" in one_slip_away(typed)


@pytest.mark.parametrize(
    "typed", ["php", "0x80070005", "wp-config.php", "x" * 40, "", "ñ", "почта"]
)
def test_short_words_codes_and_other_alphabets_are_left_alone(typed: str) -> None:
    assert one_slip_away(typed) == []


@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    assert text not in one_slip_away(text)
    assert fold(text).isascii() or not text.isascii()


def test_accents_and_capitals_make_no_difference() -> None:
    assert fold("Größe CONEXIÓN") == "grosse conexion"
