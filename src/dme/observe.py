"""What a process really read of the project, as it was when it was read.

Nobody keeps a list of dependencies by hand: Python's audit hook reports each file that is
opened and each folder that is listed, before it happens, and the modules that were loaded are
read off ``sys.modules``. The checksum is taken at the first reading: where a file is changed
later, what was recorded is no longer what is there, and the result does not stand.
"""

import contextlib
import functools
import hashlib
import importlib.util
import os
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dme import paths, up_to_date
from dme.up_to_date import ABSENT, CHANGED, listing

# Both are machinery: the package's file tells which bytes of a table have been checked before, and
# as which types (what a notebook shows of it is noted table by table); the memory holds results.
_PASSED_OVER = {"datapackage.json", "memory.sqlite"}
_PACKAGE = os.path.join(os.path.dirname(__file__), "")
_OPENING = {"open", "sqlite3.connect"}
_LISTING = {"os.listdir", "os.scandir"}
_IMPORT = "<frozen importlib._bootstrap>"
_FINDER = "<frozen importlib._bootstrap_external>"


class _Own(threading.local):
    """Whether this thread is at work for this module."""

    busy = False


@dataclass
class _Observer:
    """The one hook of this process; Python offers no way to take a hook away again.

    Attributes
    ----------
    read : dict of str to str
        What was read since `start`, by its path in the project, with its checksum.
    held : dict of str to str
        What modules read while they were loaded.
    loaded : dict of str to str
        Modules' files, which are read when they are first imported and not again, by path.
    """

    watching: bool = False
    begun: bool = False
    read: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, str] = field(default_factory=dict)
    listeners: list[Callable[[str, str], None]] = field(default_factory=list)
    own: _Own = field(default_factory=_Own)

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in _OPENING:
            opening = True
            if event == "open" and not _reads(arguments[2]):
                return
        elif event in _LISTING:
            opening = False
            # Python lists the folders of modules for itself.
            if sys._getframe(1).f_code.co_filename == _FINDER:
                return
        else:
            return
        path = "." if arguments[0] is None else arguments[0]
        if isinstance(path, str | bytes | os.PathLike) and not self.own.busy:
            with contextlib.suppress(OSError, ValueError), unseen():
                self._note(os.fsdecode(path), opening=opening)

    def _note(self, path: str, *, opening: bool) -> None:
        if opening and path.startswith(_PACKAGE):
            source = importlib.util.source_from_cache(path) if path.endswith(".pyc") else path
            self.loaded.setdefault(source, checksum(source))
        if (name := _name(path)) is None:
            return
        whole = os.path.join(paths.home(), name)
        if not opening:
            self.tell(f"{name}/", listing(Path(whole)))
            return
        if os.path.isdir(whole):
            return
        found = checksum(whole)
        if name.endswith(".py"):
            self.loaded.setdefault(whole, found)
        elif _in_an_import():
            merge(self.held, name, found)
        self.tell(name, found)

    def tell(self, name: str, found: str) -> None:
        merge(self.read, name, found)
        for listener in self.listeners:
            listener(name, found)


_observer = _Observer()


def merge(read: dict[str, str], name: str, found: str) -> None:
    """Note a checksum; where another is noted already, no checksum will do any more."""
    read[name] = found if read.get(name, found) == found else CHANGED


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Read without noting it: to take a checksum is to read nothing."""
    before, _observer.own.busy = _observer.own.busy, True
    try:
        yield
    finally:
        _observer.own.busy = before


def as_loaded(path: str | Path) -> str:
    """Return the sha256 of a module's file as it was when it was loaded, if it is."""
    return _observer.loaded.get(str(path)) or checksum(path)


