"""A certificate never gets older."""

from __future__ import annotations

from datetime import date

from ocs.model.certificate import Certificate, Key, Subkey
from ocs.model.trust import Copy
from ocs.rules.trust.copies import copy_of, newest, older

FIRST, SECOND = "A" * 40, "B" * 40


def certificate(first: int, second: int, *, revoked: bool = False) -> Certificate:
    keys = [Key(name, "EdDSA", None, date(2026, 1, 1)) for name in (FIRST, SECOND)]
    subkey = Subkey(keys[1], frozenset("e"), None, revoked)
    signed = ((FIRST, first), (SECOND, second))
    return Certificate(Subkey(keys[0], frozenset("sc"), None), (subkey,), (), signed=signed)


def test_the_same_and_a_newer_copy_are_good() -> None:
    before = copy_of(certificate(5, 5))
    assert older(certificate(5, 5), before) is None
    assert older(certificate(9, 5), before) is None
    assert older(certificate(9, 5, revoked=True), before) is None


def test_a_lost_revocation_and_a_lost_signature_are_not() -> None:
    before = copy_of(certificate(5, 5, revoked=True))
    assert older(certificate(9, 9), before) == f"it no longer says that {SECOND} is revoked"
    for first, second in ((4, 5), (5, 4), (9, 4)):
        assert "lacks a newer signature" in (
            older(certificate(first, second), copy_of(certificate(5, 5))) or ""
        )


def test_what_two_copies_say_is_kept_together() -> None:
    both = newest(copy_of(certificate(5, 9)), copy_of(certificate(7, 3, revoked=True)))
    assert both == Copy(((FIRST, 7), (SECOND, 9)), frozenset({SECOND}))
