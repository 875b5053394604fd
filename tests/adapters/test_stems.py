"""Words are compared in the form in which the index keeps them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocs.adapters.store.fulltext import stems_of


def test_each_word_has_the_stem_of_its_own() -> None:
    words = [
        "expired",
        "a\u19b0b",
        "\u19b0",
        "mails",
        "café",
    ]  # U+19B0 is a letter, and none for the index
    assert stems_of(words) == {
        "expired": "expir",
        "a\u19b0b": "a",
        "mails": "mail",
        "café": "cafe",
    }


@given(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=8))
def test_what_stands_beside_a_word_does_not_change_its_stem(words: list[str]) -> None:
    words = [word.encode("utf-8", "replace").decode() for word in words]
    together = stems_of(words)
    assert together == {
        word: stem for each in words for word, stem in stems_of([each]).items()
    }
