"""The lines of a secret: first the password, then lines such as `url: https://…`."""

from __future__ import annotations

PASSWORD = "password"  # noqa: S105  the name of the first line


def values_of(content: bytes) -> dict[str, bytes]:
    """The values of a secret by their names in small letters; of one name the first counts.

    The first line has the name `password`. A line that begins with an address has none.
    """
    first, *others = content.splitlines() or [b""]
    values = {PASSWORD: first}
    for line in others:
        name, colon, value = line.partition(b":")
        if colon and name.strip() and not value.startswith(b"//"):
            values.setdefault(name.strip().lower().decode("utf-8", "replace"), value.strip())
    return values
