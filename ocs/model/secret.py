"""The content of a secret, which only `reveal` shows."""

from __future__ import annotations

import hmac
from typing import NoReturn


class Plaintext:
    """Content that is or will be encrypted. Only `reveal` gives it out.

    `name` is what its message names it, empty for none: see `rules/secrets/bodies.py`.
    """

    __slots__ = ("_content", "name")

    def __init__(self, content: bytes, name: str = "") -> None:
        self._content = content
        self.name = name

    def reveal(self) -> bytes:
        """The content itself: for gpg's input, a terminal or a pipe, and nothing else."""
        return self._content

    def __repr__(self) -> str:
        return "<plaintext>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plaintext) and hmac.compare_digest(
            self._content, other._content
        )

    __hash__ = None  # type: ignore[assignment]

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a plaintext is neither copied nor stored")
