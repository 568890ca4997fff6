"""The folder of a site or a staged project, of which a build replaces its own files alone."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from dme.errors import DmeError
from dme.replace import replacing

_MARK_TEXT = "Built by dme: the next build replaces these files, and leaves all others."


class Kind(NamedTuple):
    """What a folder holds: the name of the file that marks it, and what it is called."""

    mark: str
    called: str


SITE, PROJECT = Kind(".dme-site", "a site"), Kind(".dme-stage", "a staged project")


@contextmanager
def filled(place: Path, kind: Kind) -> Iterator[Path]:
    """Give a new folder that takes a place if all goes well, with what no build made there.

    Parameters
    ----------
    place : Path
        The folder; it need not exist.
    kind : Kind
        What it holds.

    Raises
    ------
    DmeError
        If it holds something else, or a file of its owner's where a new one would stand.
    """
    strangers = _strangers(place, kind)
    with replacing(place) as fresh:
        yield fresh
        own = sorted(path.relative_to(fresh).as_posix() for path in _files(fresh))
        (fresh / kind.mark).write_text("\n".join([_MARK_TEXT, *own, ""]), encoding="utf-8")
        _keep(strangers, place, fresh)


def _files(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder: files, links wherever they lead, and empty folders."""
    for top, folders, names in os.walk(folder):
        linked = [name for name in folders if (Path(top) / name).is_symlink()]
        yield from (Path(top) / name for name in [*names, *linked])
        if not folders and not names and Path(top) != folder:
            yield Path(top)


def _strangers(place: Path, kind: Kind) -> list[Path]:
    """Return the files of a folder that no build made.

    Raises
    ------
    DmeError
        If it is no folder, or holds something else than that kind.
    """
    if not place.exists():
        return []
    mark = place / kind.mark
    marked = mark.is_file()
    beside = [] if marked or not place.is_dir() else [path.name for path in place.iterdir()]
    if not place.is_dir() or not all(map(_kept_for_a_site, beside)):
        message = (
            f"{place} holds something else than {kind.called}.\n"
            "Name an empty folder, a new one, or one that this command made."
        )
        raise DmeError(message)
    first, *listed = mark.read_text("utf-8").splitlines() or [""] if marked else [_MARK_TEXT]
    own = {kind.mark, *listed}
    found = [path.relative_to(place) for path in _files(place)]
    if first != _MARK_TEXT:
        # A build of before the list: all was its own, but for what is kept for a site.
        own |= {path.as_posix() for path in found if not _kept_for_a_site(path.parts[0])}
    return [path for path in found if path.as_posix() not in own]


def _kept_for_a_site(name: str) -> bool:
    return name.startswith(".") or name == "CNAME"


def _keep(strangers: Collection[Path], place: Path, fresh: Path) -> None:
    """Put what no build made into the folder that takes the place of another.

    Raises
    ------
    DmeError
        If the new site has a file of that name.
    """
    for path in strangers:
        target = fresh / path
        if os.path.lexists(target):
            message = (
                f"{place / path} was not made by this command, and the new site has a file of "
                "that name.\nMove yours, and build again. The folder is as it was."
            )
            raise DmeError(message)
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(place / path, target)


def _link(source: Path, target: Path) -> None:
    """Give a file a second name, or where the disk knows no such thing, copy it."""
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
