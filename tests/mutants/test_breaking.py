"""A mutant is the module with one place broken, and nothing else changed."""

from __future__ import annotations

from tests.mutants.breaking import mutants

MODULE = '''\
def is_over(day: int, limits: tuple[int, ...]) -> bool:
    """Ä docstring, which no mutant touches."""
    if not limits:
        return False
    if day < 3 and "ü" in "über":
        raise ValueError
    assert day is not None
    return day not in limits


def names(found: list[str]) -> Iterator[str]:
    for name in found:
        yield name


def nothing() -> str:
    return ""
'''


def test_every_kind_of_slip_is_made_once() -> None:
    made = [(mutant.line, mutant.old, mutant.new) for mutant in mutants("m.py", MODULE)]
    assert made == [
        (3, "if not limits:\n        return False", "if False:\n        return False"),
        (3, "not limits", "(limits)"),
        (4, "return False", "return not (False)"),
        (
            5,
            'if day < 3 and "ü" in "über":\n        raise ValueError',
            "if False:\n        raise ValueError",
        ),
        (5, "day < 3", "(day < 4)"),
        (5, "day < 3", "(day <= 3)"),
        (5, 'day < 3 and "ü" in "über"', "(day < 3 or 'ü' in 'über')"),
        (5, '"ü" in "über"', "('ü' not in 'über')"),
        (8, "return day not in limits", "return not (day not in limits)"),
        (8, "day not in limits", "(day in limits)"),
        (13, "yield name", "pass"),
    ]


def test_each_mutant_differs_and_can_be_compiled() -> None:
    for mutant in mutants("m.py", MODULE):
        broken = mutant.of(MODULE)
        assert broken != MODULE
        compile(broken, "m.py", "exec")
        assert len(broken) == len(MODULE) - len(mutant.old) + len(mutant.new)
