"""ocs secret textconv: what git compares in place of a ciphertext."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from ocs.commands.declared import Argument


def textconv(
    file: Annotated[Path, Argument(help="A version of a secret's file.", metavar="FILE")],
) -> None:
    """Print what a file of secrets/ says, for `git diff`. Git runs this once `ocs doctor
    --fix` told it to.

    What you cannot read is one line instead, and the status is 0.

    Example:
      ocs secret textconv secrets/riverside-food-bank/server1-ssh.gpg
      git diff main -- secrets
    """
    from ocs.output.secrets import plaintext as show
    from ocs.tasks.secrets import textconv as task
    from ocs.workspace import keyrings

    show.for_git(task.text_of(file, keyrings(date.today())), file.name)
