"""What a notebook really read: the project's files that were opened while it ran.

Nobody keeps a list of dependencies by hand: Python's audit hook reports each file that is
opened, and the modules of this package are read off ``sys.modules``.
"""

import hashlib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from dme import paths

_ROOM = "data"
# It tells which bytes of a table have been checked before, and nothing that a notebook shows:
# the checksum of each table that was read stands in the list itself.
_PASSED_OVER = "datapackage.json"


@dataclass
class _Observer:
    """The one hook of this process; Python offers no way to take a hook away again."""

    installed: bool = False
    opened: set[str] = field(default_factory=set)

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open":
            return
        path, mode, _ = arguments
        reading = mode is None or not set(str(mode)) & set("wax+")
        if reading and isinstance(path, str | bytes | os.PathLike):
            self.opened.add(os.path.abspath(os.fsdecode(path)))


_observer = _Observer()


def start() -> None:
    """Begin to note the files that this process opens for reading; forget earlier ones."""
    _observer.opened.clear()
    if not _observer.installed:
        sys.addaudithook(_observer.hook)
        _observer.installed = True


def _modules() -> dict[str, Path]:
    """Return the files of this package's imported modules, by their name in the project."""
    package = Path(__file__).parent
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    ours = (Path(name) for name in files if name and package in Path(name).parents)
    return {f"src/dme/{path.relative_to(package).as_posix()}": path for path in ours}


def inputs() -> dict[str, str]:
    """Return the sha256 of each project file that was read since `start`, by relative path.

    These are the files under ``data/`` that were opened, and the modules of this package that
    are imported. The parameters stand in the notebook itself.
    """
    home = paths.home()
    room = str(home / _ROOM) + os.sep
    read = {Path(name) for name in _observer.opened if name.startswith(room)}
    read = {path for path in read if path.name != _PASSED_OVER}
    files = {paths.relative(path): path for path in read if path.is_file()} | _modules()
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())
    }
