"""What the lines of a secret are: the password in the first, below it lines such as `url:
https://…`.
"""

from __future__ import annotations

PASSWORD = "password"  # noqa: S105  what the first line is called


def values_of(content: bytes) -> dict[str, bytes]:
    """The values of a secret by their names in small letters; of one name the first counts.

    The first line has the name `password`. A line that begins with an address has none.
    """
    first, *others = content.splitlines() or [b""]
    found = {PASSWORD: first}
    for line in others:
        name, colon, value = line.partition(b":")
        if colon and name.strip() and not value.startswith(b"//"):
            found.setdefault(name.strip().lower().decode("utf-8", "replace"), value.strip())
    return found
