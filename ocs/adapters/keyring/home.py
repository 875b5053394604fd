"""A home for gpg that holds the registry's certificates and nothing else, cached between runs.

Its name is a hash of what it holds, and only the user can read it. It is made whole beside its
place and then renamed, so that two that make it at once, or one that is killed, do no harm.
Before use it is compared with the hash of its key file; what is not as it was is made again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ocs.errors import KeyringError

_FORMAT = b"1"
KEYS, _HASH = "pubring.kbx", "pubring.sha256"
_BEING_MADE = "being-made-"
# As many homes are cached, for registries that one user works on.
_KEPT = 20
_ABANDONED_SECONDS = 3600


@contextlib.contextmanager
def private_files() -> Iterator[None]:
    """What is made meanwhile, by gpg too, can be read and written by the user alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def home_of(
    certificates: Sequence[bytes], fill: Callable[[str], bool], caches: Sequence[Path]
) -> Path | None:
    """The home that holds these certificates, made by *fill* where it is missing.

    None where no folder of *caches* can be written, or *fill* did not do all of it: on a full
    disk gpg leaves something out, and that must not be kept.
    """
    name = hashlib.sha256(
        _FORMAT + b"".join(_digest(certificate) for certificate in sorted(certificates))
    ).hexdigest()[:32]
    for cache in caches:
        with contextlib.suppress(OSError):
            return _home_in(cache, name, fill)
    return None


def cached(file: Path, make: Callable[[], bytes]) -> bytes:
    """The data of a file in a home, or what *make* gives; damaged data is made again."""
    with contextlib.suppress(OSError):
        digest, _, data = file.read_bytes().partition(b"\n")
        if digest == _digest(data).hex().encode():
            return data
    data = make()
    with contextlib.suppress(OSError), private_files():
        for older in file.parent.glob(f"{file.name.partition('-')[0]}-*"):
            older.unlink(missing_ok=True)
        beside = file.with_name(f".{file.name}.{os.getpid()}")
        beside.write_bytes(_digest(data).hex().encode() + b"\n" + data)
        beside.rename(file)
    return data


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _home_in(cache: Path, name: str, fill: Callable[[str], bool]) -> Path:
    with private_files():
        cache.mkdir(parents=True, exist_ok=True)
        _check_private(cache)
        home = cache / name
        if _is_whole(home):
            os.utime(home)
            return home
        made = Path(tempfile.mkdtemp(prefix=_BEING_MADE, dir=cache))
        try:
            if not fill(str(made)):
                raise OSError(errno.EIO, "gpg did not take everything")
            (made / _HASH).write_text(_hash(made / KEYS))
            _put(made, home)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        _sweep(cache)
    return home


def _put(made: Path, home: Path) -> None:
    """Rename the new home, in place of a broken one, unless another process was faster."""
    for _ in range(3):
        try:
            made.rename(home)
            return
        except OSError:
            if _is_whole(home):
                return
            with contextlib.suppress(OSError):
                home.rename(made.with_name(f"{made.name}-broken"))
            with contextlib.suppress(OSError):
                home.unlink()
            shutil.rmtree(made.with_name(f"{made.name}-broken"), ignore_errors=True)
    raise KeyringError(f"cannot make the folder {home}", "remove what is in its place")


def _is_whole(home: Path) -> bool:
    try:
        _check_private(home)
        return (home / _HASH).read_text() == _hash(home / KEYS)
    except (OSError, ValueError):
        return False


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_private(folder: Path) -> None:
    """Raises OSError where it is no folder, or not the user's alone."""
    status = folder.lstat()
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not is_own or status.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of the user's alone")


def _sweep(cache: Path) -> None:
    """Remove what killed processes left, and homes that were not used for long."""
    with contextlib.suppress(OSError):
        times = {folder: folder.stat().st_mtime for folder in cache.iterdir()}
        newest = max(times.values())
        homes = [folder for folder in times if not folder.name.startswith(_BEING_MADE)]
        homes.sort(key=times.__getitem__)
        abandoned = [
            folder
            for folder, time in times.items()
            if newest - time > _ABANDONED_SECONDS and folder not in homes
        ]
        for folder in (*homes[:-_KEPT], *abandoned):
            shutil.rmtree(folder, ignore_errors=True)
