"""What the commands that change secrets have in common: a plan that is shown, carried out, and committed."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

import typer

from ocs.commands.carrying import ask
from ocs.commands.options import (
    DryRunOption,
    JsonOption,
    NoColorOption,
    NoCommitOption,
    OnOption,
    QuietOption,
    RegistryOption,
    complete_person,
    day,
)

if TYPE_CHECKING:
    from ocs.model.secret import Plaintext
    from ocs.output.console import Screen
    from ocs.tasks.encrypting import Plan
    from ocs.tasks.vault import Vault

BecauseOption = Annotated[
    str | None, typer.Option(help="Why, in one line that everybody can read.", metavar="TEXT")
]
UntilOption = Annotated[
    date | None, typer.Option(help="The last day on which they may read it.", metavar="DATE", parser=day)
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave out this reader, whose key cannot be used; may be given several times.",
        metavar="PERSON",
        autocompletion=complete_person,
    ),
]


class Asked(NamedTuple):
    """How a command was called, as far as that is the same for all of them: options with these names."""

    dry_run: DryRunOption = False
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


def with_options(*left_out: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a command the options that `Asked` has, but for these, as one value, `asked`."""
    types = get_type_hints(Asked, include_extras=True)
    options = {name: default for name, default in Asked._field_defaults.items() if name not in left_out}

    def with_them(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def called(**given: Any) -> None:
            command(asked=Asked(**{name: given.pop(name) for name in options}), **given)

        own = get_type_hints(command, include_extras=True)
        parameters = [
            each.replace(annotation=own[each.name])
            for each in inspect.signature(command).parameters.values()
            if each.name != "asked"
        ]
        parameters += [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=types[name])
            for name, default in options.items()
        ]
        # Typer reads the one or the other, as its version is.
        called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        called.__annotations__ = {each.name: each.annotation for each in parameters}
        return called

    return with_them


def vault_of(asked: Asked, *, is_verified: bool = True) -> Vault:
    from ocs.tasks.vault import Vault
    from ocs.workspace import Workspace

    work, today = Workspace.open(asked.registry), asked.today
    return Vault(work.files, work.schemas, work.keyrings(today), today, is_verified=is_verified)


def carry_out(
    plan: Callable[[Vault], Plan],
    asked: Asked,
    *,
    content: Callable[[], Plaintext] | None = None,
    question: str | None = None,
    differs: bool = False,
    is_verified: bool = True,
) -> None:
    """Make a plan, show it, and carry it out unless something or somebody is against it."""
    from ocs.output import secretplans as show
    from ocs.tasks import encrypting as task
    from ocs.workspace import Workspace

    screen = asked.screen
    vault = vault_of(asked, is_verified=is_verified)
    show.uncommitted(vault.uncommitted(), screen)
    made = plan(vault)
    if not asked.json:
        show.planned(made, screen, Workspace(vault.files.root).shown())
    done = None
    if made.is_possible and not made.is_empty and not asked.dry_run:
        given = content() if content else None
        if question:
            ask(question)
        done = task.apply(made, vault, given, commits=not asked.no_commit, differs=differs)
    if asked.json:
        screen.json(show.as_json(made, done))
    elif made.is_possible:
        show.done(made, done, screen, commits=not asked.no_commit)
    if not made.is_possible or made.skipped or (done is not None and done.skipped):
        raise typer.Exit(1)
