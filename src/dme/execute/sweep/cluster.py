"""The runs of a sweep on the workers of a Dask scheduler."""

import threading
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from dme.errors import DmeError
from dme.execute.sweep.state import project_state
from dme.execute.sweep.task import Outcome, Task
from dme.execute.sweep.worker import Worker

_CONNECT_SECONDS = 20
_WORKERS_SECONDS = 60
# So many runs wait at each worker's thread: it never idles, and memory stays flat.
_WAITING = 2
_RETRIES = 3
_own = threading.local()


def cluster(
    tasks: Iterator[Task], address: str, notebooks: Sequence[str], tables: str
) -> Iterator[Outcome]:
    """Execute runs on a cluster and yield each outcome as it comes.

    A run whose worker is lost is given to another by the scheduler, as often as its setting
    ``distributed.scheduler.allowed-failures`` says (3 unless set).

    Parameters
    ----------
    tasks : iterator of Task
        Taken as the cluster becomes free.
    address : str
        The scheduler's, such as ``tcp://host:8786``.
    notebooks : sequence of str
        Notebooks of the runs.
    tables : str
        Their folder of tables.

    Raises
    ------
    DmeError
        If `distributed` is not installed, no scheduler or worker answers, or a worker's project
        is not this one.
    """
    try:
        import distributed  # noqa: PLC0415 - an extra of this package
    except ImportError as error:
        message = (
            "--cluster needs the package distributed, which is not installed.\n"
            "Install it here and on the workers: .venv/bin/uv pip install "
            '--python .venv/bin/python -e ".[cluster]"'
        )
        raise DmeError(message) from error
    client = _connect(distributed, address)
    try:
        _check_workers(client, address, notebooks, tables)
        yield from _gather(distributed, client, tasks)
    finally:
        client.close()


def _connect(distributed: Any, address: str) -> Any:
    try:
        client = distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        message = (
            f"No Dask scheduler answers at {address} ({error}).\n"
            "Start one (dask scheduler), and workers with this project installed (dask worker "
            "ADDRESS), and give its address, such as tcp://host:8786."
        )
        raise DmeError(message) from error
    try:
        client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
    except TimeoutError as error:
        client.close()
        message = f"The scheduler at {address} has no workers. Start some: dask worker {address}"
        raise DmeError(message) from error
    return client


def _check_workers(client: Any, address: str, notebooks: Sequence[str], tables: str) -> None:
    """Refuse workers that would compute something else, before any run is given out."""
    here = project_state(notebooks, tables)
    told = client.run(project_state, tuple(notebooks), tables, on_error="return")
    others = [
        f"  {worker}: {state if isinstance(state, Exception) else 'another state of the project'}"
        for worker, state in told.items()
        if state != here
    ]
    if others:
        message = "\n".join([
            f"Workers of {address} can't execute this sweep:",
            *others,
            "Each needs this project (package, data and notebooks), the same Python and the same "
            "packages, and DME_HOME or its folder set to the project.",
        ])  # fmt: skip
        raise DmeError(message)


def _gather(distributed: Any, client: Any, tasks: Iterator[Task]) -> Iterator[Outcome]:
    # A name of its own for each sweep: the scheduler may still know runs of an earlier one.
    sweep = uuid.uuid4().hex[:8]
    running = distributed.as_completed(loop=client.loop)
    names: dict[str, str] = {}

    def fill() -> None:
        bound = _WAITING * max(1, sum(client.nthreads().values()))
        while len(names) < bound and (task := next(tasks, None)) is not None:
            key = f"dme-{sweep}-{task.run}"
            names[key] = task.run
            running.add(client.submit(labor, task, key=key, pure=False, retries=_RETRIES))

    fill()
    for future in running:
        run = names.pop(future.key)
        if future.status == "finished":
            yield Outcome(**future.result())
        else:
            error = future.exception()
            yield Outcome(run, [], f"{type(error).__name__}: {error}")
        future.release()
        fill()


def labor(task: Task) -> dict[str, Any]:
    """Execute a run on a worker of the cluster: in a process of the thread's own."""
    if not hasattr(_own, "worker"):
        _own.worker = Worker()
    outcome: Outcome = _own.worker.run(task)
    return outcome.to_json()
