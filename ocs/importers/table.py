"""IMPORTERS and EXPORTERS: the formats of other projects, one module and one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from ocs.importers import mots, mots_export, sigs
from ocs.model.foreign import Exported, ForeignSource
from ocs.model.record import Tree
from ocs.model.registry import Registry

IMPORTERS: Mapping[str, Callable[[Tree], ForeignSource]] = {
    "mots": mots.read,
    "sigs": sigs.read,
}
EXPORTERS: Mapping[str, Callable[[Registry, date], Exported]] = {"mots": mots_export.written}
