"""ocs --version: the version of ocs, and with --json those of what it runs on."""

from __future__ import annotations

from ocs.commands.options import Call


def version(*, json: bool) -> None:
    screen = Call(json=json).screen
    if json:
        from ocs.tasks.setup.versions import versions

        screen.json(versions())
    else:
        from ocs import __version__

        screen.out(f"ocs {__version__}")
