"""Any string is a query."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocs.adapters.store.index import Index, Row
from ocs.errors import OcsError
from ocs.model.kinds import KIND
from ocs.rules.search.query import (
    FILTERS,
    MOST_WORDS,
    Filter,
    parse_query,
    parts_of,
    spellings,
    words_of,
)
from ocs.tasks.search.search import search


def test_words_are_taken_once_and_without_those_that_tell_nothing() -> None:
    assert parse_query("The mail is late, the MAIL").words == ("mail", "late")


def test_words_with_signs_in_them_stay_whole() -> None:
    assert parse_query("wp-config.php 550 5.7.1 won’t").words == (
        "wp-config.php",
        "550",
        "5.7.1",
    )


def test_a_query_of_nothing_but_common_words_keeps_them() -> None:
    assert parse_query("what is it").words == ("what", "is", "it")
    assert parse_query('what is "mail late"').words == ()
    assert parse_query("what is tag:vpn").words == ()


def test_signs_alone_are_no_words() -> None:
    assert parse_query('?! -- "" * ^').is_empty


def test_a_pasted_book_is_cut() -> None:
    assert len(parse_query(" ".join(map(str, range(10_000)))).words) == MOST_WORDS


def test_quotes_ask_for_exact_words_and_a_minus_for_none() -> None:
    query = parse_query('vpn "access denied" -outlook -"two words"')
    assert (query.words, query.phrases) == (("vpn",), ("access denied",))
    assert query.without == ("outlook", "two words")


@pytest.mark.parametrize("text", ["vpn -outlook", "-outlook vpn"])
def test_a_word_is_left_out_wherever_it_stands(text: str) -> None:
    query = parse_query(text)
    assert (query.words, query.without, query.alone) == (("vpn",), ("outlook",), ())


def test_a_word_to_leave_out_of_nothing_is_looked_for_and_told() -> None:
    query = parse_query("-outlook")
    assert (query.words, query.without) == (("-outlook",), ())
    (remark,) = search(INDEX, "-mail", PROBLEMS, 10).remarks
    assert remark.startswith("'-mail' stands alone, so ocs searched for it as text")


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("tag:vpn", Filter("tag", "vpn")),
        ('tag:"Background  Jobs"', Filter("tag", "background jobs")),
        ("-state:draft", Filter("state", "draft", is_wanted=False)),
        ("since:2026-01", Filter("since", "2026-01")),
        ("kind:orgs", Filter("kind", "orgs")),
        ("error:0x80070005", Filter("error", "0x80070005")),
    ],
)
def test_filters_are_understood(text: str, filter: Filter) -> None:
    assert parse_query(f"mail {text}").filters == (filter,)
    assert str(filter) == " ".join(text.lower().split())


def test_in_title_looks_into_titles_only() -> None:
    assert parse_query("mail in:title").only_title
    assert not parse_query("mail in:box").only_title


@pytest.mark.parametrize(
    "pasted",
    [
        r"C:\Windows\System32",
        "http://example.org/a:b",
        "Fatal error: Uncaught Error",
        "Error:0x80070005",
        "error:denied",
        "State: failed",
        "-Name",
        "kind:of",
        "since:yesterday",
        "12:30:01",
        "php -f cron.php",
        "New-Mailbox -Shared:$true",
    ],
)
def test_what_only_looks_like_a_filter_is_words(pasted: str) -> None:
    query = parse_query(pasted)
    assert (query.filters, query.without) == ((), ())
    assert query.words


@pytest.mark.parametrize(
    ("mistyped", "near"),
    [
        ("stat:draft", "state:"),
        ("tags:vpn", "tag:"),
        ("title:mail", "in:title"),
        ("since:now", "since:2026-01"),
        ("since:2026-13", "since:2026-01"),
        ("State:verified", "state:"),
    ],
)
def test_a_mistyped_filter_is_words_and_its_neighbour_is_named(
    mistyped: str, near: str
) -> None:
    query = parse_query(mistyped)
    assert query.words
    assert query.misread == ((mistyped, near),)


def test_a_query_tells_the_kinds_that_it_asks_for() -> None:
    assert parse_query("mail kind:orgs tag:people -tag:access").kinds == ("org",)
    assert parse_query("kind:orgs kind:people").kinds == ("org", "person")
    assert parse_query("mail").kinds == ()


@pytest.mark.parametrize(
    ("text", "is_empty"),
    [("", True), ("kind:orgs", True), ("mail", False), ('"a b"', False), ("tag:vpn", False)],
)
def test_a_query_of_kinds_alone_asks_for_nothing(text: str, is_empty: bool) -> None:
    assert parse_query(text).is_empty is is_empty


def test_a_filter_of_several_words_is_shown_as_it_is_written() -> None:
    text = '-tag:"vpn client"'
    assert [str(filter) for filter in parse_query(f"mail {text}").filters] == [text]


@pytest.mark.parametrize(
    ("text", "is_filter"),
    [
        ("error:404", True),
        ("error:refused", False),
        ("-kind:orgs", False),
        ("-in:title", False),
        ("in:cause", False),
        ("tag:--", False),
        ("colour:red", False),
        ("since:2026", True),
        ("since:2026-12-31", True),
        ("since:2026-12-32", False),
    ],
)
def test_a_filter_has_a_value_that_it_can_have(text: str, is_filter: bool) -> None:
    assert bool(parse_query(f"mail {text}").filters) is is_filter


@pytest.mark.parametrize("pasted", ["tag://example", "error:refused", "colours:x", "mail"])
def test_what_is_like_no_filter_is_not_taken_for_a_mistyped_one(pasted: str) -> None:
    assert parse_query(pasted).misread == ()


def test_a_word_is_cut_and_a_query_has_no_more_than_so_many() -> None:
    assert words_of("x" * 201) == ("x" * 200,)
    assert words_of("the and") == ("the", "and")
    text = " ".join(f"w{number}" for number in range(MOST_WORDS + 1))
    assert len(parse_query(text).words) == MOST_WORDS


def test_a_word_has_its_spellings_and_its_parts() -> None:
    assert spellings("straße") == ["straße", "strasse"]
    assert spellings("masse") == ["masse", "maße"]
    assert spellings("mail") == ["mail"]
    assert parts_of("wp-config.php") == ("wp", "config", "php")
    assert parts_of("mail-late") == ("mail", "late")
    assert parts_of("mail-x") == parts_of("the-and") == ()


def test_in_a_pasted_text_no_sign_means_anything() -> None:
    words = words_of('12:01 state:failed -down "no such file"')
    assert words == ("12:01", "state:failed", "-down", "such", "file")


WORDS = ("Mail", "Mail is late", "", "", "", "", "")
INDEX = Index.in_memory()
INDEX.update([Row("problems/x.yaml", 1, "problem", "x", "Mail", "{}", WORDS, [])], [])
PROBLEMS = [KIND["problem"]]
PIECES = st.sampled_from(
    [*(f"{name}:" for name in FILTERS), '"', "-", "mail", " ", "NEAR", "*", "^", "2026", "\0"]
)


@settings(max_examples=1000)
@given(st.text(max_size=60) | st.lists(PIECES, max_size=12).map("".join))
def test_no_string_breaks_the_search(text: str) -> None:
    if parse_query(text).is_empty:
        with pytest.raises(OcsError, match="the query has no words"):
            search(INDEX, text, PROBLEMS, 10)
    else:
        answer = search(INDEX, text, PROBLEMS, 10)
        assert answer.total == len(answer.results) <= 1


@given(
    st.sampled_from(
        [
            "mail",
            "MAIL",
            "mails",
            '"mail"',
            "(mail)",
            "mail:",
            "mail*",
            "-mail",
            "^mail",
            "mial",
        ]
    )
)
def test_no_sign_keeps_a_word_from_being_found(word: str) -> None:
    assert search(INDEX, word, PROBLEMS, 10).total == 1
