"""Who sits at the keyboard, as far as git knows."""

from __future__ import annotations

from ocs.adapters.files import Files
from ocs.adapters.git.commits import user_mail
from ocs.errors import OcsError
from ocs.model.registry import Registry
from ocs.rules.records.people import with_mail


def git_user(registry: Registry, files: Files, question: str) -> str:
    """The one person with git's mail address; else raises OcsError with the question."""
    mail = user_mail(files.root)
    people = with_mail(registry, mail) if mail else []
    if len(people) == 1:
        return people[0]
    why = "git has no mail address for you (user.email)"
    if mail:
        why = f"{len(people)} people have" if people else "nobody here has"
        why += f" git's mail address {mail}"
    raise OcsError(f"{question} {why}", "use --by PERSON")
