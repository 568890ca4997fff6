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
    """Refuse a place where something stands that no export made.

    Raises
    ------
    DmeError
        With what stands there.
    """
    if not place.exists() and not place.is_symlink():
        return
    if place.is_dir() and place.suffix != ".zip":
        there, sums = set(_files(place)), place / SUMS
        told = sums.read_text("utf-8", "replace") if sums.is_file() else ""
    elif place.is_file() and zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as packed:
            there = set(packed.namelist())
            told = packed.read(SUMS).decode("utf-8", "replace") if SUMS in there else ""
    else:
        there, told = {place.name}, ""
    listed = {line.partition("  ")[2] for line in told.splitlines()} | {SUMS}
    strange = sorted(there if METADATA not in listed else there - listed)
    if strange:
        message = (
            f"{place} is not written over: it holds {strange[0]}, which no export made.\n"
            "Give a new or empty folder, a new file whose name ends in .zip, or an earlier export."
        )
        raise DmeError(message)


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
