"""ocs validate: everything that is wrong, at its line; ocs explain: what a finding means."""

from __future__ import annotations

import time
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from ocs.commands.declared import Argument, Option, Shared
from ocs.commands.options import Call, ReadingCall
from ocs.errors import OcsError


def complete_code(incomplete: str) -> list[str]:
    from ocs.tasks.registry.explain import codes

    return [code for code in codes() if code.startswith(incomplete)]


def code(text: str) -> str:
    """A code of a finding. Raises OcsError where there is none such."""
    from ocs.tasks.registry.explain import explain

    return explain(text).code


_CODE: Any = {"metavar": "CODE", "complete": complete_code}


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def validate(
    call: ReadingCall,
    paths: Annotated[
        list[Path] | None,
        Argument(help="Report only findings in these files and folders.", metavar="PATH..."),
    ] = None,
    since: Annotated[
        str | None,
        Option(
            help="Report only findings in files that changed since this branch left REV, "
            "and broken references to deleted records.",
            metavar="REV",
        ),
    ] = None,
    tree: Annotated[
        str | None,
        Option(
            help="Check the files of this commit, not the working tree. With --since, check "
            "the result of merging this commit into REV.",
            metavar="REV",
        ),
    ] = None,
    format: Annotated[
        Format | None, Option(help="How to print the findings, if not as text.")
    ] = None,
    strict: Annotated[bool, Option(help="Exit with status 1 for warnings too.")] = False,
    only: Annotated[
        list[str] | None,
        Option(help="Report only findings with this code.", parser=code, **_CODE),
    ] = None,
    skip: Annotated[
        list[str] | None,
        Option(help="Leave out findings with this code.", parser=code, **_CODE),
    ] = None,
) -> int:
    """Check all records for wrong fields, wrong file names, broken references and common mistakes.

    The exit status is 1 if there are errors, and 0 if there are only warnings or notes. `ocs
    explain CODE` explains a finding. ocs looks for duplicates only of
    problems in PATH, or of problems that changed since REV.

    Example:
      ocs validate
      ocs validate people orgs/riverside-food-bank.yaml
      ocs validate --since main --format github
      ocs validate --tree proposed --since main
      ocs validate --on 2026-11-20 --strict --skip vacancy
    """
    from ocs.output.registry import findings
    from ocs.tasks.registry import validate as task
    from ocs.tasks.search.duplicates import near_duplicates

    if tree is not None and paths:
        raise OcsError("--tree takes no paths", "--since reports only what changed")
    printed_as = call.printed_as(format)
    screen, work, today = call.screen, call.work, call.today
    within = {work.inside(path) for path in paths} if paths else None
    deleted: frozenset[str] = frozenset()
    if since is not None and tree is None:
        changes = task.changes(work.root, since)
        deleted = changes.deleted
        within = set(changes.changed) if within is None else task.both(changes.changed, within)

    check = partial(
        task.validate,
        schemas=work.schemas,
        today=today,
        only=only or (),
        skip=skip or (),
        keyrings=work.keyrings(today),
        counted=work.counted,
        now_ns=time.time_ns(),
        confirmed=work.confirmed(today),
        compare=lambda files, named: work.ask(
            lambda index: near_duplicates(index, files, named, work.counted)
        ),
    )
    if tree is None:
        report = work.with_judgements(
            lambda kept: check(work.files, paths=within, deleted=deleted, kept=kept)
        )
    else:
        with work.proposed(tree, since) as proposed:
            report = check(proposed.files, paths=proposed.changed, deleted=proposed.deleted)
    if printed_as == Format.JSON:
        screen.json(findings.as_json(report.findings, report.records))
    elif printed_as == Format.GITHUB:
        findings.as_github(report.findings, report.records, screen, work.below_repository())
    else:
        findings.as_text(report.findings, report.records, screen, work.shown())
    return 0 if report.passed(strict=strict) else 1


def explain(
    call: Annotated[Call, Shared("json", "no_color")],
    code: Annotated[str, Argument(help="The code at the end of a finding.", **_CODE)],
) -> None:
    """Explain what a finding means and how to fix it.

    Example:
      ocs explain custodian-no-lead
    """
    from ocs.output.registry import findings
    from ocs.tasks.registry import explain as task

    check = task.explain(code)
    if call.json:
        call.screen.json(findings.check_as_json(check))
    else:
        findings.explain(check, call.screen)
