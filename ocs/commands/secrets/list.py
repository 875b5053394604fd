"""ocs secret list, show and audit: the secrets, and whether the right people can read them."""

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
            help="List only secrets of this organisation or community.",
            metavar="OWNER",
            complete=complete_owner,
        ),
    ] = None,
    reader: Annotated[
        str | None, Option(help="List only secrets that this person may read.", **PERSON)
    ] = None,
) -> None:
    """List secrets: what each is for, who may read it, and what needs to be done.

    Example:
      ocs secret list
      ocs secret list riverside-food-bank
      ocs secret list --reader lena
    """
    from ocs.output.secrets import list as show
    from ocs.tasks.secrets import secrets as task

    screen, work, today = call.screen, call.work, call.today
    secrets = task.listing(owner, reader, work.files, work.schemas, today)
    if call.json:
        screen.json(show.as_json(secrets, today))
    else:
        show.table(secrets, today, screen)


def show_secret(
    call: EditingCall,
    secret: SecretArgument,
    key: Annotated[
        str | None,
        Option(help="Show only the line with this key, such as url or user.", metavar="KEY"),
    ] = None,
    clip: Annotated[
        bool,
        Option("--clip", "-c", help="Copy the password, or the --key line, to the clipboard."),
    ] = False,
) -> None:
    """Decrypt a secret with your key, to the terminal, the clipboard or a pipe.

    The first line is the password; below it are lines such as `url: https://…`. A terminal
    shows only text, without control characters; a pipe gets the exact bytes. With --clip, ocs
    prints nothing and clears the clipboard after 45 seconds (PASSWORD_STORE_CLIP_TIME).

    Example:
      ocs secret show riverside-food-bank/server1-ssh
      ocs secret show riverside-food-bank/server1-ssh --key url
      ocs secret show riverside-food-bank/server1-ssh --clip
      ocs secret show riverside-food-bank/server1-ssh > key.txt
    """
    from ocs.output.console import clean
    from ocs.output.secrets import plaintext as show
    from ocs.tasks.secrets import plaintext as task
    from ocs.tasks.secrets.bodies import doubt

    screen, work = call.screen, call.work
    opened = (work.files, work.schemas, work.keyrings(call.today))
    if clip:
        from ocs.tasks.secrets.clipboard import copied

        seconds, program = copied(secret, key, *opened)
        what = f"the line '{key}'" if key else "the first line"
        screen.say(
            clean(f"{what} of {secret} is in the clipboard, and cleared in {seconds} seconds")
        )
        if program:
            screen.say(
                f"until then {program} keeps it in a file below /tmp that only you can read"
            )
        return
    content = task.decrypted(secret, *opened)
    if undecided := task.in_conflict(secret, work.files):
        screen.fail(
            f"{clean(undecided.message)}; this is the version here", clean(undecided.hint)
        )
    show.doubtful(secret, doubt(content, secret, work.files, work.schemas), screen)
    show.show(task.value_of(content, key, secret) if key else content, secret, screen)


def audit(call: ReadingCall) -> int:
    """Compare the recipients of all ciphertexts with the access records.

    ocs reports readers without an access record, suspended readers, and people who should be
    able to decrypt but cannot. It also reports ciphertexts that were copied over others, and
    `.gpg-id` files that do not match the gatekeepers. This needs no secret key. The exit status
    is 1 if there are errors.

    Example:
      ocs secret audit
      ocs secret audit --json
    """
    from ocs.output.registry import findings as show
    from ocs.tasks.secrets import secrets as task

    screen, work = call.screen, call.work
    audited = task.audit(
        work.files, work.schemas, call.today, work.counted, work.confirmed(call.today)
    )
    if call.json:
        screen.json(show.as_json(audited.findings, audited.secrets, "secret"))
    else:
        show.as_text(audited.findings, audited.secrets, screen, work.shown(), "secret")
    return 1 if audited.has_errors else 0
