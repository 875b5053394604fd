"""Whether the body of a secret was written for it: see `rules/secrets/bodies.py`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath

from ocs.adapters.files import Files
from ocs.adapters.git import top_folder
from ocs.adapters.git.roots import roots
from ocs.errors import NotItsOwnError, OcsError
from ocs.model.registry import Registry
from ocs.model.secret import Plaintext
from ocs.rules.records.schema import Schemas
from ocs.rules.secrets.bodies import (
    NO_HISTORY,
    Belonging,
    Belongs,
    Origin,
    belonging,
    is_named,
    is_own,
)
from ocs.tasks.registry.certificates import Keyrings
from ocs.tasks.secrets.plaintext import decrypted
from ocs.tasks.secrets.secrets import registry_of
from ocs.tasks.secrets.vault import Vault, check_own


def origin_of(files: Files, known: Collection[str] = ()) -> Origin:
    """What the registry is called in bodies; a clone has the same, and so has a renamed folder.

    *known* are the first commits by which the user knows the registry, where there are any:
    whoever can push can merge the history of another registry into this one.
    """
    found = roots(files.root)
    if found is None:
        return NO_HISTORY
    below: PurePath = files.root.relative_to(top_folder(files.root) or files.root)
    where = "" if below == PurePath() else below.as_posix()
    own = [root for root in found.all if root in known] or found.all
    new = found.first if found.first in own else own[0]
    others = (root for root in found.all if root not in own)
    return Origin(
        f"{new}:{where}",
        tuple(f"{root}:{where}" for root in own),
        tuple(f"{root}:{where}" for root in others),
    )


def check_belongs(
    plaintext: Plaintext,
    secret: str,
    origin: Origin,
    registry: Registry,
    confirmed: Collection[str] = (),
) -> None:
    """Raises NotItsOwnError unless a body was written for this secret, or somebody said so."""
    found = belonging(plaintext.name, secret, origin, registry)
    is_perhaps = found.belongs is Belongs.PERHAPS
    if found.belongs is Belongs.SURELY or (is_perhaps and secret in confirmed):
        return
    raise NotItsOwnError(secret, found.reason, found.hint, may_be_confirmed=is_perhaps)


def unconfirmed(error: NotItsOwnError, vault: Vault) -> NotItsOwnError:
    """Why a body may not be encrypted again: none may be confirmed that another secret had."""
    if error.may_be_confirmed:
        try:
            check_own(error.secret, vault)
        except OcsError as worse:
            return NotItsOwnError(error.secret, worse.message, worse.hint or error.hint or "")
    return error


def opened(secret: str, vault: Vault, confirmed: Collection[str] = ()) -> Plaintext:
    """The content of a secret, to change and encrypt it. Raises NotItsOwnError, OcsError."""
    content = decrypted(secret, vault.files, vault.schemas, vault.keyrings)
    try:
        origin = origin_of(vault.files, vault.memory.roots)
        check_belongs(content, secret, origin, vault.registry, confirmed)
    except NotItsOwnError as error:
        raise unconfirmed(error, vault) from None
    return content


def doubt(content: Plaintext, secret: str, files: Files, schemas: Schemas) -> Belonging | None:
    """Why a secret that somebody reads is another's; None where that is not known.

    What other programs wrote has no name, and can be read all the same.
    """
    if not is_named(content.name):
        return None
    origin = origin_of(files)
    if origin == NO_HISTORY or is_own(content.name, secret, origin):
        return None
    found = belonging(content.name, secret, origin, registry_of(files, schemas))
    return found if found.belongs is Belongs.NOT else None


def decrypted_to_use(
    secret: str, files: Files, schemas: Schemas, keyrings: Keyrings
) -> Plaintext:
    """The content of a secret, for a use in which nobody sees it.

    Raises OcsError for another's, which must not be entered where this one is.
    """
    content = decrypted(secret, files, schemas, keyrings)
    if doubtful := doubt(content, secret, files, schemas):
        raise OcsError(f"cannot use {secret}: {doubtful.reason}", doubtful.hint)
    return content
