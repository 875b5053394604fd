"""What a newer copy of a certificate changes, in words."""

from __future__ import annotations

from collections.abc import Iterator

from ocs.model.certificate import Certificate, Subkey

_DOES = {"e": "encrypting", "s": "signing", "a": "logging in", "c": "certifying"}


def changes(before: Certificate | None, after: Certificate | None) -> Iterator[str]:
    """What is different in *after*; each is None where gpg verified nothing of it."""
    if before is None or after is None:
        if after is not None:
            yield "its own key speaks for it now"
        return
    if after.primary.is_revoked and not before.primary.is_revoked:
        yield "it was revoked"  # and everything in it with it
        return
    yield from _of_key("it", before.primary, after.primary)
    known = {key.fingerprint: key for key in before.subkeys}
    for key in after.subkeys:
        if key.fingerprint not in known:
            purpose = " and ".join(
                word for letter, word in _DOES.items() if letter in key.capabilities
            )
            ends = f"which ends {key.expires}" if key.expires else "which never ends"
            yield f"there is a new subkey for {purpose or 'nothing'}, {key.fingerprint}, {ends}"
        else:
            yield from _of_key(f"the subkey {key.fingerprint}", known[key.fingerprint], key)
    names = {user.text: user.is_revoked for user in before.user_ids}
    for user_id in after.user_ids:
        if user_id.text not in names:
            yield f"there is a new user id: {user_id.text}"
        elif user_id.is_revoked and not names[user_id.text]:
            yield f"the user id was revoked: {user_id.text}"
    if after.digests - before.digests:
        yield "its self-signatures are new"


def _of_key(what: str, before: Subkey, after: Subkey) -> Iterator[str]:
    if after.is_revoked and not before.is_revoked:
        yield f"{what} was revoked"
    if before.expires != after.expires:
        yield f"{what} ends {after.expires or 'never'} rather than {before.expires or 'never'}"
