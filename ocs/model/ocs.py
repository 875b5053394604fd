"""ocs.yaml, the registry's own record: its gatekeepers and its policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from ocs.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatekeeper:
    person: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VettingPolicy:
    """Levels go from the lowest to the highest; each includes the ones before it."""

    levels: tuple[str, ...] = ("newcomer", "known", "vouched", "vetted")
    lasts: str = "24 months"
    checkers: int = 2

    def __post_init__(self) -> None:
        if not self.levels:
            raise ValueError("there is at least one level")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a kind of change needs besides what every registry demands."""

    gatekeepers: int | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OcsRecord(Record):
    """`review` is by kind of change."""

    name: str
    ocs: int = 1
    description: str | None = None
    contact: str | None = None
    gatekeepers: tuple[Gatekeeper, ...] = ()
    threshold: int | None = None
    renew_by: date | None = None
    vetting: VettingPolicy = VettingPolicy()
    sensitivity: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType(
            {"low": "known", "medium": "vouched", "high": "vetted"}
        )
    )
    community_kinds: tuple[str, ...] = ("regional", "module", "team", "working-group")
    actions: tuple[str, ...] = ("domain", "hosting", "list", "repository", "social", "budget")
    review: Mapping[str, AskedFor] = field(default_factory=lambda: MappingProxyType({}))
    also: tuple[str, ...] = ()
