"""The process that kernels are forked from: it has imported the libraries, and nothing else.

It is started by its path, never imported, so that no module of this package is in it: code
that is edited must not run stale in the next kernel.

The rules of forking that it keeps:

- It runs one Python thread and forks only from it, with no event loop and no ZeroMQ context:
  a lock that another thread holds would stay locked in the child for ever.
- Numerical libraries may have started threads of their own when they were imported. OpenBLAS
  ends its threads before a fork and starts them again when they are needed; Arrow starts its
  pool on first use. Neither is used here, so none is at work while the process forks.
- It runs none of its children's code, so nothing leaks from one kernel to the next.
- Python's generator of random numbers is seeded anew in a child by Python itself, NumPy's by
  `_fresh`. The seed of string hashes is drawn once for a process, so kernels of one parent
  share it; set PYTHONHASHSEED where that matters.

The protocol, on a stream socket of the same user: the client sends one line of JSON (``argv``,
``env``, ``cwd``, ``watched``) with the standard output and error of the child as file
descriptors, and its standard input before them if it is to have one; where ``argv`` is ``-c`` and
code, the child runs that code instead of a kernel. The client is
told ``{"pid": ...}`` at once and ``{"status": ...}`` when the kernel has ended. The kernel
holds the connection too: where it is watched and the client vanishes, the kernel ends itself.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
import time
import types
from dataclasses import dataclass, field
from typing import Any, NoReturn

_REQUEST_BYTES = 1 << 20
_REQUEST_SECONDS = 5.0
_TICK = 1.0
_NO_REQUEST = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What comes of reading what is no request."""


@dataclass(frozen=True)
class Job:
    """What a child is to become: a kernel with this command line and these surroundings."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    watched: bool
    streams: tuple[int, ...]
    connection: socket.socket


@dataclass
class Asked:
    """A request as far as it has come in."""

    text: bytes = b""
    streams: list[int] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)

    def hear(self, connection: socket.socket) -> dict[str, Any] | None:
        """Take in what has come; return the request where it is whole.

        Raises
        ------
        OSError
            If the client has vanished.
        """
        more, streams, _, _ = socket.recv_fds(connection, _REQUEST_BYTES, 3)
        self.streams += streams
        self.text += more
        if not more or len(self.text) > _REQUEST_BYTES:
            message = "the request was cut short, or is too long"
            raise ValueError(message)
        return self._request() if self.text.endswith(b"\n") else None

    def _request(self) -> dict[str, Any]:
        raw = json.loads(self.text)
        request = {name: raw[name] for name in ("argv", "env", "cwd", "watched")}
        words = (*request["argv"], *request["env"], *request["env"].values(), request["cwd"])
        if not all(isinstance(word, str) for word in words) or not 2 <= len(self.streams) <= 3:
            message = "the request is not in order"
            raise ValueError(message)
        return request

    def close(self) -> None:
        """Let go of the file descriptors that came with it."""
        for stream in self.streams:
            os.close(stream)


@dataclass
class Server:
    """The parent's state: whom it listens to, and who has which kernel."""

    listener: socket.socket
    path: str
    idle: float
    inode: int
    kernels: dict[int, socket.socket] = field(default_factory=dict)
    asking: dict[socket.socket, Asked] = field(default_factory=dict)
    last: float = field(default_factory=time.monotonic)

    def serve(self) -> Job | None:
        """Fork a kernel for each request. Return the job in the child, None when idle."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.listener.setblocking(False)
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.listener, selectors.EVENT_READ)
            waiting.register(reader, selectors.EVENT_READ)
            while not self._done():
                ready = [key.fileobj for key, _ in waiting.select(_TICK)]
                if reader in ready:
                    with contextlib.suppress(BlockingIOError):
                        os.read(reader, 4096)
                self._reap()
                if self.listener in ready:
                    self._greet(waiting)
                for connection in [each for each in ready if each in self.asking]:
                    if job := self._hear(connection, waiting):
                        os.close(reader)
                        os.close(writer)
                        return job
                self._tire(waiting)
        return None

    def _done(self) -> bool:
        """Whether nobody can or will ask again: idle for long, or the socket's file is gone."""
        if self.kernels:
            self.last = time.monotonic()
            return False
        return time.monotonic() - self.last > self.idle or _inode(self.path) != self.inode

    def _reap(self) -> None:
        """Tell the clients of kernels that have ended how they did."""
        while self.kernels:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            connection = self.kernels.pop(pid)
            with contextlib.suppress(OSError):
                _send(connection, {"status": os.waitstatus_to_exitcode(status)})
            connection.close()

    def _greet(self, waiting: selectors.BaseSelector) -> None:
        """Take up a connection; nobody is waited for, so that one who is silent delays no other."""
        with contextlib.suppress(OSError):
            connection, _ = self.listener.accept()
            connection.setblocking(False)
            self.asking[connection] = Asked()
            waiting.register(connection, selectors.EVENT_READ)

    def _hear(self, connection: socket.socket, waiting: selectors.BaseSelector) -> Job | None:
        """Take in a part of a request, and fork where it is whole. Return the job in the child."""
        asked = self.asking[connection]
        try:
            request = asked.hear(connection)
            if request is None:
                return None
            self.last = time.monotonic()
            connection.settimeout(_REQUEST_SECONDS)
            pid = os.fork()
        except (OSError, *_NO_REQUEST):
            # A client that vanished, or is none of ours, or no room to fork: it hears nothing.
            self._turn_away(connection, waiting)
            return None
        # In the child the process id is 0, and everything below belongs to the kernel.
        if not pid:
            del self.asking[connection]
            self.listener.close()
            for other in (*self.kernels.values(), *self.asking):
                other.close()
            return Job(**request, streams=tuple(asked.streams), connection=connection)
        waiting.unregister(connection)
        del self.asking[connection]
        asked.close()
        self.kernels[pid] = connection
        return None

    def _tire(self, waiting: selectors.BaseSelector) -> None:
        """Turn away who has not made a request in time."""
        late = time.monotonic() - _REQUEST_SECONDS
        for connection in [each for each, asked in self.asking.items() if asked.since < late]:
            self._turn_away(connection, waiting)

    def _turn_away(self, connection: socket.socket, waiting: selectors.BaseSelector) -> None:
        waiting.unregister(connection)
        self.asking.pop(connection).close()
        connection.close()


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except OSError:
        return -1


