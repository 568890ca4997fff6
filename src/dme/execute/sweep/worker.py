"""The process that executes runs, one after the other, and the handle that the sweep has of it.

It reads a task as a line of JSON from its standard input and writes its outcome as another.
A process of its own, not a fork or a thread: papermill listens to signals, which only a main
thread hears, and what a run leaves behind goes when the process is replaced.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from typing import IO

from dme import paths
from dme.execute.sweep.task import Outcome, Task, execute_run

RUNS_PER_PROCESS = 200
"""After so many runs a process is replaced, so that nothing can pile up in it."""

# One thread for each numerical library: runs share the cores among themselves, and sums come
# out the same whatever the number of cores. Nobody looks at a run's figures, which would take
# half of its time: they are not drawn.
SURROUNDINGS = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "DME_DRAW": "no",
}  # fmt: skip
# The warm parent imports while this process does.
_START = """
from dme.warm import client
try:
    client.prepare()
except client.Unavailable:
    pass
from dme.execute.sweep.worker import main
main()
"""
_ATTEMPTS = 2
_END_SECONDS = 10.0
_WORDS = 2000


class Stopped(Exception):
    """The sweep was stopped while a run was under way."""


class Worker:
    """A process that executes runs. It is started with the first, and anew when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[bytes] | None = None
        self._runs = 0
        self._stopped = False
        self._starting = threading.Lock()

    def run(self, task: Task) -> Outcome:
        """Execute a run and return how it ended.

        A process that dies is replaced and the run tried once more.

        Raises
        ------
        Stopped
            If `stop` was called.
        """
        ended = ""
        for _ in range(_ATTEMPTS):
            process = self._running()
            if line := _ask(process, json.dumps(asdict(task))):
                self._runs += 1
                if self._runs >= RUNS_PER_PROCESS:
                    self._end()
                return Outcome(**json.loads(line))
            ended = self._last_words(process)
            self._end()
            if self._stopped:
                raise Stopped
        return Outcome(task.run, [], f"The process that executed the run ended: {ended}")

    def stop(self) -> None:
        """End the process, and with it the run that it is in."""
        with self._starting:
            self._stopped = True
        self._end()

    def _running(self) -> subprocess.Popen[str]:
        with self._starting:
            if self._stopped:
                raise Stopped
            if self._process is None:
                self._runs = 0
                self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
                self._process = subprocess.Popen(
                    [sys.executable, "-c", _START],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._log,
                    env=os.environ | SURROUNDINGS | {"DME_HOME": str(paths.home())},
                    text=True,
                    encoding="utf-8",
                    # Ctrl-C in the terminal is for the sweep, which then ends its workers.
                    start_new_session=True,
                )
            return self._process

    def _last_words(self, process: subprocess.Popen[str]) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_END_SECONDS)
        said = ""
        if self._log is not None:
            self._log.seek(0)
            said = self._log.read()[-_WORDS:].decode(errors="replace").strip()
        return f"exit status {process.returncode}. {said}".strip()

    def _end(self) -> None:
        process, self._process = self._process, None
        log, self._log = self._log, None
        if process is None:
            return
        # Told to end, it ends its kernel; killed, its kernel sees that it is gone.
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout, log):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _ask(process: subprocess.Popen[str], request: str) -> str:
    """Send a line and return the answer; nothing where the process has ended."""
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except (OSError, ValueError):
        return ""
    return answer if answer.endswith("\n") else ""


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, in the middle of a run too."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Execute the runs that come in, until no more can come."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    # What is printed by mistake must not pass for an answer.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            raw = json.loads(line)
            outcome = execute_run(Task(**raw | {"notebooks": tuple(raw["notebooks"])}))
            answers.write(json.dumps(outcome.to_json()) + "\n")
            answers.flush()
