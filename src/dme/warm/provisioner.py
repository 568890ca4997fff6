"""The kernel provisioner: Jupyter's own, with kernels forked warm where that can be done."""

import asyncio
import os
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from dme.warm import client

_LAUNCHER = ["-m", "ipykernel_launcher"]


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking a process that has imported the libraries already.

    Everything else is `LocalProvisioner`'s: signals go to the kernel's process group, and
    interrupt, restart, kill and shutdown behave as with an ordinary kernel. Where no warm
    kernel is to be had, an ordinary one is started.
    """

    libraries = List(
        Unicode(), list(client.LIBRARIES), help="Modules that the warm parent imports."
    ).tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel that `cmd` describes."""
        if cmd[1:3] == _LAUNCHER and not {"stdin", "stdout", "stderr"} & kwargs.keys():
            try:
                return await self._fork(cmd, kwargs)
            except client.Unavailable as reason:
                self.log.info("An ordinary kernel is started: %s.", reason)
        return await super().launch_kernel(cmd, **kwargs)

    async def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> KernelConnectionInfo:
        env = dict(kwargs.get("env") or os.environ)
        watched = not kwargs.get("independent", False)
        if watched:
            env["JPY_PARENT_PID"] = str(os.getpid())
        cwd = os.path.abspath(kwargs.get("cwd") or os.getcwd())
        # In a thread: a parent that is still importing answers late.
        self.process = await asyncio.to_thread(
            client.fork,
            cmd[0],
            [_launcher_path(), *cmd[3:]],
            env,
            cwd,
            watched=watched,
            libraries=self.libraries,
        )
        self.pid = self.process.pid
        # The kernel leads a group of its own before its process id is told.
        self.pgid = self.pid
        self.cwd = cwd
        return self.connection_info


def _launcher_path() -> str:
    """Return what an ordinary kernel finds as the first word of its command line."""
    import ipykernel_launcher  # noqa: PLC0415 - only its place is wanted

    return str(ipykernel_launcher.__file__)
