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

_ROOMS = ("data", f"results/{paths.SWEEPS}")
ABSENT = "absent"
"""What stands in place of a checksum where a file was looked for and is not there."""
# It tells which bytes of a table have been checked before, and as which types, which changes
# nothing that a notebook shows; what a notebook does show of it is noted table by table.
_PASSED_OVER = "datapackage.json"


@dataclass
class _Observer:
    """The one hook of this process; Python offers no way to take a hook away again."""

    installed: bool = False
    opened: set[str] = field(default_factory=set)
    noted: dict[str, str] = field(default_factory=dict)

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
    _observer.noted.clear()
    if not _observer.installed:
        sys.addaudithook(_observer.hook)
        _observer.installed = True


def note(name: str, digest: str) -> None:
    """Note an input that is no open file: one that is absent, or a part of a file."""
    _observer.noted[name] = digest


def modules() -> dict[str, Path]:
    """Return the files of this package's imported modules, by their name in the project."""
    package = str(Path(__file__).parent) + os.sep
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    ours = (name for name in files if name and name.startswith(package))
    return {f"src/dme/{Path(name[len(package) :]).as_posix()}": Path(name) for name in ours}


def inputs() -> dict[str, str]:
    """Return the sha256 of each project file that was read since `start`, by relative path.

    These are the files under ``data/`` and the results of sweeps that were opened, the modules
    of this package that are imported, and what was noted: a file that was looked for and is
    absent, what the package tells of a table (``data/datapackage.json#table``).
    """
    home = paths.home()
    rooms = tuple(str(home / room) + os.sep for room in _ROOMS)
    opened = {Path(name) for name in _observer.opened if name.startswith(rooms)}
    opened = {path for path in opened if path.name != _PASSED_OVER}
    files = {paths.relative(path): path for path in opened if path.is_file()} | modules()
    read = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    return dict(sorted((read | _observer.noted).items()))
