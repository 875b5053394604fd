"""One gpg that decrypts many messages: it takes longer to start than to decrypt one.

It gets a pipe for every message, as a special filename (`--multifile`,
`--enable-special-filenames`), and all that it says goes to one output. Which bytes are of
which message is known, since a message is handed over when gpg has said that it is done with
the one before. Behind each comes a mark: gpg flushes what is content, but what it says of
other things in a message, such as a certificate, waits for the next output.
"""

from __future__ import annotations

import itertools
import os
import resource
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from typing import IO

from ocs.adapters.keyring.told import Told

# So many messages are for one gpg, or fewer: each has two pipes, and that is to be a quarter
# of the file descriptors that are allowed. Some systems allow few.
MOST_MESSAGES = 25
_ALLOWED_FOR_ONE = 16
# A literal packet, not encrypted (RFC 9580, section 5.9): no key is needed for it. Its content
# is of 7 bytes.
_MARK = b"ocs-end"
_MARKING = bytes([0xC0 | 11, 6 + len(_MARK)]) + b"b" + bytes(5) + _MARK
_MANY_FILES = ("--multifile", "--enable-special-filenames", "--decrypt", "--status-fd")
_DONE = b"[GNUPG:] FILE_DONE\n"
_PART_BYTES = 1 << 16


class Multifile:
    """Decrypts so *many* messages, or more; *command* is gpg with its options. Close it in the
    end.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], many: int
    ) -> None:
        self._command = command
        self._environment = environment
        self._left = many
        self._process: _Process | None = None

    def decrypt(self, message: bytes) -> Told:
        """What gpg says of a message. Whether it failed is in its status lines, unless gpg
        ended early.

        Raises OSError where gpg cannot be run.
        """
        if self._process is None or not self._process.inputs:
            self.close()
            many = max(1, min(self._left, MOST_MESSAGES, _allowed() // _ALLOWED_FOR_ONE))
            self._process = _Process(self._command, self._environment, 2 * many)
        self._left -= 1
        told = self._process.ask(message)
        if not told.returncode:
            rest = self._process.ask(_MARKING)
            told.returncode = rest.returncode or (0 if rest.data.endswith(_MARK) else -1)
            told.data += rest.data.removesuffix(_MARK)
            told.stderr += rest.stderr
        if told.returncode:
            self.close()
        return told

    def close(self) -> None:
        if self._process is not None:
            self._process.close()
        self._process = None


def _allowed() -> int:
    """How many file descriptors this process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


class _Process:
    """One gpg. `inputs` are the pipes of the messages that it has not got yet."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], many: int
    ) -> None:
        pipes: list[tuple[int, int]] = []
        try:
            pipes += (os.pipe() for _ in range(1 + many))
            (self._status, status), *others = pipes
            self.inputs = deque(writing for _, writing in others)
            handed_on = [status, *(reading for reading, _ in others)]
            self._gpg = subprocess.Popen(
                [
                    *command,
                    *_MANY_FILES,
                    str(status),
                    "--",
                    *(f"-&{each}" for each in handed_on[1:]),
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=handed_on,
            )
        except OSError:
            for each in itertools.chain.from_iterable(pipes):
                os.close(each)
            raise
        for each in handed_on:
            os.close(each)
        assert self._gpg.stdout
        assert self._gpg.stderr
        self._data, self._words = self._gpg.stdout.fileno(), self._gpg.stderr.fileno()
        for each in (self._status, self._data, self._words, *self.inputs):
            os.set_blocking(each, False)
        self._early = b""  # what gpg has told of the message that it waits for

    def ask(self, message: bytes) -> Told:
        """Hand over the next message, and hear what gpg says until it is done with it."""
        heard = {each: bytearray() for each in (self._status, self._data, self._words)}
        heard[self._status] += self._early
        is_done = self._exchange(message, heard)
        status, _, self._early = bytes(heard[self._status]).partition(_DONE)
        told = Told()
        told.data = bytes(heard[self._data])
        told.stderr = heard[self._words].decode("utf-8", "replace")
        told.returncode = 0 if is_done else self._gpg.wait() or -1
        for line in status.decode("utf-8", "replace").removesuffix("\n").split("\n"):
            keyword, _, value = line.removeprefix("[GNUPG:] ").partition(" ")
            told.handle_status(keyword, value)
        return told

    def _exchange(self, message: bytes, heard: Mapping[int, bytearray]) -> bool:
        """Write a message, and hear what is said until gpg is done with it, or has ended. Is
        it done?
        """
        writing, rest = self.inputs.popleft(), memoryview(message)
        is_done = has_ended = False
        with (
            selectors.DefaultSelector() as pipes,
            os.fdopen(writing, "wb", buffering=0) as pipe,
        ):
            pipes.register(pipe, selectors.EVENT_WRITE)
            for each in heard:
                pipes.register(each, selectors.EVENT_READ)
            while not (is_done or has_ended):
                for key, _ in pipes.select():
                    if key.fileobj is pipe:
                        rest = rest[_write(pipe, rest) :]
                        if not rest:
                            pipes.unregister(pipe)
                            pipe.close()
                    elif not _read(key.fd, heard[key.fd]):
                        pipes.unregister(key.fd)
                        has_ended = has_ended or key.fd == self._status
                is_done = _DONE in heard[self._status]
        # The rest was said before gpg said that it is done, or ended.
        for each in (self._data, self._words):
            while _read(each, heard[each]):
                pass
        return is_done

    def close(self) -> None:
        self._gpg.kill()
        # Where gpg is a script that runs gpg, that one goes on until there is nothing to read.
        for each in (self._status, *self.inputs):
            os.close(each)
        self.inputs.clear()
        self._gpg.communicate()


def _write(pipe: IO[bytes], data: memoryview) -> int:
    """Write what the pipe takes; how much that was, or all where nobody reads it."""
    try:
        return pipe.write(data) or 0
    except BrokenPipeError:
        return len(data)


def _read(pipe: int, heard: bytearray) -> int:
    """Read what is in the pipe; how much that was."""
    try:
        part = os.read(pipe, _PART_BYTES)
    except BlockingIOError:
        return 0
    heard += part
    return len(part)
