"""The kernel provisioner: Jupyter's own, with kernels forked warm where that can be done."""

import asyncio
import contextlib
import functools
import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from dme.warm import client

_LAUNCHER = ["-m", "ipykernel_launcher"]
_MOMENT = 0.1
_STREAMS = ("stdin", "stdout", "stderr")
_NOWHERE = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking a process that has imported the libraries already.

    Everything else is `LocalProvisioner`'s: signals go to the kernel's process group, and
    interrupt, restart, kill and shutdown behave as with an ordinary kernel. Where no warm
    kernel is to be had, an ordinary one is started.
    """

    _ending = False

    libraries = List(
        Unicode(), list(client.LIBRARIES), help="Modules that the warm parent imports."
    ).tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel that `cmd` describes."""
        streams = {name: kwargs[name] for name in _STREAMS if name in kwargs}
        if cmd[1:3] == _LAUNCHER and streams in ({}, _NOWHERE):
            try:
                return await self._fork(cmd, kwargs)
            except client.Unavailable as reason:
                self.log.info("An ordinary kernel is started: %s.", reason)
        return await super().launch_kernel(cmd, **kwargs)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Note that the kernel has been asked to end."""
        await super().shutdown_requested(restart=restart)
        self._ending = True

    async def poll(self) -> int | None:
        """Return how the kernel ended, or None; one that is about to end is waited for a moment.

        The manager asks every tenth of a second: the end of a kernel is noticed at once.
        """
        process = self.process
        if self._ending and isinstance(process, client.ForkedKernel) and process.poll() is None:
            await _readable(process.connection, _MOMENT)
        return await super().poll()

    async def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> KernelConnectionInfo:
        env = dict(kwargs.get("env") or os.environ)
        watched = not kwargs.get("independent", False)
        if watched:
            env["JPY_PARENT_PID"] = str(os.getpid())
        cwd = os.path.abspath(kwargs.get("cwd") or os.getcwd())
        nowhere = os.open(os.devnull, os.O_WRONLY) if "stdout" in kwargs else None
        ask = functools.partial(
            client.fork,
            cmd[0],
            [_launcher_path(), *cmd[3:]],
            env,
            cwd,
            watched=watched,
            libraries=self.libraries,
            streams=(1, 2) if nowhere is None else (nowhere, nowhere),
        )
        # In a thread: a parent that is still importing answers late. Not in one of the loop's own:
        # where this process is a fork, the loop counts on threads that only its origin has.
        thread = ThreadPoolExecutor(1)
        asked = asyncio.get_running_loop().run_in_executor(thread, ask)
        thread.shutdown(wait=False)
        try:
            self.process = await asked
        finally:
            if nowhere is not None:
                os.close(nowhere)
        self._ending = False
        self.pid = self.process.pid
        # The kernel leads a group of its own before its process id is told.
        self.pgid = self.pid
        self.cwd = cwd
        return self.connection_info


async def _readable(connection: socket.socket, seconds: float) -> None:
    """Wait until something can be read, or for so many seconds."""
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(connection, heard.set)
    try:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), seconds)
    finally:
        loop.remove_reader(connection)


def _launcher_path() -> str:
    """Return what an ordinary kernel finds as the first word of its command line."""
    import ipykernel_launcher  # noqa: PLC0415 - only its place is wanted

    return str(ipykernel_launcher.__file__)
