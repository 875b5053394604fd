"""Whose account on another platform this is."""

from __future__ import annotations

from ocs.model.person import Person
from ocs.model.registry import Registry

# On these platforms letters in account names differ by case.
_CASE_COUNTS = frozenset({"matrix", "bugzilla"})


def people_with_account(registry: Registry, platform: str, login: str) -> list[Person]:
    """Everybody whose record names this account, by the rules of its platform."""
    wanted = _compared(platform, login)
    return [
        person
        for person in registry.records(Person)
        if platform in person.accounts
        and _compared(platform, str(person.accounts[platform])) == wanted
    ]


def known_by(person: Person, platform: str, login: str) -> str:
    """How far an account says who somebody is. A number stays, and a name may pass to others."""
    if platform.endswith("_id"):
        return (
            f"recognised by the number {platform}:{login}, which cannot pass to somebody else"
        )
    name = f"recognised by the name {platform}:{login}, which can pass to somebody else"
    number = person.accounts.get(f"{platform}_id")
    if number is not None:
        return f"{name}: compare the number of the account, {platform}_id:{number}"
    return f"{name}, and no number of the account is recorded: ask them in another way too"


def _compared(platform: str, login: str) -> str:
    """An account's name as the platform compares it. The Kelvin sign is no k."""
    return login if platform in _CASE_COUNTS or not login.isascii() else login.lower()


def reach(person: Person) -> str | None:
    """How to reach somebody: by mail, on Matrix, or on the platform that is named first."""
    if person.mail:
        return person.mail
    names = [name for name in person.accounts if not name.endswith("_id")]
    name = "matrix" if "matrix" in names else next(iter(names), None)
    return f"{name} {person.accounts[name]}" if name else None
