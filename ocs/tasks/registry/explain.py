"""What a finding means, from the table of checks."""

from __future__ import annotations

from ocs.errors import OcsError
from ocs.rules.check import Check
from ocs.rules.checks import CHECKS
from ocs.rules.nearest import did_you_mean

_BY_CODE = {check.code: check for check in CHECKS}


def codes() -> tuple[str, ...]:
    """Every code, in the order of the table."""
    return tuple(_BY_CODE)


def explain(code: str) -> Check:
    """The check with this code. Raises OcsError where there is none."""
    if check := _BY_CODE.get(code.strip("[]")):
        return check
    where = "`ocs validate` shows the code in [ ] after each finding"
    raise OcsError(f"no finding has the code '{code}'", did_you_mean(code, _BY_CODE) or where)
