"""Who is away today, and whose vetting counts."""

from __future__ import annotations

from datetime import date

from ocs.model.person import Person
from ocs.model.vetting import Suspension, Vetting


def is_away(person: Person, today: date) -> bool:
    """Is the person away today? Both ends of an absence belong to it."""
    if person.away_from is None and person.away_until is None:
        return person.status == "away"
    begun = person.away_from is None or person.away_from <= today
    return begun and (person.away_until is None or today <= person.away_until)


def suspension(vetting: Vetting | None, today: date) -> Suspension | None:
    """The suspension by which a vetting does not count today; None where there is none."""
    found = vetting.suspended if vetting else None
    return found if found is not None and found.since <= today else None


def has_expired(vetting: Vetting, today: date) -> bool:
    """Was the last day on which the vetting counts before today?"""
    return vetting.expires is not None and vetting.expires < today


def counts(vetting: Vetting, today: date) -> bool:
    """Does this vetting count today: neither expired nor suspended?"""
    return not has_expired(vetting, today) and suspension(vetting, today) is None
