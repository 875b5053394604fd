"""Arguments and options that several commands share, and what completes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from ocs.commands.declared import Argument, Option
from ocs.model.kinds import KIND, KINDS, RECORD_FOLDERS, Kind, kind_named

EVERYWHERE = "Everywhere"


def complete_record(ctx: Any, incomplete: str) -> Iterator[str]:
    """The names of records that begin so: `problems/x`, and `x` where that is enough."""
    for kind, id in _ids(ctx, KINDS):
        # A record about another one has no id of its own to be called by.
        for name in (KIND[kind].reference(id), *(() if KIND[kind].about else (id,))):
            if name.startswith(incomplete):
                yield name


def complete_problem(ctx: Any, incomplete: str) -> list[str]:
    """The problems whose ids begin so."""
    return [id for _, id in _ids(ctx, [KIND["problem"]]) if id.startswith(incomplete)]


def complete_person(ctx: Any, incomplete: str) -> list[str]:
    """The people whose ids begin so."""
    return [id for _, id in _ids(ctx, [KIND["person"]]) if id.startswith(incomplete)]


def complete_secret(ctx: Any, incomplete: str) -> list[str]:
    """The secrets whose names begin so."""
    return [id for _, id in _ids(ctx, [KIND["access"]]) if id.startswith(incomplete)]


def complete_owner(ctx: Any, incomplete: str) -> list[str]:
    """The organisations and communities whose ids begin so."""
    kinds = [KIND["org"], KIND["community"]]
    return [id for _, id in _ids(ctx, kinds) if id.startswith(incomplete)]


def complete_community(ctx: Any, incomplete: str) -> list[str]:
    """The communities whose ids begin so."""
    return [id for _, id in _ids(ctx, [KIND["community"]]) if id.startswith(incomplete)]


def _ids(ctx: Any, kinds: Iterable[Kind]) -> list[tuple[str, str]]:
    """The names of kinds and ids of the records, none where that is not to be had."""
    try:
        from ocs.workspace import Workspace

        folder = ctx.params.get("registry") if ctx is not None else None
        if isinstance(folder, list | tuple):  # of several the first is completed from
            folder = next(iter(folder), None)
        work = Workspace.open(Path(folder) if folder else None)
        return work.ask(lambda index: list(index.ids([kind.name for kind in kinds])))
    except Exception:  # noqa: BLE001  a completion that fails completes nothing, and says nothing
        return []


def complete_kind(incomplete: str) -> list[str]:
    """The kinds of record that begin so."""
    return [folder for folder in RECORD_FOLDERS if folder.startswith(incomplete)]


def complete_condition(ctx: Any, incomplete: str) -> list[str]:
    """The fields that begin so, of the kind that is asked for."""
    from ocs.workspace import Workspace

    kind = ctx.params.get("kind")
    if not isinstance(kind, Kind):
        return []
    fields = Workspace(Path()).schemas.of(kind).schema["properties"]
    return [f"{field}=" for field in fields if field.startswith(incomplete)]


def kind_of(word: str) -> Kind:
    """The kind that a word names. Raises ValueError where it names none."""
    kind = kind_named(word)
    if kind is None:
        raise ValueError(f"there is no kind '{word}', only {', '.join(RECORD_FOLDERS)}")
    return kind


def _option(*names: str, help: str, **more: Any) -> Any:
    return Option(*names, help=help, rich_help_panel=EVERYWHERE, **more)


RegistryOption = Annotated[
    Path | None,
    _option(
        "--registry",
        "-C",
        help="A folder of the registry, if not the current one.",
        metavar="DIR",
    ),
]
RegistriesOption = Annotated[
    list[Path] | None,
    _option(
        "--registry",
        "-C",
        help="A folder of the registry, if not the current one; may be given several times.",
        metavar="DIR",
    ),
]
JsonOption = Annotated[bool, _option("--json", help="Print one JSON document.")]
NoColorOption = Annotated[bool, _option("--no-color", help="Print without colour.")]
QuietOption = Annotated[bool, _option("--quiet", "-q", help="Print no summaries and hints.")]
DryRunOption = Annotated[bool, Option("--dry-run", help="Only tell what would be written.")]
YesOption = Annotated[bool, Option("--yes", "-y", help="Do not ask.")]
CommitOption = Annotated[
    bool, Option("--commit", help="Commit what is written, and nothing else that was changed.")
]
NoCommitOption = Annotated[
    bool, Option("--no-commit", help="Leave what is written in the folder, without a commit.")
]
SecretArgument = Annotated[
    str,
    Argument(
        help="The secret, by its owner and its name.",
        metavar="OWNER/NAME",
        autocompletion=complete_secret,
    ),
]
KindArgument = Annotated[
    Any,
    Argument(
        help=f"One of {', '.join(RECORD_FOLDERS)}.",
        metavar="KIND",
        parser=kind_of,
        autocompletion=complete_kind,
    ),
]
RecordArgument = Annotated[
    str,
    Argument(
        help="`problems/x`, or `x` where only one record has that id.",
        metavar="RECORD",
        autocompletion=complete_record,
    ),
]
