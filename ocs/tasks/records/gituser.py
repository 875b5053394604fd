"""Who sits at the keyboard, as far as git knows."""

from __future__ import annotations

from ocs.adapters.files import Files
from ocs.adapters.git.commits import user_mail
from ocs.errors import OcsError
from ocs.model.registry import Registry
from ocs.rules.records.people import with_mail


def git_user(registry: Registry, files: Files, problem: str) -> str:
    """The one person with git's mail address; else raises OcsError with *problem*."""
    mail = user_mail(files.root)
    people = with_mail(registry, mail) if mail else []
    if len(people) == 1:
        return people[0]
    why = "git has no mail address for you (user.email)"
    if mail:
        why = f"{len(people)} people have" if people else "no person in this registry has"
        why += f" git's mail address {mail}"
    raise OcsError(f"{problem}: {why}", "use --by PERSON")
