"""Words beside each other, as in the query, and a title that says the same come first."""

from __future__ import annotations

from ocs.rules.search.scoring import (
    DEPTH,
    PAIRS,
    TITLE,
    Candidate,
    Score,
    by_engine,
    parted,
    ranked,
    weight,
    weights_of_codes,
)

WEIGHTS = {"mailbox": 2.0, "is": 0.1, "full": 2.0}


def first(*candidates: Candidate) -> int:
    return ranked(candidates, WEIGHTS)[0][0]


def test_words_beside_each_other_tell_more() -> None:
    apart = Candidate(1, 10.0, "x", "full of mail; nothing to do with any mailbox", 0.0)
    beside = Candidate(2, 9.0, "x", "the mailboxes are full", 0.0)
    assert first(apart, beside) == 2


def test_a_title_of_nothing_else_tells_more() -> None:
    long = Candidate(1, 10.0, "Full disk, slow server and a mailbox", "", 0.0)
    short = Candidate(2, 9.5, "Full mailbox", "", 0.0)
    assert first(long, short) == 2


def test_an_exact_code_beats_guesses() -> None:
    guess = Candidate(1, 10.0, "Mailbox", "", 0.0)
    code = Candidate(2, 5.0, "x", "", 1.0)
    assert first(guess, code) == 2


def test_the_parts_of_a_score_add_up() -> None:
    for _, score in ranked([Candidate(1, 10.0, "Full mailbox", "mailbox full", 0.5)], WEIGHTS):
        assert score.total == score.words + score.pairs + score.title + score.code
        assert score.words == 1.0


def test_a_word_tells_more_the_fewer_records_have_it() -> None:
    assert weight(1, 1000) > weight(500, 1000) > weight(1000, 1000) > 0
    assert weight(0, 1000) == 0


def test_words_that_no_record_has_tell_nothing() -> None:
    ((number, score),) = ranked(
        [Candidate(1, 0.0, "Full mailbox", "full mailbox", 0.0)], {"full": 0.0, "mailbox": 0.0}
    )
    assert (number, score.total) == (1, 0.0)


def test_what_means_the_same_counts_where_the_query_stands_nowhere_as_it_is() -> None:
    weights = {"certificate": 2.0, "expired": 2.0, "browser": 1.0}
    quoted = Candidate(1, 2.0, "", "certificate expired browser", 0.0, meaning=0.2)
    like = Candidate(2, 2.0, "", "the browser does not trust a page", 0.0, meaning=0.9)
    assert [number for number, _ in ranked([quoted, like], weights)] == [1, 2]
    scattered = quoted._replace(
        head="expired and then the whole browser shows some other certificate"
    )
    assert [number for number, _ in ranked([scattered, like], weights)] == [2, 1]


def test_a_code_that_no_other_record_has_weighs_most_and_the_rarest_of_a_record_counts() -> (
    None
):
    codes = weights_of_codes({"often": {1, 2, 3}, "once": {1}, "twice": {3, 4}}, 10)
    assert codes[1] == 1.0
    assert codes[2] == weight(3, 10) / weight(1, 10)
    assert codes[3] == codes[4] == weight(2, 10) / weight(1, 10)
    assert weights_of_codes({}, 10) == {}


def test_what_is_not_compared_as_text_has_its_share_of_the_best_score() -> None:
    scores = {1: 2.0, 2: 8.0}
    assert by_engine([1, 2], scores) == [(1, Score(0.25)), (2, Score(1.0))]
    assert by_engine([1], {1: 0.0}) == [(1, Score(0.0))]
    assert by_engine([], {}) == []


def test_the_best_are_compared_as_text_and_those_with_a_code_among_them() -> None:
    scores = {number: 100.0 - number for number in range(DEPTH + 2)}
    best, rest = parted(scores, {})
    assert (best, rest) == (list(range(DEPTH)), [DEPTH, DEPTH + 1])
    best, rest = parted(scores, {DEPTH + 1: 1.0})
    assert (best, rest) == ([*range(DEPTH - 1), DEPTH + 1], [DEPTH - 1, DEPTH])


def test_a_share_is_of_the_heaviest_candidate_and_the_best_comes_first() -> None:
    found = ranked([Candidate(1, 2.0, "", "", 0.0), Candidate(2, 4.0, "", "", 0.5)], {})
    assert found == [(2, Score(1.0, code=0.6)), (1, Score(0.5))]
    assert ranked([], {}) == []


def test_a_pair_and_a_title_weigh_their_share() -> None:
    found = ranked([Candidate(1, 1.0, "Full disk", "full mailbox", 0.0)], WEIGHTS)
    assert found[0][1] == Score(1.0, pairs=0.0, title=TITLE * 0.5)
    found = ranked([Candidate(1, 1.0, "Disk", "the mailbox is full", 0.0)], WEIGHTS)
    assert found[0][1] == Score(1.0, pairs=PAIRS, title=0.0)
