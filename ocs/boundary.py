"""The one boundary where a failure becomes a message and a status.

Statuses: 0 done, or the answer is yes; 1 the answer is no; 2 no answer, for wrong usage or a
foreseen failure; 3 a bug in ocs; 130 interrupted or declined; 141 nobody reads the output any
more.
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
    """What the help and the messages of failures go by, too: no colour where none is wanted.

    And programs are looked for where programs are, never in the current folder, which may be a
    stranger's.
    """
    before = os.environ.copy()
    if "PATH" in os.environ:
        folders = os.environ["PATH"].split(os.pathsep)
        os.environ["PATH"] = os.pathsep.join(
            folder for folder in folders if folder.startswith(os.sep)
        )
    if not (sys.stdout and sys.stdout.isatty()):
        # In some CI typer writes colour where nobody asked for it.
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
    """Run the program, say what went wrong, and give its status.

    Where *args* ask for JSON, a failure is printed as JSON, too.
    """
    _prepare_streams()
    try:
        status = run()
        sys.stdout.flush()
    except SystemExit as end:
        if isinstance(
            end.__context__, BrokenPipeError
        ):  # typer ends with 1, which would be a verdict
            return _reported(end.__context__, args)
        return end.code if isinstance(end.code, int) else FAILED
    except BaseException as error:  # noqa: BLE001  the one place where everything ends
        if _completing():
            return 0  # a completion that fails completes nothing, and says nothing
        return _reported(error, args)
    return status if isinstance(status, int) else 0


def _options(args: Sequence[str]) -> Sequence[str]:
    """What may be an option of ours: nothing behind `--` is."""
    return args[: args.index("--")] if "--" in args else args


def _prepare_streams() -> None:
    """See that nothing fails on a closed stream, nor on a character that is written."""
    sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  till the end
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _completing() -> bool:
    return "_OCS_COMPLETE" in os.environ


def _reported(error: BaseException, args: Sequence[str]) -> int:
    """Say what went wrong, if anybody can still be told, and give the status."""
    try:
        return _report(error, args)
    except OSError:  # stderr cannot be written either
        return CLOSED_PIPE if isinstance(error, BrokenPipeError) else FAILED


def _report(error: BaseException, args: Sequence[str]) -> int:
    from ocs.errors import OcsError
    from ocs.output.console import Screen

    screen = Screen(json="--json" in _options(args))
    match error:
        case BrokenPipeError():
            # Python flushes stdout once more when it ends, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return CLOSED_PIPE
        case KeyboardInterrupt():
            screen.fail("interrupted")
            return INTERRUPTED
        case OcsError():
            screen.fail(error.message, error.hint)
            return FAILED
        case OSError():
            what = error.filename if isinstance(error.filename, str) else "writing the output"
            screen.fail(f"{what}: {error.strerror or error}")
            return FAILED
        case _:
            _apologise(error, screen)
            return BUG


def _apologise(error: BaseException, screen: Any) -> None:
    """Say that ocs is at fault, and where the traceback was written."""
    import platform
    import tempfile
    import traceback

    from ocs import __version__

    report = "".join(traceback.format_exception(error))
    screen.fail(
        f"this is a bug in ocs {__version__} (Python {platform.python_version()}): "
        f"{type(error).__name__}",
    )
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            prefix="ocs-bug-",
            suffix=".txt",
            delete=False,
            encoding="utf-8",
            errors="backslashreplace",
        ) as file:
            file.write(report)
        screen.fail(
            f"the details are in {file.name}", "please send them to the authors of ocs"
        )
    except OSError:
        sys.stderr.write(report)
