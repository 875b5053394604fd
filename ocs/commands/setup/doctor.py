"""ocs doctor: what is missing on this machine, and what mends it."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.declared import Option
from ocs.commands.options import FindingCall
from ocs.errors import RegistryNotFoundError


def doctor(
    call: FindingCall,
    fix: Annotated[
        bool,
        Option(
            "--fix",
            help="Let git compare what secrets say, and tell what other programs need.",
        ),
    ] = False,
) -> int:
    """Look whether everything is there that ocs needs, and say what mends it.

    Looks at git, gpg and its agent, the terminal, your editor and the registry, and changes
    nothing. Ends with status 1 if something is missing; advice alone leaves it at 0. With
    --fix it sets in the repository's own settings how git compares secrets, and prints what
    programs such as pass need to work on them.

    \b
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
