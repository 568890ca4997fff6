"""The kernel of one notebook, as nbclient drives it, and all kernels of a run together."""

import contextlib
import threading
import time
from collections.abc import Iterator
from queue import Empty
from typing import Any

from jupyter_client.client import KernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.utils import run_sync
from papermill.clientwrap import PapermillNotebookClient

# A request whose answer was lost is made again: soon at first, then less and less often, since an
# ordinary kernel takes seconds to start.
_FIRST_TRY, _LAST_TRY = 0.05, 1.0


class Stopped(Exception):
    """The run was stopped; what is under way ends without a result."""


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


class NotebookClient(PapermillNotebookClient):
    """Papermill's client, whose kernel can be ended from outside and is talked to at once."""

    def __init__(self, nb_man: Any, kernels: Kernels, **kwargs: Any) -> None:
        super().__init__(nb_man, **kwargs)
        self.kernels = kernels

    @contextlib.contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Start a kernel, unless the run was stopped, and end it after."""
        self.kernels.check()
        self.km = self.create_kernel_manager()
        self.start_new_kernel(**kwargs)
        try:
            with self.kernels.holding(self.km):
                self._connect()
                yield
        finally:
            self._cleanup_kernel()

    async def _connected(self) -> None:
        self.kc = self.km.client()
        self.kc.start_channels()
        await _ready(self.kc, self.startup_timeout)
        self.kc.allow_stdin = False

    _connect = run_sync(_connected)


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
