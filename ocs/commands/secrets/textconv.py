"""ocs secret textconv: the text that git compares in place of a ciphertext."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from ocs.commands.declared import Argument


def textconv(
    file: Annotated[
        Path,
        Argument(help="The encrypted file, or a copy of an older version.", metavar="FILE"),
    ],
) -> None:
    """Print the text of a file in secrets/, for `git diff`.

    `ocs doctor --fix` sets git up to run this. If you cannot decrypt the file, ocs prints one
    line and exits with status 0.

    Example:
      ocs secret textconv secrets/riverside-food-bank/server1-ssh.gpg
      git diff main -- secrets
    """
    from ocs.output.secrets import plaintext as show
    from ocs.tasks.secrets import textconv as task
    from ocs.workspace import keyrings

    show.for_git(task.text_of(file, keyrings(date.today())), file.name)
