"""The form in which words are compared."""

from __future__ import annotations

from itertools import filterfalse


def fold(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    import unicodedata

    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filterfalse(unicodedata.combining, letters))
