"""Words are compared in the form in which the index keeps them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocs.adapters.store.tokens import tokens_of


def test_each_word_has_a_token_of_its_own() -> None:
    words = [
        "expired",
        "a\u19b0b",
        "\u19b0",
        "mails",
        "café",
    ]  # U+19B0 is a letter, and none for the index
    assert tokens_of(words) == {
        "expired": "expir",
        "a\u19b0b": "a",
        "mails": "mail",
        "café": "cafe",
    }


@given(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=8))
def test_what_stands_beside_a_word_does_not_change_its_token(words: list[str]) -> None:
    words = [word.encode("utf-8", "replace").decode() for word in words]
    together = tokens_of(words)
    assert together == {
        word: token for single in words for word, token in tokens_of([single]).items()
    }
