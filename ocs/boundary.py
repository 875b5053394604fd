"""The one boundary where a failure becomes a message and a status.

Statuses: 0 done, or the answer is yes; 1 the answer is no; 2 wrong usage, or an expected
failure; 3 a bug in ocs; 130 interrupted or declined; 141 the reader of the output is gone.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

FAILED, BUG, INTERRUPTED, CLOSED_PIPE = 2, 3, 130, 141


@contextlib.contextmanager
def environment(args: Sequence[str]) -> Iterator[None]:
    """The environment for a call: no unwanted colour, and no programs from the current folder.

    The help and the messages of failures obey it too. The current folder may be a stranger's.
    """
    before = os.environ.copy()
    if "PATH" in os.environ:
        folders = os.environ["PATH"].split(os.pathsep)
        os.environ["PATH"] = os.pathsep.join(
            folder for folder in folders if folder.startswith(os.sep)
        )
    if not (sys.stdout and sys.stdout.isatty()):
        # In some CI, Typer writes colour into a pipe.
        os.environ["_TYPER_FORCE_DISABLE_TERMINAL"] = "1"
    if "--no-color" in _options(args):
        os.environ["NO_COLOR"] = "1"
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        if not re.fullmatch("[0-9]{1,5}", os.environ.get(name, "")):
            os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def status_of(run: Callable[[], object], args: Sequence[str] = ()) -> int:
    """Run the program, report a failure, also as JSON if *args* want JSON; return the status."""
    _prepare_streams()
    try:
        status = run()
        sys.stdout.flush()
    except SystemExit as end:
        # Typer ends a closed pipe with 1, which would be a verdict.
        if isinstance(end.__context__, BrokenPipeError):
            return _reported(end.__context__, args)
        return end.code if isinstance(end.code, int) else FAILED
    except BaseException as error:  # noqa: BLE001  the one place where everything ends
        if "_OCS_COMPLETE" in os.environ:
            return 0  # a completion that fails completes nothing and prints nothing
        return _reported(error, args)
    return status if isinstance(status, int) else 0


def _options(args: Sequence[str]) -> Sequence[str]:
    """The arguments that can be options of ocs: those before `--`."""
    return args[: args.index("--")] if "--" in args else args


def _prepare_streams() -> None:
    """Make sure that neither a closed stream nor an odd character is a failure."""
    sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  till the end
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _reported(error: BaseException, args: Sequence[str]) -> int:
    """The status of a failure, after a report on stderr if that can be written."""
    try:
        return _report(error, args)
    except OSError:  # stderr is broken too
        return CLOSED_PIPE if isinstance(error, BrokenPipeError) else FAILED


def _report(error: BaseException, args: Sequence[str]) -> int:
    from ocs.errors import OcsError
    from ocs.output.console import Screen

    screen = Screen(json="--json" in _options(args))
    match error:
        case BrokenPipeError():
            # Python flushes stdout once more at its end, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return CLOSED_PIPE
        case KeyboardInterrupt():
            screen.fail("interrupted")
            return INTERRUPTED
        case OcsError():
            screen.fail(error.message, error.hint)
            return FAILED
        case OSError():
            where = error.filename if isinstance(error.filename, str) else "writing the output"
            screen.fail(f"{where}: {error.strerror or error}")
            return FAILED
        case _:
            _apologise(error, screen)
            return BUG


def _apologise(error: BaseException, screen: Any) -> None:
    """Report a bug of ocs, and write the traceback to a file."""
    import platform
    import tempfile
    import traceback

    from ocs import __version__

    report = "".join(traceback.format_exception(error))
    versions = f"ocs {__version__} (Python {platform.python_version()})"
    screen.fail(f"this is a bug in {versions}: {type(error).__name__}")
    try:
        with tempfile.NamedTemporaryFile(
            prefix="ocs-bug-", suffix=".txt", delete=False
        ) as file:
            file.write(report.encode("utf-8", "backslashreplace"))
        screen.fail(f"the traceback is in {file.name}", "please report it, with this file")
    except OSError:
        sys.stderr.write(report)