def _send(connection: socket.socket, told: dict[str, int]) -> None:
    connection.sendall(json.dumps(told).encode() + b"\n")


def _fresh() -> None:
    """Undo what a fork would share: random state, signals, caches of what is importable."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    importlib.invalidate_caches()


def _watch(connection: socket.socket) -> None:
    """End this kernel, and what it started, when its client is gone."""
    connection.settimeout(None)
    with contextlib.suppress(OSError):
        while connection.recv(64):
            pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _become(job: Job) -> None:
    """Give the process the surroundings that an ordinary kernel starts in."""
    os.setsid()
    # Only now: the client signals the whole group, which until here was the parent's.
    _send(job.connection, {"pid": os.getpid()})
    streams = job.streams
    if len(streams) < 3:
        streams = (os.open(os.devnull, os.O_RDONLY), *streams)
    for target, source in enumerate(streams):
        os.dup2(source, target)
    for source in streams:
        os.close(source)
    os.environ.clear()
    os.environ.update(job.env)
    time.tzset()
    os.chdir(job.cwd)
    if backend := os.environ.get("MPLBACKEND"):
        # Read at import; the parent's own is that of an ordinary kernel.
        sys.modules["matplotlib"].rcParams["backend"] = backend
    _fresh()
    if job.watched:
        threading.Thread(target=_watch, args=(job.connection,), daemon=True).start()


def _run(job: Job) -> NoReturn:
    """Run the kernel in this process until it ends."""
    _become(job)
    # Python puts the folder of its script first; an ordinary kernel takes that away again.
    sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
    if job.argv[0] == "-c":
        _execute(job.argv[1])
        _leave()
    sys.argv = job.argv
    # What runs here is the launcher, not this script.
    sys.modules["__main__"].__file__ = job.argv[0]
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 - imported long ago

    # 1 means: a client started this kernel, and who ends it is not this process's parent.
    app = IPKernelApp.instance(parent_handle=1)
    app.initialize(job.argv[1:])
    app.start()
    _leave()


def _execute(code: str) -> None:
    """Execute code as ``python -c`` does."""
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv = ["-c"]
    sys.path.insert(0, "")
    exec(compile(code, "<string>", "exec"), main.__dict__)


def _leave() -> NoReturn:
    """End this process as Python does, but for taking all modules apart, which takes longest."""
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(0)


def main() -> None:
    """Listen, import the libraries, and fork kernels until nobody has asked for a while."""
    path, idle, *libraries = sys.argv[1:]
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    server = Server(listener, path, float(idle), _inode(path))
    # Nothing that an import makes is garbage: looking for it takes a fifth of the time.
    gc.disable()
    for library in ("ipykernel.kernelapp", "ipykernel.ipkernel", *libraries):
        importlib.import_module(library)
    gc.enable()
    gc.collect()
    # What is imported is kept out of the children's collections, so that its pages stay shared.
    gc.freeze()
    server.last = time.monotonic()
    if job := server.serve():
        _run(job)
    if _inode(path) == server.inode:
        os.unlink(path)


if __name__ == "__main__":
    main()
