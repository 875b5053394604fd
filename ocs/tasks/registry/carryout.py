"""Carrying out a plan: the one place where tasks write into a registry and commit it."""

from __future__ import annotations

from pathlib import Path

from ocs.adapters.git.commits import commit
from ocs.adapters.replacing import replace_all
from ocs.errors import OcsError
from ocs.model.plan import Done, Plan


def carry_out(plan: Plan, root: Path, message: str | None = None) -> Done:
    """Write the files of a plan below *root*: all of them, or none.

    With a *message* these files, and no others, are committed. Raises OcsError where the plan
    is not possible, or a file changed since it was made.
    """
    if not plan.is_possible:
        raise OcsError("cannot carry out this plan", "fix its findings first")
    files = plan.replacements
    if not files:
        return Done(())
    replace_all(root, files)
    written = tuple(file.path for file in files)
    return Done(written, commit(root, written, message) if message is not None else None)
