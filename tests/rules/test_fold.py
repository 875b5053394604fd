"""Words are compared in small letters, without accents."""

from __future__ import annotations

import pytest

from ocs.rules.fold import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("Mail-1", "mail-1"),
        ("Ça va, Zoë", "ca va, zoe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁn", "fin"),
        ("Ж", "ж"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
