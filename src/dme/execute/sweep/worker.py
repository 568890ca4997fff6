"""The handle that a sweep has of a process that executes its runs (see `forks`)."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from typing import IO

from dme import paths
from dme.execute.sweep.task import Outcome, Task
from dme.warm import client

RUNS_PER_PROCESS = 1_000
"""After so many runs a process is replaced, so that nothing can pile up in it."""

# One thread for each numerical library: runs share the cores among themselves, and sums come
# out the same whatever the number of cores. Nobody looks at a run's figures, which would take
# half of its time: they are not drawn.
SURROUNDINGS = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "DME_DRAW": "no",
    # As in a kernel.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}  # fmt: skip
_START = "from dme.execute.sweep.forks import main; main()"
_ATTEMPTS = 2
_END_SECONDS = 10.0
_WORDS = 2000


class Stopped(Exception):
    """The sweep was stopped while a run was under way."""


@dataclass
class _Process:
    """A process that reads from one pipe and writes to another, with a file for its complaints."""

    handle: subprocess.Popen[bytes] | client.ForkedKernel
    tasks: IO[str]
    outcomes: IO[str]
    log: IO[bytes]

    def end(self) -> None:
        """End the process. Told to, it ends the run that it is in; killed, that run ends too."""
        self.handle.terminate()
        try:
            self.handle.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.handle.kill()
            self.handle.wait()

    def close(self) -> None:
        """Let go of the pipes and of what it complained of."""
        for file in (self.tasks, self.outcomes, self.log):
            with contextlib.suppress(OSError):
                file.close()


class Worker:
    """A process that executes runs. It is started with the first, and anew when it has died."""

    def __init__(self) -> None:
        self._process: _Process | None = None
        self._runs = 0
        self._stopped = False
        self._starting = threading.Lock()
        self._using = threading.Lock()

    def run(self, task: Task) -> Outcome:
        """Execute a run and return how it ended.

        A process that dies is replaced and the run tried once more.

        Raises
        ------
        Stopped
            If `stop` was called.
        """
        with self._using:
            return self._run(task)

    def _run(self, task: Task) -> Outcome:
        ended = ""
        for _ in range(_ATTEMPTS):
            process = self._running()
            if line := _ask(process, json.dumps(asdict(task))):
                self._runs += 1
                if self._runs >= RUNS_PER_PROCESS:
                    self._end()
                return Outcome(**json.loads(line))
            ended = _last_words(process)
            self._end()
            if self._stopped:
                raise Stopped
        return Outcome(task.run, [], f"The process that executed the run ended: {ended}")

    def stop(self) -> None:
        """End the process, and with it the run that it is in."""
        with self._starting:
            self._stopped = True
            process = self._process
        if process is not None:
            process.end()
        # Whoever waited for an outcome has seen by now that none will come.
        with self._using:
            self._end()

    def _running(self) -> _Process:
        with self._starting:
            if self._stopped:
                raise Stopped
            if self._process is None:
                self._runs = 0
                self._process = _start()
            return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()
            process.close()


def _last_words(process: _Process) -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.handle.wait(_END_SECONDS)
    process.log.seek(0)
    said = process.log.read()[-_WORDS:].decode(errors="replace").strip()
    return f"exit status {process.handle.returncode}. {said}".strip()


def surroundings() -> dict[str, str]:
    """Return the environment that runs are executed in."""
    return os.environ | SURROUNDINGS | {"DME_HOME": str(paths.home())}


def prepare() -> None:
    """Let the processes to come be forked sooner: their parent imports meanwhile."""
    with contextlib.suppress(client.Unavailable):
        client.prepare(env=surroundings())


def _start() -> _Process:
    """Start a process: forked from a warm parent, or by itself where there is none."""
    for_it, tasks = os.pipe()
    outcomes, from_it = os.pipe()
    log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
    streams = (for_it, from_it, log.fileno())
    env = surroundings()
    handle: subprocess.Popen[bytes] | client.ForkedKernel
    try:
        handle = client.fork(
            sys.executable, ["-c", _START], env, os.getcwd(), watched=False, streams=streams
        )
    except client.Unavailable:
        handle = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=for_it,
            stdout=from_it,
            stderr=log,
            env=env,
            # Ctrl-C in the terminal is for the sweep, which then ends its workers.
            start_new_session=True,
        )
    finally:
        os.close(for_it)
        os.close(from_it)
    return _Process(
        handle,
        os.fdopen(tasks, "w", encoding="utf-8"),
        os.fdopen(outcomes, encoding="utf-8"),
        log,
    )


def _ask(process: _Process, request: str) -> str:
    """Send a line and return the answer; nothing where the process has ended."""
    try:
        process.tasks.write(request + "\n")
        process.tasks.flush()
        answer = process.outcomes.readline()
    except (OSError, ValueError):
        return ""
    return answer if answer.endswith("\n") else ""
