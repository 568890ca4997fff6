"""Ask the warm parent for a kernel; start the parent where there is none."""

import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dme.warm.room import room

LIBRARIES = (
    "pandas",
    "pandas.io.formats.html",
    "pyarrow.csv",
    "pyarrow.pandas_compat",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "PIL.PngImagePlugin",
    "seaborn",
    "scipy.stats",
    "scipy.optimize",
    "statsmodels.api",
    "statsmodels.formula.api",
    "pydantic.main",
    "pydantic.fields",
    "pydantic.json_schema",
    "yaml",
    "shapely",
    "sqlite3",
)
"""What a parent imports unless told otherwise: what the study's notebooks spend their start on.

Not `matplotlib_inline.backend_inline`, which ties itself to the kernel that imports it.
"""

IDLE_SECONDS = 600.0
IDLE_VARIABLE = "DME_WARM_IDLE"

# Libraries read these when they are imported, so another value needs another parent.
_READ_AT_IMPORT = (
    "ARROW_", "BLIS_", "GOTO_", "HOME", "IPYTHON", "JUPYTER", "LANG", "LC_", "LD_", "MKL_", "MPL",
    "NPY_", "NUMEXPR_", "NUMPY_", "OMP_", "OPENBLAS_", "PANDAS_", "PYTHON", "TZ", "VIRTUAL_ENV",
)  # fmt: skip
_START_SECONDS = 120.0
_LOST = 255
_KEY_LENGTH = 20
_NAME = "kernel"
_OTHERS = 0o077

# A kernel lives as long as its connection is open: a fork of its client must not keep it so.
_connections: weakref.WeakSet[socket.socket] = weakref.WeakSet()


def _let_go() -> None:
    for connection in list(_connections):
        connection.close()


os.register_at_fork(after_in_child=_let_go)


class Unavailable(Exception):
    """No warm kernel is to be had here; the reason is its text. An ordinary one serves."""


@dataclass
class ForkedKernel:
    """A kernel that was forked by the parent, with as much of `subprocess.Popen` as is needed.

    Attributes
    ----------
    pid : int
        The kernel's process, which leads a process group of its own.
    connection : socket.socket
        Held open as long as the kernel may live: it hears how the kernel ended, and the kernel
        ends itself where it is closed.
    returncode : int or None
        Exit code, or minus the signal that ended it; 255 where nobody is left who knows.
    """

    pid: int
    connection: socket.socket
    returncode: int | None = None
    stdin: None = field(default=None, init=False)
    stdout: None = field(default=None, init=False)
    stderr: None = field(default=None, init=False)
    _hearing: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def poll(self) -> int | None:
        """Return how the kernel ended, or None while it runs."""
        return self._hear(blocking=False)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel's end.

        Raises
        ------
        subprocess.TimeoutExpired
            If it runs for longer than `timeout` seconds.
        """
        code = self._hear(blocking=True, timeout=timeout)
        if code is None:
            raise subprocess.TimeoutExpired(_NAME, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel at once."""
        self.send_signal(signal.SIGKILL)

    def _hear(self, *, blocking: bool, timeout: float | None = None) -> int | None:
        with self._hearing:
            return self._heard(blocking=blocking, timeout=timeout)

    def _heard(self, *, blocking: bool, timeout: float | None) -> int | None:
        if self.returncode is not None:
            return self.returncode
        try:
            self.connection.settimeout(timeout if blocking else 0)
            text = _line(self.connection)
            self.returncode = json.loads(text)["status"] if text else _LOST
        except (BlockingIOError, TimeoutError):
            return None
        except OSError:
            self.returncode = _LOST
        self.connection.close()
        return self.returncode


def fork(
    python: str,
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: str,
    *,
    watched: bool = True,
    libraries: Sequence[str] = LIBRARIES,
    streams: Sequence[int] = (1, 2),
) -> ForkedKernel:
    """Return a new kernel, or other process, forked from a parent that has imported `libraries`.

    Parameters
    ----------
    python : str
        The interpreter that the kernel is to run in.
    argv : sequence of str
        The kernel's command line after the interpreter; ``-c`` and code for another process.
    env : mapping of str to str
        All of its environment.
    cwd : str
        Its working directory.
    watched : bool, optional
        Whether it ends when this process does.
    libraries : sequence of str, optional
        Modules that the parent imports.
    streams : sequence of int, optional
        File descriptors of its output and errors, with that of its input before them unless it
        is to have none.

    Raises
    ------
    Unavailable
        If this system can't fork safely, or no parent can be started or talked to.
    """
    request = {"argv": list(argv), "env": dict(env), "cwd": cwd, "watched": watched}
    # A parent may end, being idle, at the very moment that it is asked: then ask a new one.
    for attempt in (1, 2):
        connection = _connect(python, env, libraries)
        try:
            connection.settimeout(_START_SECONDS)
            text = json.dumps(request).encode() + b"\n"
            socket.send_fds(connection, [text[:1]], list(streams))
            connection.sendall(text[1:])
            answer = _line(connection)
            if answer:
                return ForkedKernel(json.loads(answer)["pid"], connection)
        except (OSError, ValueError, KeyError) as error:
            connection.close()
            if attempt == 2:
                message = f"the parent could not be talked to ({error})"
                raise Unavailable(message) from error
        else:
            connection.close()
    message = "the parent ended before it answered; its last words are in the log beside its socket"
    raise Unavailable(message)


