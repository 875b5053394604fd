"""Where a finding is, and what it shows of a line."""

from __future__ import annotations

from ocs.model.finding import Span


def test_a_span_in_a_long_line_has_the_part_around_its_column() -> None:
    line = "".join(f"{number:05}" for number in range(200_000))
    for column in (1, 150, 70_000, len(line)):
        span = Span(1, column, 3, line)
        assert len(span.text) <= 400
        assert span.text == line[span.start - 1 :][: len(span.text)]
        assert line[column - 1] == span.text[column - span.start]
        assert Span(1, column, 3, span.text, span.start) == span
    assert Span(1, 2, 3, "short") == Span(1, 2, 3, "short", 1)
