"""Who is away today, and whose vetting counts."""

from __future__ import annotations

from datetime import date

from ocs.model.person import Person
from ocs.model.vetting import Vetting


def is_away(person: Person, today: date) -> bool:
    """Is the person away today? Both ends of an absence belong to it."""
    if person.away_from is None and person.away_until is None:
        return person.status == "away"
    begun = person.away_from is None or person.away_from <= today
    return begun and (person.away_until is None or today <= person.away_until)


def counts(vetting: Vetting, today: date) -> bool:
    """Does this vetting count today: neither expired nor suspended?"""
    expired = vetting.expires is not None and vetting.expires < today
    suspended = vetting.suspended is not None and vetting.suspended.since <= today
    return not expired and not suspended
