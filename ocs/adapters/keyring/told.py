"""What gpg answers."""

from __future__ import annotations


class Told:
    """What gpg answered: its data, and its status lines. python-gnupg fills it."""

    def __init__(self, gpg: object = None) -> None:
        self.data = b""
        self.stderr = ""
        self.returncode: int | None = None
        self.lines: list[tuple[str, list[str]]] = []

    def handle_status(self, keyword: str, value: str) -> None:
        self.lines.append((keyword, value.split(" ")))

    def __contains__(self, keyword: str) -> bool:
        return any(each == keyword for each, _ in self.lines)

    def of(self, keyword: str) -> list[list[str]]:
        """What stands in the status lines of this kind, word by word."""
        return [words for each, words in self.lines if each == keyword]

    @property
    def failed(self) -> bool:
        return self.returncode != 0 or "FAILURE" in self

    @property
    def last_words(self) -> str:
        """The last that gpg said to people; for messages where nothing better is known."""
        spoken = [
            line
            for line in self.stderr.splitlines()
            if line and not line.startswith("[GNUPG:]")
        ]
        return (
            spoken[-1].removeprefix("gpg: ")
            if spoken
            else f"it ended with status {self.returncode}"
        )
