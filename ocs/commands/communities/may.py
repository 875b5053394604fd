"""ocs may: may a person ask for this on behalf of that community or organisation?"""

from __future__ import annotations

from typing import Annotated

from ocs.commands.completion import complete_owner, complete_person
from ocs.commands.declared import Argument, Shared
from ocs.commands.options import Call


def may(
    call: Annotated[Call, Shared("on", "registry", "json", "no_color")],
    who: Annotated[
        str,
        Argument(
            help="A person's id, an account such as github:login or github_id:4539057, or a "
            "contact as ORG/CONTACT.",
            metavar="WHO",
            complete=complete_person,
        ),
    ],
    action: Annotated[
        str, Argument(help="What they ask for, such as domain or restore.", metavar="ACTION")
    ],
    subject: Annotated[
        str,
        Argument(
            help="The community or organisation that they act for.",
            metavar="SUBJECT",
            complete=complete_owner,
        ),
    ],
) -> int:
    """Check whether a person may ask for something on behalf of a community or organisation.

    Somebody else can take over the name of an account. So compare the number that ocs prints with
    the account's, or ask by that number (github_id:4539057).

    The exit status is 0 for yes. It is 1 for no, or if a gatekeeper must decide.

    Example:
      ocs may ana-ruiz domain open-map-hispano
      ocs may github:luisg-example hosting open-map-hispano
      ocs may riverside-food-bank/office restore riverside-food-bank
    """
    from ocs.output.communities import may as show
    from ocs.tasks.communities import may as task

    screen, work, today = call.screen, call.work, call.today
    verdict = task.may(who, action, subject, today, files=work.files, schemas=work.schemas)
    if call.json:
        screen.json(show.as_json(verdict, today))
    else:
        show.as_text(verdict, screen)
    return 0 if verdict else 1
