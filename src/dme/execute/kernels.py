"""The kernel of one notebook, as nbclient drives it, and all kernels of a run together."""

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from queue import Empty
from typing import Any

import zmq
from jupyter_client.client import KernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient

from dme.errors import DmeError

LARGEST = 32 << 20
"""How many bytes a cell may display: an executed notebook is read by people, and in browsers."""
# A request whose answer was lost is made again: soon at first, then less and less often, since an
# ordinary kernel takes seconds to start.
_FIRST_TRY, _LAST_TRY = 0.05, 1.0
# Seconds in which a cell that is done is to have told all that it displays.
_PATIENCE = 60


class Stopped(Exception):
    """The run was stopped; what is under way ends without a result."""


class Unfinished(DmeError):
    """A notebook did not come to its end; the message says what happened in its cell."""


class Kernels:
    """The kernels that are at work for one run, so that all of them can be ended at once.

    Attributes
    ----------
    reason : BaseException or None
        Why the run was stopped: the first reason, as others follow from it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._managers: set[AsyncKernelManager] = set()
        self.reason: BaseException | None = None

    def stop(self, reason: BaseException) -> None:
        """End every kernel, and let no other start."""
        with self._lock:
            self.reason = self.reason or reason
            for manager in self._managers:
                _kill(manager)

    def check(self) -> None:
        """Raise `Stopped` if `stop` was called."""
        if self.reason:
            raise Stopped

    @contextlib.contextmanager
    def holding(self, manager: AsyncKernelManager) -> Iterator[None]:
        """Count a manager's kernel as at work."""
        with self._lock:
            self._managers.add(manager)
            if self.reason:
                _kill(manager)
        try:
            yield
        finally:
            with self._lock:
                self._managers.discard(manager)


def _kill(manager: AsyncKernelManager) -> None:
    # Not by the manager, whose own thread is at work with it: the process is told itself.
    process = getattr(manager.provisioner, "process", None)
    if process is not None:
        with contextlib.suppress(OSError):
            process.kill()
            if hasattr(os, "killpg"):
                # It leads a group of its own: what it started ends too.
                os.killpg(process.pid, signal.SIGKILL)


class NotebookClient(PapermillNotebookClient):
    """Papermill's client, whose kernel can be ended from outside and is talked to at once.

    A cell that runs for too long, or displays more than `LARGEST` bytes, ends the kernel.
    """

    def __init__(self, nb_man: Any, kernels: Kernels, **kwargs: Any) -> None:
        super().__init__(nb_man, iopub_timeout=_PATIENCE, **kwargs)
        self.kernels = kernels
        self.fault = ""
        self._displayed: Counter[int] = Counter()

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Start a kernel, unless the run was stopped, and end it after."""
        self.kernels.check()
        self.km = self.create_kernel_manager()
        # What a cell writes past Python is displayed too: it is not to reach the terminal as well.
        nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.start_new_kernel(**nowhere, **kwargs)
        try:
            with self.kernels.holding(self.km):
                self._connect()
                yield
        finally:
            self._cleanup_kernel()

    def papermill_execute_cells(self) -> None:
        """Execute the cells.

        Raises
        ------
        Unfinished
            If the kernel ended, or was ended.
        """
        try:
            super().papermill_execute_cells()
        except (DeadKernelError, CellTimeoutError) as error:
            raise Unfinished(self.fault or _how_it_ended(self.km)) from error
        finally:
            # Those that wait for the kernel would complain of it at the end of the process.
            for task in asyncio.all_tasks(self._dropped.get_loop()):
                task.cancel()
        if self.fault:
            raise Unfinished(self.fault)

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Take over what a cell displays, up to a limit."""
        self._displayed[cell_index] += _size(msg["content"])
        if self._displayed[cell_index] > LARGEST:
            self._too_large()
        return None if self.fault else super().process_message(msg, cell, cell_index)

    def _too_large(self) -> None:
        self._end(
            f"the cell displays more than {LARGEST >> 20} MB, and was stopped. Display a part of "
            "it, or a summary, or write it to a file."
        )

    def _end(self, fault: str) -> None:
        self.fault = self.fault or fault
        _kill(self.km)

    async def _async_handle_timeout(self, timeout: int, cell: Any = None) -> Any:
        self._end(
            f"the cell ran for longer than {timeout} s, and was stopped. If it needs longer, say "
            "so: dme run --timeout SECONDS."
        )
        return await super()._async_handle_timeout(timeout, cell)

    async def _connected(self) -> None:
        self.kc = self.km.client()
        # What is larger is not even received, so that it takes no memory here.
        self.kc.context.setsockopt(zmq.MAXMSGSIZE, LARGEST)
        self.kc.start_channels()
        await _ready(self.kc, self.startup_timeout)
        self.kc.allow_stdin = False
        self._dropped = asyncio.ensure_future(self._hear_of_drops())

    async def _hear_of_drops(self) -> None:
        """Notice that a message was too large: then its connection is dropped for good.

        Where it is the kernel that is gone, ZeroMQ tries to connect again, and says so at once.
        """
        told = zmq.EVENT_DISCONNECTED | zmq.EVENT_CONNECT_RETRIED
        monitor = self.kc.iopub_channel.socket.get_monitor_socket(told)
        await monitor.recv_multipart()
        if not await monitor.poll(1000):
            self._too_large()

    _connect = run_sync(_connected)


def _size(content: Any) -> int:
    """Return about how many bytes a message's content takes in the notebook."""
    if isinstance(content, dict):
        return sum(map(_size, content.values()))
    if isinstance(content, list | tuple):
        return sum(map(_size, content))
    return len(content) if isinstance(content, str) else 8


def _how_it_ended(manager: AsyncKernelManager) -> str:
    process = getattr(manager.provisioner, "process", None)
    status = None if process is None else process.poll()
    if status == -signal.SIGKILL:
        return (
            "the kernel was killed while the cell ran, most likely by the system, as memory ran "
            "out. Run fewer notebooks at a time (dme run --jobs 1), or let the cell take less."
        )
    if status is None:
        return f"what the cell displays did not arrive within {_PATIENCE} s"
    how = f"exit status {status}" if status >= 0 else signal.strsignal(-status)
    return f"the kernel ended while the cell ran ({how})"


async def _ready(client: KernelClient, seconds: float) -> None:
    """Wait until the kernel answers, and what it says of its own accord is heard.

    As `KernelClient.wait_for_ready`, which then waits for a fifth of a second of silence: here
    the kernel's word that the request is done tells that nothing more will come.

    Raises
    ------
    RuntimeError
        If the kernel dies, or does not answer in time.
    """
    until, patience = time.monotonic() + seconds, _FIRST_TRY
    while time.monotonic() < until:
        request = client.kernel_info()
        with contextlib.suppress(Empty):
            reply = await client.shell_channel.get_msg(timeout=patience)
            client._handle_kernel_info_reply(reply)
            # What was said before anybody listened is lost: then ask again.
            while not _done(await client.iopub_channel.get_msg(timeout=patience), request):
                pass
            return
        if not await client._async_is_alive():
            break
        patience = min(2 * patience, _LAST_TRY)
    message = "the kernel died or did not answer"
    raise RuntimeError(message)


def _done(message: dict[str, Any], request: str) -> bool:
    told = message["content"].get("execution_state") if message["msg_type"] == "status" else None
    return told == "idle" and message["parent_header"].get("msg_id") == request
