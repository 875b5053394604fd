"""What tests of rules share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocs.adapters.files import Files
from ocs.model.registry import Registry
from ocs.rules.records.schema import Schemas
from ocs.tasks.registry.load import load
from ocs.tasks.registry.validate import validate
from tests.rules.sound import TODAY, Judge


@pytest.fixture
def judge(write: Callable[[str], Files], schemas: Schemas) -> Judge:
    """The findings of a registry that stands as text."""
    return lambda text: validate(write(text), schemas, TODAY).findings


@pytest.fixture
def registry_of(write: Callable[[str], Files], schemas: Schemas) -> Callable[[str], Registry]:
    """Reads a registry that stands as text."""
    return lambda text: load(write(text), schemas).registry
