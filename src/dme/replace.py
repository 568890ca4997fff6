"""Replacing folders only when what takes their place is whole, whoever is killed meanwhile.

What is made lies in a scratch folder that its process holds by a lock of the kernel's, which ends
with it. A folder that no one holds is a killed process's: the next start ends the move that it
was at, and sweeps it up.
"""

import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on this system: nothing is swept up, since no one knows whose it is
    fcntl = None  # type: ignore[assignment]

_MARK = ".dme-scratch"
_MOVES = "moves.json"
_DRAWN = r"[a-z0-9_]{8}"
_HERE, _EXCHANGE = -100, 2
# What a system or file system says that can't exchange two places.
_UNABLE = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


@contextmanager
def scratch(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """Give a new, empty folder that goes away in the end, and sweep up those left like it.

    Parameters
    ----------
    prefix : str
        How its name begins.
    parent : Path, optional
        Where to make it; among the system's temporary files unless given.
    """
    parent = parent or Path(tempfile.gettempdir())
    _sweep(parent, re.escape(prefix))
    folder, held = _made(prefix, parent)
    try:
        yield folder
    finally:
        if not (folder / _MOVES).exists():  # else a move could not be undone: what is here counts
            shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Give a new, empty folder that takes the place of `place` if all goes well.

    What stood there before stays until the new folder is whole, and stays for good if the block
    raises or the move fails.

    Parameters
    ----------
    place : Path
        The folder to replace; it need not exist.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    with scratch(f".{place.name}-", place.parent) as folder:
        fresh = folder / "fresh"
        fresh.mkdir()
        yield fresh
        swap(folder, (fresh.name, place))


def swap(folder: Path, *moves: tuple[str, Path]) -> None:
    """Move what lies in a scratch folder to its places; all of it, or everything is as it was.

    A process that is killed meanwhile leaves word of the moves, and the next start ends them.

    Parameters
    ----------
    folder : Path
        See `scratch`; it lies beside the places.
    *moves : tuple of str and Path
        The name in the folder, and where to; what stands there takes its name in the folder.
    """
    told = [(name, place.name, (folder / name).stat().st_ino) for name, place in moves]
    (folder / f"{_MOVES}.tmp").write_text(json.dumps(told), encoding="utf-8")
    (folder / f"{_MOVES}.tmp").rename(folder / _MOVES)
    done: list[tuple[Path, Path]] = []
    try:
        for name, place in moves:
            _exchange(folder / name, place)
            done.append((folder / name, place))
    except BaseException:
        for new, place in reversed(done):
            _exchange(place, new)
        (folder / _MOVES).unlink()
        raise
    (folder / _MOVES).unlink()


def tidy(*parents: Path) -> None:
    """End the moves of killed processes, and delete what they left.

    Parameters
    ----------
    *parents : Path
        Folders in which places may have been replaced; they need not exist.
    """
    for parent in parents:
        _sweep(parent, r"\..+-")


def _exchange(new: Path, place: Path) -> None:
    """Let two paths change places; where nothing stands at the second, it is a move."""
    if not place.exists():
        new.rename(place)
    elif not _at_once(new, place):
        former = new.with_name(f"{new.name}.former")
        place.rename(former)
        try:
            new.rename(place)
        except BaseException:
            former.rename(place)
            raise
        former.rename(new)


def _at_once(one: Path, other: Path) -> bool:
    """Exchange two paths in one step of the system's; False where it knows none."""
    import ctypes  # noqa: PLC0415 - for a moment in the end

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNABLE:
        return False
    raise OSError(code, os.strerror(code), str(one))


def _made(prefix: str, parent: Path) -> tuple[Path, int | None]:
    """Return a new folder, and what holds it; None where the file system knows no such lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        if fcntl is None:
            return folder, None
        with suppress(FileNotFoundError):  # swept up before it was held
            held = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX)
                (folder / _MARK).touch()
            except FileNotFoundError:
                os.close(held)
                continue
            except OSError:
                os.close(held)
                return folder, None
            return folder, held


def _sweep(parent: Path, prefix: str) -> None:
    """End what killed processes began in the folders of some names, and delete these."""
    if fcntl is None:
        return
    named = re.compile(prefix + _DRAWN)
    try:
        left = [path for path in parent.iterdir() if named.fullmatch(path.name)]
    except OSError:
        return
    for folder in left:
        # Held, just gone, another's, or of unknown moves: it is left alone.
        with suppress(OSError, ValueError, TypeError):
            if folder.lstat().st_uid != os.getuid() or not (folder / _MARK).is_file():
                continue
            held = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _end(folder)
                shutil.rmtree(folder)
            finally:
                os.close(held)


def _end(folder: Path) -> None:
    """End the moves of which a folder tells: all that is to be moved is whole."""
    with suppress(FileNotFoundError):
        for name, told, number in json.loads((folder / _MOVES).read_bytes()):
            new, place = folder / Path(name).name, folder.with_name(told)
            if new.exists() and new.stat().st_ino == number:
                _exchange(new, place)