def checksum(path: str | Path) -> str:
    """Return the sha256 of a file as it is now, or ``absent``."""
    with unseen():
        try:
            state = os.stat(path)
            told = (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
            return _checksum(str(path), told)
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT


def now(name: str) -> str:
    """Return the digest of an input as it is now; see `dme.up_to_date.now`."""
    if name.endswith("/") or "#" in name:
        with unseen():
            return up_to_date.now(name)
    return checksum(os.path.join(paths.home(), name))


@functools.lru_cache(maxsize=4096)
def _checksum(path: str, _state: tuple[int, ...]) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _reads(flags: object) -> bool:
    """Whether a file is opened so that what stands in it can be read."""
    return isinstance(flags, int) and not flags & (os.O_WRONLY | os.O_TRUNC)


def _name(path: str) -> str | None:
    """Return the name of a file or folder in the project; None where it is not tracked.

    Compiled Python is told as its source. Installed packages, hidden folders and what is
    machinery are passed over, and the modules of this package are read off ``sys.modules``.
    """
    home = os.path.join(paths.home(), "")
    whole = os.path.abspath(path)
    if not os.path.join(whole, "").startswith(home):
        whole = os.path.realpath(whole)
        if not os.path.join(whole, "").startswith(home):
            return None
    if whole.startswith((_PACKAGE, *(one for one in _installed() if one.startswith(home)))):
        return None
    name = whole[len(home) :].replace(os.sep, "/") or "."
    folders = name.split("/")[:-1]
    if "site-packages" in folders or any(one.startswith(".") for one in folders):
        return None
    if name.startswith("src/dme/") or name.rpartition("/")[2] in _PASSED_OVER:
        return None
    if "__pycache__" in folders:
        return importlib.util.source_from_cache(name)
    return name


@functools.cache
def _installed() -> tuple[str, ...]:
    """Return the folders of the environment: Python, its library, what is installed."""
    return tuple({os.path.join(one, "") for one in (sys.prefix, sys.base_prefix, sys.exec_prefix)})


def _in_an_import() -> bool:
    frame: types.FrameType | None = sys._getframe()
    while frame and frame.f_code.co_filename != _IMPORT:
        frame = frame.f_back
    return frame is not None


def held() -> dict[str, str]:
    """Return what modules read while they were loaded, with the sha256 of then."""
    return dict(_observer.held)


def watch() -> None:
    """Note from now on what this process reads of the project."""
    if not _observer.watching:
        _observer.watching = True
        sys.addaudithook(_observer.hook)
        _observer.loaded |= {str(path): checksum(path) for path in modules().values()}


def start() -> None:
    """Begin anew: forget what an earlier notebook of this process read."""
    watch()
    if _observer.begun:
        _observer.read.clear()
    _observer.begun = True


def listen(listener: Callable[[str, str], None]) -> None:
    """Tell a function of each file that is read, and its checksum."""
    _observer.listeners.append(listener)


def note(name: str, digest: str) -> None:
    """Note an input that is no open file: one that is absent, or a part of a file."""
    merge(_observer.read, name, digest)


def modules() -> dict[str, Path]:
    """Return the files of this package's imported modules, by their name in the project."""
    return {
        f"src/dme/{Path(name[len(_PACKAGE) :]).as_posix()}": Path(name)
        for name in _module_files()
        if name.startswith(_PACKAGE)
    }


def _module_files() -> set[str]:
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {name for name in files if isinstance(name, str)}


def _own_modules() -> dict[str, str]:
    """Return the project's modules outside this package, as they were when they were loaded."""
    named = {name: path for path in _module_files() if (name := _name(path)) is not None}
    return {name: as_loaded(path) for name, path in named.items()}


def sources() -> list[str]:
    """Return the text of the loaded modules that are the project's own, and not this package's."""
    files = [name for name in _module_files() if name.endswith(".py") and of_project(name)]
    with unseen():
        return [Path(name).read_text(encoding="utf-8") for name in files]


def of_project(path: str) -> bool:
    """Whether a module's file is the project's own, and not this package's."""
    return _name(path) is not None


def inputs() -> dict[str, str]:
    """Return the sha256 of all of the project that was read, by path, as it was when it was read.

    These are the files that were opened and the folders that were listed since `start` (on the
    first call of that: since `watch`), the modules that are loaded, and what was noted: a file
    that was looked for and is absent, what the package tells of a table
    (``data/datapackage.json#table``).
    """
    ours = {name: as_loaded(path) for name, path in modules().items()}
    return dict(sorted((ours | _own_modules() | _observer.read).items()))
