"""A certificate never gets older: who has a newer copy accepts no older one.

A newer copy may have revoked a key, or ended it sooner. By putting an older copy in its place,
people who may write files could make a lost key good again.
"""

from __future__ import annotations

from ocs.model.certificate import Certificate
from ocs.model.trust import Copy


def copy_of(certificate: Certificate) -> Copy:
    """How new a copy of a certificate is."""
    revoked = {key.fingerprint for key in certificate.keys if key.is_revoked}
    return Copy(certificate.signed, frozenset(revoked))


def older(certificate: Certificate, before: Copy) -> str | None:
    """Why a certificate is an older copy than one that was seen before; None where it is not."""
    now = copy_of(certificate)
    if lost := before.revoked - now.revoked:
        return f"it no longer says that {min(lost)} is revoked"
    times = dict(now.signed)
    if any(times.get(key, 0) < time for key, time in before.signed if key not in now.revoked):
        return "it lacks a newer signature, which may end the key sooner"
    return None


def newest(one: Copy, other: Copy) -> Copy:
    """What two copies say together."""
    times = dict(one.signed)
    for key, time in other.signed:
        times[key] = max(time, times.get(key, 0))
    return Copy(tuple(sorted(times.items())), one.revoked | other.revoked)
