import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

Started = tuple[KernelManager, BlockingKernelClient]


@pytest.fixture(scope="session")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this session a place of its own for parents' sockets, and leave no parent behind."""
    folder = tmp_path_factory.mktemp("run")
    former = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    yield folder / f"dme-warm-{os.getuid()}"
    for parent in parents(folder):
        parent.kill()
    if former is None:
        del os.environ["XDG_RUNTIME_DIR"]
    else:
        os.environ["XDG_RUNTIME_DIR"] = former


def parents(folder: Path) -> list[psutil.Process]:
    """Return the warm parents whose sockets are in `folder`; a kernel has their command line."""
    found = []
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
            if (
                any(word.endswith("parent.py") for word in line)
                and any(word.startswith(str(folder)) for word in line)
                and os.getsid(process.pid) == process.pid
                and process.parent() is not None
                and not any(str(folder) in word for word in process.parent().cmdline())
            ):
                found.append(process)
        except (psutil.Error, ProcessLookupError):
            continue
    return found


@pytest.fixture
def start(request: pytest.FixtureRequest) -> Iterator[Callable[..., Started]]:
    """Return a function that starts a kernel by name and returns its manager and client."""
    request.getfixturevalue("sockets")
    begun: list[Started] = []

    def begin(name: str = "dme", **kwargs: object) -> Started:
        manager = KernelManager(kernel_name=name)
        manager.start_kernel(**kwargs)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=120)
        begun.append((manager, client))
        return manager, client

    yield begin
    for manager, client in begun:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


def say(client: BlockingKernelClient, code: str, timeout: float = 60) -> str:
    """Run `code` in a kernel and return what it printed, or its error's name and text."""
    heard: list[str] = []

    def hear(message: dict) -> None:
        content = message["content"]
        heard.append(content.get("text", ""))
        if message["msg_type"] == "error":
            heard.append(f"{content['ename']}: {content['evalue']}")

    reply = client.execute_interactive(code, output_hook=hear, timeout=timeout)
    while reply["content"]["status"] == "aborted":
        # Any kernel turns away what reaches it in the moment after an error: it is asked again.
        reply = client.execute_interactive(code, output_hook=hear, timeout=timeout)
    return "".join(heard).strip()


def gone(pid: int, within: float = 15) -> bool:
    """Whether a process ends within some seconds."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False
