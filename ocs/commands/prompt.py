"""Questions at the terminal.

Ctrl-C, and an end of the input in place of an answer, end the command with status 130.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from ocs.errors import OcsError

_ANSWERS = {"y": True, "yes": True, "n": False, "no": False}


def can_ask() -> bool:
    return sys.stdin.isatty()


def confirm(question: str) -> None:
    """Go on only if the answer is yes. Raises OcsError where there is no terminal."""
    if not can_ask():
        raise OcsError(
            "nothing was written: there is no terminal to ask for confirmation",
            "confirm with --yes",
        )
    if not is_confirmed(question, default=False):
        raise KeyboardInterrupt


def is_confirmed(question: str, *, default: bool = True) -> bool:
    """Is the answer yes? *default* is what Enter alone means."""
    answers = _ANSWERS | {"": default}
    while True:
        answer = _read(f"{question} [{'Y/n' if default else 'y/N'}]: ").strip().lower()
        if answer in answers:
            return answers[answer]
        sys.stderr.write("answer y or n\n")


def chosen(question: str, choices: Sequence[str]) -> str | None:
    """The one of *choices* that the user names by its number; None for none of them."""
    for number, choice in enumerate(choices, 1):
        sys.stderr.write(f"  {number}  {choice}\n")
    while True:
        answer = _read(f"{question} [1-{len(choices)}, or n for none]: ").strip().lower()
        if answer in ("n", "none"):
            return None
        if answer in map(str, range(1, len(choices) + 1)):
            return choices[int(answer) - 1]
        sys.stderr.write("answer with a number or n\n")


def answer(question: str) -> str:
    """The text that is typed; asks again for an empty one."""
    while not (text := _read(f"{question} ")):
        pass
    return text


def hidden(question: str) -> str:
    """A text that is typed twice and not shown."""
    while True:
        while not (text := _answered(lambda: _typed_unseen(f"{question}: "))):
            pass
        if _answered(lambda: _typed_unseen("Repeat for confirmation: ")) == text:
            return text
        sys.stderr.write("the two do not match\n")


def _read(question: str) -> str:
    def read() -> str:
        sys.stderr.write(question)
        sys.stderr.flush()
        return input()

    return _answered(read)


def _typed_unseen(question: str) -> str:
    import getpass
    import warnings

    with warnings.catch_warnings():
        # getpass would go on, and show what is typed.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(question)
        except getpass.GetPassWarning:
            raise OcsError(
                "this terminal cannot hide what you type",
                "pipe the secret in, or name a file with --file",
            ) from None


def _answered(read: Callable[[], str]) -> str:
    try:
        text = read()
        text.encode()  # in some locales input() returns what is not valid text
        return text
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\n")  # the next output begins on a line of its own
        raise KeyboardInterrupt from None
    except UnicodeError:
        raise OcsError("the answer is not text in the terminal's encoding") from None
