"""What gpg answers: data, messages and status lines."""

from __future__ import annotations


class GpgResult:
    """What gpg answered: its data, and its status lines. python-gnupg fills it."""

    def __init__(self, gpg: object = None) -> None:
        self.data = b""
        self.stderr = ""
        self.returncode: int | None = None
        self.lines: list[tuple[str, list[str]]] = []

    def handle_status(self, keyword: str, value: str) -> None:
        self.lines.append((keyword, value.split(" ")))

    def __contains__(self, keyword: str) -> bool:
        return bool(self.of(keyword))

    def of(self, keyword: str) -> list[list[str]]:
        """The words of each status line with this keyword."""
        return [words for other, words in self.lines if other == keyword]

    @property
    def failed(self) -> bool:
        return self.returncode != 0 or "FAILURE" in self

    @property
    def last_words(self) -> str:
        """The last message of gpg to people; for errors where nothing better is known."""
        lines = [line for line in self.stderr.splitlines() if line]
        messages = [line for line in lines if not line.startswith("[GNUPG:]")]
        last = messages[-1] if messages else f"it ended with status {self.returncode}"
        return last.removeprefix("gpg: ")
