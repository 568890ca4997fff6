"""The process that executes runs: each in a process of its own, forked from this one.

This process has imported what the runs import and read the tables that they read, so a run
costs little more than its cells. It runs one thread, and none of the runs' code: nothing leaks
from one run to the next, and nothing piles up.

It reads a task as a line of JSON from its standard input and writes its outcome as another.
A run that fails, or dies, is executed once more in a kernel, which keeps the notebook as far as
it came: what that says counts.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import platform
import random
import select
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dme import observe, paths
from dme.errors import DmeError
from dme.execute.sources import ORDINARY, WARM, wanted_kernel
from dme.execute.sweep.state import project_state
from dme.execute.sweep.task import (
    STORED,
    Outcome,
    Task,
    execute_run,
    refuse_twice,
)

_TASKS = 0
_CHUNK = 1 << 16
_TICK = 1.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_CAN_FORK = sys.platform == "linux"


def main() -> None:
    """Execute the runs that come in, until no more can come."""
    # Told to end, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # What is printed by mistake must not pass for an answer.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        known: set[str] = set()
        for line in _lines():
            raw = json.loads(line)
            task = Task(**raw | {"notebooks": tuple(raw["notebooks"])})
            outcome = executed(task, known) if _CAN_FORK else execute_run(task)
            answers.write(json.dumps(outcome.to_json()) + "\n")
            answers.flush()


def _lines() -> Iterator[bytes]:
    text = b""
    while more := os.read(_TASKS, _CHUNK):
        text += more
        while b"\n" in text:
            line, _, text = text.partition(b"\n")
            yield line


def executed(task: Task, known: set[str]) -> Outcome:
    """Execute a run: its cells in a fork of this process, or else in a kernel.

    Parameters
    ----------
    task : Task
        The run.
    known : set of str
        Notebooks whose modules and tables are in this process; those of the task join them.
    """
    found: list[dict[str, Any]] = []
    # Taken before the first run too, so that the files' checksums are known to later ones.
    if project_state(task.notebooks, task.parameters["tables"]) != task.state:
        return Outcome(task.run, [], None, platform.node())
    for name in task.notebooks:
        told = _apart(lambda name=name: _cells(name, task, tell=name not in known))
        if told is None:
            return _in_a_kernel(task)
        found += told["findings"]
        if name not in known:
            _remember(told)
            known.add(name)
    try:
        refuse_twice(found)
    except DmeError:
        return _in_a_kernel(task)
    if project_state(task.notebooks, task.parameters["tables"]) != task.state:
        return Outcome(task.run, [], None, platform.node())
    return Outcome(task.run, found)


def _in_a_kernel(task: Task) -> Outcome:
    told = _apart(lambda: execute_run(task).to_json())
    return Outcome(**told) if told else Outcome(task.run, [], "the process of the run ended")


def _cells(name: str, task: Task, *, tell: bool) -> dict[str, Any] | None:
    """Return a notebook's findings, and what the next run may find ready; None if it can't."""
    from dme.execute.sweep.cells import findings_of  # noqa: PLC0415 - IPython is slow

    source = paths.home() / "notebooks" / f"{name}.ipynb"
    if wanted_kernel(source) not in (ORDINARY, WARM):
        return None
    os.chdir(paths.home())
    found = [{key: one[key] for key in STORED} for one in findings_of(source, task.parameters)]
    if not tell:
        return {"findings": found}
    modules = [module for module in sys.modules if not module.startswith("__")]
    return {"findings": found, "modules": modules, "read": list(observe.inputs()),
            "tables": task.parameters["tables"]}  # fmt: skip


def _remember(told: dict[str, Any]) -> None:
    """Import and read here what a run has imported and read, for the runs to come."""
    for name in told["modules"]:
        if name not in sys.modules:
            # A module that can't be imported by its name alone is left to the run.
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    from dme.claims import yardstick  # noqa: PLC0415 - not before they are needed
    from dme.execute.sweep.cells import shell  # noqa: PLC0415
    from dme.tables import load  # noqa: PLC0415

    shell()
    yardstick()
    folder = paths.home() / told["tables"]
    for path in map(Path, told["read"]):
        if path.suffix == ".csv" and (paths.home() / path).parent == folder:
            load(path.stem, folder)
    # Kept out of the children's collections, so that its pages stay shared with them.
    gc.collect()
    gc.freeze()


def _apart(work: Callable[[], dict[str, Any] | None]) -> dict[str, Any] | None:
    """Return what `work` returns in a fork of this process; None if it fails or dies."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _child(work, writer)
    os.close(writer)
    try:
        text = _heard(child, reader)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            # With whatever the cells have started.
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return json.loads(text) if text.endswith(b"\n") else None


def _child(work: Callable[[], dict[str, Any] | None], writer: int) -> None:
    status = 1
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), _TASKS)
        _fresh()
        told = work()
        text = json.dumps(told).encode() + b"\n"
        while text:
            text = text[os.write(writer, text) :]
        status = 0
    except BaseException:
        # Told by the kernel that runs next.
        status = 1
    finally:
        os._exit(status)


def _fresh() -> None:
    """Give this process random numbers of its own, as a kernel has."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _heard(child: int, reader: int) -> bytes:
    """Return what a child writes until its line is whole or it has ended."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reader, _TASKS], [], [], _TICK)
        if reader in ready:
            more = os.read(reader, _CHUNK)
            if not more:
                break
            text += more
        elif _TASKS in ready:
            # Nobody waits for the outcome any more.
            sys.exit(1)
        elif os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break  # what it had started holds the pipe
    return text