def prepare(
    python: str = sys.executable,
    libraries: Sequence[str] = LIBRARIES,
    env: Mapping[str, str] | None = None,
) -> None:
    """Start a parent, so that it imports while this process does something else.

    Parameters
    ----------
    python, libraries
        See `fork`.
    env : mapping of str to str, optional
        The environment of the processes to come; this process's own unless given.

    Raises
    ------
    Unavailable
        See `fork`.
    """
    _connect(python, os.environ if env is None else env, libraries).close()


def _usable() -> None:
    if sys.platform != "linux":
        message = f"on {sys.platform} a process with such libraries can't be forked safely"
        raise Unavailable(message)


def _connect(python: str, env: Mapping[str, str], libraries: Sequence[str]) -> socket.socket:
    """Return a connection to the parent of this interpreter, environment and libraries."""
    _usable()
    folder = _folder()
    name = _key(python, env, libraries)
    path = folder / f"{name}.sock"
    if connection := _try(path):
        return connection
    with _alone(folder / f"{name}.lock"):
        if connection := _try(path):
            return connection
        path.unlink(missing_ok=True)
        try:
            process = _start(python, path, env, libraries)
        except OSError as error:
            message = f"the parent could not be started ({error})"
            raise Unavailable(message) from error
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            if connection := _try(path):
                return connection
            time.sleep(0.005)
    message = f"the parent could not be started; see {path.with_suffix('.log')}"
    raise Unavailable(message)


def _folder() -> Path:
    """Return the folder of the sockets, which only this user can reach."""
    name = f"dme-warm-{os.getuid()}"
    wanted = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    base = room(wanted, len(f"/{name}/{'x' * _KEY_LENGTH}.sock"))
    if base is None:
        message = f"there is no place for the parent's socket: neither {wanted} nor another"
        raise Unavailable(message)
    folder = Path(base) / name
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.lstat()
    except OSError as error:
        message = f"there is no place for the parent's socket ({error})"
        raise Unavailable(message) from error
    private = stat.S_ISDIR(state.st_mode) and not state.st_mode & _OTHERS
    if not private or state.st_uid != os.getuid():
        message = f"{folder} is open to other users"
        raise Unavailable(message)
    return folder


def _key(python: str, env: Mapping[str, str], libraries: Sequence[str]) -> str:
    """Return the parent's name: another for whatever would have made it import otherwise."""
    read = {name: value for name, value in env.items() if name.startswith(_READ_AT_IMPORT)}
    # Installing or removing a package changes these folders: the old parent is then not asked.
    sites = [Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")]
    changed = [site.stat().st_mtime_ns for site in sites]
    told = [python, sorted(read.items()), list(libraries), changed, _script().read_text("utf-8")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:_KEY_LENGTH]


def _script() -> Path:
    return Path(__file__).with_name("parent.py")


def _try(path: Path) -> socket.socket | None:
    """Return a connection to a socket of this user's that somebody listens to."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    _connections.add(connection)
    try:
        connection.connect(str(path))
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    except OSError:
        connection.close()
        return None
    if struct.unpack("3i", peer)[1] != os.getuid():
        connection.close()
        message = f"another user listens at {path}"
        raise Unavailable(message)
    return connection


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock, so that two clients at once start one parent."""
    try:
        file = path.open("w")
    except OSError as error:
        message = f"the parent's folder can't be written to ({error})"
        raise Unavailable(message) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            # Said, as closing is not enough where a fork of this process has the file open too.
            fcntl.flock(file, fcntl.LOCK_UN)


def _start(
    python: str, path: Path, env: Mapping[str, str], libraries: Sequence[str]
) -> subprocess.Popen[bytes]:
    idle = env.get(IDLE_VARIABLE, str(IDLE_SECONDS))
    surroundings = {name: value for name, value in env.items() if name != "JPY_PARENT_PID"}
    with path.with_suffix(".log").open("wb") as log:
        return subprocess.Popen(
            [python, str(_script()), str(path), idle, *libraries],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=surroundings,
            cwd="/",
            start_new_session=True,
        )


def _line(connection: socket.socket) -> bytes:
    """Return one line, or nothing where the other side has closed."""
    # Byte by byte: the line after it, which may have come already, is for the next call.
    text = b""
    while not text.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            return b""
        text += byte
    return text
