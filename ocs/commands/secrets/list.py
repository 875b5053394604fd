"""ocs secret: which secrets there are, and whether they can be read by whom they should."""

from __future__ import annotations

from typing import Annotated

from ocs.commands.completion import complete_owner
from ocs.commands.declared import Argument, Option
from ocs.commands.options import PERSON, EditingCall, ReadingCall, SecretArgument


def list_secrets(
    call: ReadingCall,
    owner: Annotated[
        str | None,
        Argument(
            help="Only those of this organisation or community.",
            metavar="OWNER",
            autocompletion=complete_owner,
        ),
    ] = None,
    reader: Annotated[
        str | None, Option(help="Only those that this person is to read.", **PERSON)
    ] = None,
) -> None:
    """Tell the secrets: what each is for, who is to read it, and what is to be done about it.

    Example:
      ocs secret list
      ocs secret list riverside-food-bank
      ocs secret list --reader lena
    """
    from ocs.output.secrets import list as show
    from ocs.tasks.secrets import secrets as task

    screen, work, today = call.screen, call.work, call.today
    every = task.listing(owner, reader, work.files, work.schemas, today)
    if call.json:
        screen.json(show.as_json(every, today))
    else:
        show.table(every, today, screen)


def show_secret(
    call: EditingCall,
    secret: SecretArgument,
    key: Annotated[
        str | None,
        Option(
            help="Only what stands behind this name in the lines below the first: url, user.",
            metavar="NAME",
        ),
    ] = None,
    clip: Annotated[
        bool,
        Option(
            "--clip", "-c", help="Put the password, or the line --key, into the clipboard."
        ),
    ] = False,
) -> None:
    """Decrypt a secret with your key: to the terminal, to the clipboard, or as it is to a
    pipe.

    The first line is the password; below it stand lines such as `url: https://…`. What is no
    text is not shown on a terminal, and nothing in a secret steers it. In the clipboard it
    stays for 45 seconds (PASSWORD_STORE_CLIP_TIME), and is not printed.

    Example:
      ocs secret show riverside-food-bank/server1-ssh
      ocs secret show riverside-food-bank/server1-ssh --key url
      ocs secret show riverside-food-bank/server1-ssh --clip
      ocs secret show riverside-food-bank/server1-ssh > key.txt
    """
    from ocs.output.console import clean
    from ocs.output.secrets import plaintext as show
    from ocs.tasks.secrets import plaintext as task

    screen, work = call.screen, call.work
    opened = (work.files, work.schemas, work.keyrings(call.today))
    if clip:
        from ocs.tasks.secrets.clipboard import copied

        seconds, program = copied(secret, key, *opened)
        what = f"the line '{key}'" if key else "the first line"
        screen.say(
            clean(
                f"{what} of {secret} is in the clipboard, and taken away in {seconds} seconds"
            )
        )
        if program:
            screen.say(
                f"until then {program} keeps it in a file below /tmp that only you can read"
            )
        return
    content = task.decrypted(secret, *opened)
    if undecided := task.in_conflict(secret, work.files):
        screen.fail(
            f"{clean(undecided.message)}; this is the one that is here", clean(undecided.hint)
        )
    show.show(task.value_of(content, key, secret) if key else content, secret, screen)


def audit(call: ReadingCall) -> int:
    """Hold what the ciphertexts really say against what is recorded. No secret key is needed.

    Who can read a secret and should not, or is suspended, who cannot and should, ciphertexts
    that were copied over others, and `.gpg-id` files that name others than the gatekeepers.
    Ends with status 1 if there are errors.

    Example:
      ocs secret audit
      ocs secret audit --json
    """
    from ocs.output.registry import findings as show
    from ocs.tasks.secrets import secrets as task

    screen, work = call.screen, call.work
    audited = task.audit(work.files, work.schemas, call.today, work.counted)
    if call.json:
        screen.json(show.as_json(audited.findings, audited.secrets, "secret"))
    else:
        show.as_text(audited.findings, audited.secrets, screen, work.shown(), "secret")
    return 1 if audited.has_errors else 0
