"""What many commands are asked with, declared once for all of them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

from ocs.commands.days import OnOption
from ocs.commands.options import (
    CommitOption,
    DryRunOption,
    JsonOption,
    NoColorOption,
    NoCommitOption,
    QuietOption,
    RegistryOption,
)

if TYPE_CHECKING:
    from ocs.output.console import Screen
    from ocs.workspace import Workspace

# What only those have that change the registry.
CHANGING = ("dry_run", "commit", "no_commit")


class Asked(NamedTuple):
    """How a command was called, as far as that is the same for all of them: options with these
    names.
    """

    dry_run: DryRunOption = False
    commit: CommitOption = False
    no_commit: NoCommitOption = False
    on: OnOption = None
    registry: RegistryOption = None
    json: JsonOption = False
    no_color: NoColorOption = False
    quiet: QuietOption = False

    @property
    def today(self) -> date:
        return self.on or date.today()

    @property
    def screen(self) -> Screen:
        from ocs.output.console import Screen

        return Screen(color=False if self.no_color else None, quiet=self.quiet)

    @property
    def work(self) -> Workspace:
        """The registry, opened anew. Raises RegistryNotFoundError where there is none."""
        from ocs.workspace import Workspace

        return Workspace.open(self.registry, self.screen.counted)


def options(*left_out: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the options that `Asked` has, but for these, as one value, `asked`."""
    types = get_type_hints(Asked, include_extras=True)
    shared = {
        name: default
        for name, default in Asked._field_defaults.items()
        if name not in left_out
    }

    def with_them(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def called(**given: Any) -> None:
            command(asked=Asked(**{name: given.pop(name) for name in shared}), **given)

        own = get_type_hints(command, include_extras=True)
        parameters = [
            each.replace(annotation=own[each.name])
            for each in inspect.signature(command).parameters.values()
            if each.name != "asked"
        ]
        parameters += [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=types[name]
            )
            for name, default in shared.items()
        ]
        # Typer reads the one or the other, as its version is.
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {each.name: each.annotation for each in parameters}
        return called

    return with_them


with_reading_options = options(*CHANGING)
