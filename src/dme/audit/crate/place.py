"""Where a crate is put: a folder or a zip, whole or not at all, and never over other files."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from dme.errors import DmeError
from dme.replace import replacing, scratch

METADATA = "ro-crate-metadata.json"
SUMS = "sha256sums.txt"

_BEGUN = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can tell: the same in each export."""
_PACKED = {".png", ".jpg", ".parquet"}
_READABLE = 0o644 << 16


def put(target: Path, make: Callable[[Path], None]) -> int:
    """Make a crate in a folder beside its place, move it there, and return its bytes.

    Parameters
    ----------
    target : Path
        A folder, or a zip by its suffix. Another crate that was put there is replaced.
    make : callable
        Given an empty folder, fills it.

    Raises
    ------
    DmeError
        If something else than a crate of this program's stands there.
    """
    place = target.absolute()
    check(place)
    if place.suffix != ".zip":
        with replacing(place) as folder:
            make(folder)
            _sum(folder)
        return sum(path.stat().st_size for path in _files(place).values())
    place.parent.mkdir(parents=True, exist_ok=True)
    with scratch(f".{place.name}-", place.parent) as beside:
        folder = beside / "crate"
        folder.mkdir()
        make(folder)
        _sum(folder)
        _zip(folder, beside / "packed.zip")
        os.replace(beside / "packed.zip", place)
    return place.stat().st_size


def check(place: Path) -> None:
    """Refuse a place where something stands that no export made, or that was changed since.

    Raises
    ------
    DmeError
        With what stands there.
    """
    if strange := _strange(place):
        message = (
            f"{place} is not written over: it holds {strange}.\n"
            "Give a new or empty folder, a new file whose name ends in .zip, or an earlier export."
        )
        raise DmeError(message)


def _strange(place: Path) -> str:
    """Return what an export must not take the place of, in words; "" where there is nothing."""
    if place.is_dir() and place.suffix != ".zip":
        if not (place / SUMS).is_file():
            return _foreign(next(place.iterdir(), None))
        held = {name: path.read_bytes() for name, path in _files(place).items()}
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as packed:
            held = {name: packed.read(name) for name in packed.namelist()}
    else:
        return _foreign(place if place.exists() or place.is_symlink() else None)
    lines = held.get(SUMS, b"").decode("utf-8", "replace").splitlines()
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in sorted(held.keys() - {SUMS}):
        if METADATA not in known or name not in known:
            return _foreign(Path(name))
        if hashlib.sha256(held[name]).hexdigest() != known[name]:
            return f"{name}, which was changed since it was exported"
    return ""


def _foreign(path: Path | None) -> str:
    return f"{path.name}, which no export made" if path else ""


def _files(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by their path in it, sorted."""
    found = (path for path in folder.rglob("*") if not path.is_dir())
    return dict(sorted((path.relative_to(folder).as_posix(), path) for path in found))


def _sum(folder: Path) -> None:
    """Write the checksum of each file, as ``sha256sum --check`` reads it."""
    lines = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n"
        for name, path in _files(folder).items()
    )
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _zip(folder: Path, target: Path) -> None:
    """Pack a folder: the same bytes each time, whatever the clock and the system say."""
    with zipfile.ZipFile(target, "w") as packed:
        for name, path in _files(folder).items():
            entry = zipfile.ZipInfo(name, _BEGUN)
            entry.external_attr, entry.create_system = _READABLE, 3
            stored = path.suffix in _PACKED
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())
