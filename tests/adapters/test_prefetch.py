"""What comes next is computed in its order while what came before is being used, and no further."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator

import pytest

from ocs.adapters.prefetch import prefetch


class Numbers:
    """Numbers in a row: which were begun, how many at a time, and whether their end was seen."""

    def __init__(self, count: int, fails_at: int | None = None) -> None:
        self.count, self.fails_at = count, fails_at
        self.begun: list[int] = []
        self.is_closed = False

    def each(self) -> Generator[int]:
        try:
            for number in range(self.count):
                self.begun.append(number)
                if number == self.fails_at:
                    raise ValueError(f"not {number}")
                yield number
        finally:
            self.is_closed = True


def until(holds: Callable[[], bool]) -> bool:
    """Does it come to hold within some seconds?"""
    last = time.monotonic() + 20
    while not holds() and time.monotonic() < last:
        time.sleep(0.001)
    return holds()


@pytest.fixture(autouse=True)
def _nothing_goes_on() -> Generator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def test_everything_comes_in_its_order() -> None:
    numbers = Numbers(50)
    assert list(prefetch(numbers.each())) == list(range(50))
    assert numbers.is_closed


@pytest.mark.parametrize("few", [1, 2, 5])
def test_a_few_are_computed_before_they_are_asked_for_and_no_more(few: int) -> None:
    numbers = Numbers(50)
    computed = prefetch(numbers.each(), few)
    for number in range(3):
        assert next(computed) == number
        assert until(lambda number=number: len(numbers.begun) == number + 1 + few)  # type: ignore[misc]
        time.sleep(0.01)
        assert len(numbers.begun) == number + 1 + few
    computed.close()


def test_what_fails_is_raised_in_its_place_and_nothing_behind_it_is_computed() -> None:
    numbers = Numbers(50, fails_at=3)
    computed = prefetch(numbers.each())
    assert [next(computed) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="not 3"):
        next(computed)
    assert numbers.begun == [0, 1, 2, 3]
    assert numbers.is_closed


def test_closed_in_the_middle_it_waits_for_what_was_begun_and_begins_nothing() -> None:
    numbers = Numbers(50)
    within, ended = threading.Event(), []

    def slowly() -> Generator[int]:
        for number in numbers.each():
            if number == 1:
                within.set()
                time.sleep(0.1)
                ended.append(number)
            yield number

    computed = prefetch(slowly())
    assert next(computed) == 0
    assert within.wait(20)
    computed.close()
    assert ended == [1]
    assert numbers.begun == [0, 1]


def test_one_behind_the_other_both_are_closed_and_both_fail_in_their_place() -> None:
    def doubled(numbers: Generator[int]) -> Generator[int]:
        try:
            for number in numbers:
                yield number * 2
        finally:
            numbers.close()

    one = Numbers(50)
    computed = prefetch(doubled(prefetch(one.each())))
    assert [next(computed) for _ in range(5)] == [0, 2, 4, 6, 8]
    assert len(one.begun) <= 5 + 2 + 1 + 2
    computed.close()
    assert one.is_closed
    other = Numbers(50, fails_at=7)
    with pytest.raises(ValueError, match="not 7"):
        list(prefetch(doubled(prefetch(other.each()))))
    assert other.begun == list(range(8))


def test_what_was_never_begun_is_closed_without_a_thread() -> None:
    numbers = Numbers(5)
    prefetch(numbers.each()).close()
    assert numbers.begun == []
