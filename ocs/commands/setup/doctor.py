"""ocs doctor: what is missing on this machine, and the fix."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.declared import Option
from ocs.commands.options import FindingCall
from ocs.errors import RegistryNotFoundError


def doctor(
    call: FindingCall,
    fix: Annotated[
        bool,
        Option(help="Let git compare the text of secrets, and show what other programs need."),
    ] = False,
) -> int:
    """Check that everything that ocs needs is installed, and show how to fix problems.

    ocs examines git, gpg and its agent, the terminal, your editor and the registry, and changes
    nothing. The exit status is 1 if something is missing, and 0 if there is only advice. With
    --fix, ocs configures git in this repository to show changes of secrets. It then prints the
    settings that programs such as pass need to use the secrets.

    Example:
      ocs doctor
      ocs doctor --fix
      ocs doctor --json
    """
    from ocs.output.setup import doctor as show
    from ocs.tasks.setup import doctor as task
    from ocs.tasks.setup import fixes

    screen = call.screen
    fixed, others = [], []
    try:
        work = call.work
        here = task.Here(work.root, work.index_folders())
        if fix:
            fixed = fixes.fix(work.root)
            others = fixes.for_other_programs(work.files, work.schemas)
    except RegistryNotFoundError:
        if call.registry is not None or fix:
            raise
        here = task.Here(None)
    found = task.examine(here)
    if call.json:
        screen.json(show.as_json(found, fixed, others))
    else:
        show.examined(found, screen)
        if fix:
            show.fixed(fixed, others, screen)
    return 0 if task.is_healthy(found) else 1
