"""Any string is a query."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.store.index import Index, Row
from ocs.rules.query import MOST_WORDS, parse_query


def test_words_are_taken_once_and_without_those_that_tell_nothing() -> None:
    assert parse_query("The mail is late, the MAIL").words == ("mail", "late,")


def test_words_with_signs_in_them_stay_whole() -> None:
    assert parse_query("wp-config.php 550 5.7.1 can't").words == ("wp-config.php", "550", "5.7.1", "can't")


def test_a_query_of_nothing_but_common_words_keeps_them() -> None:
    assert parse_query("what is it").words == ("what", "is", "it")


def test_signs_alone_are_no_words() -> None:
    assert parse_query('?! -- "" * ^').words == ()


def test_a_pasted_book_is_cut() -> None:
    assert len(parse_query(" ".join(map(str, range(10_000)))).words) == MOST_WORDS


INDEX = Index.in_memory()
INDEX.update(
    [Row("problems/x.yaml", 1, "problem", "x", "Mail", {}, ("Mail is late", "", "", "", "", "", ""), [])], []
)


@settings(max_examples=1000)
@given(st.text(max_size=60) | st.text('"*^:(){}-+ NEAR AND OR NOT title\0', max_size=30))
def test_no_string_breaks_the_search(text: str) -> None:
    words = parse_query(text).words
    if words:
        total, hits = INDEX.search(words, ["problem"], ("<", ">"), 10)
        assert total == len(hits) <= 1


@given(st.sampled_from(["mail", "MAIL", "mails", '"mail"', "(mail)", "mail:", "mail*", "-mail", "^mail"]))
def test_no_sign_keeps_a_word_from_being_found(word: str) -> None:
    assert INDEX.search(parse_query(word).words, ["problem"], ("<", ">"), 10)[0] == 1
