"""Work spread over processes: those of this machine, or the workers of a Dask scheduler.

Either is an executor that takes the same work, so a sweep is one and the same wherever it is
computed: joblib's processes here, Dask's workers there.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any

from joblib.externals.loky import get_reusable_executor

from dme.errors import DmeError
from dme.execute.sweep.work import Worked, work

_CONNECT_SECONDS = 20
_WORKERS_SECONDS = 60
# So many parts wait for each process: it never idles, and memory stays flat.
_WAITING = 2
_RETRIES = 3
# Processes share the cores among themselves; with one thread each, sums come out the same
# whatever the number of cores.
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
Part = dict[int, dict[str, Any]]
"""Parameter sets by the number of their run."""


def spread(
    notebooks: Sequence[str],
    parts: Iterable[Part],
    jobs: int,
    address: str | None,
    only: Sequence[str] = (),
) -> Iterator[Worked]:
    """Evaluate parts of a sweep side by side, and yield what came of each as it comes.

    Parameters
    ----------
    notebooks : sequence of str
        Whose findings are evaluated.
    parts : iterable of dict
        The parameter sets.
    jobs : int
        Processes of this machine; for one alone no other process is started.
    address : str or None
        A Dask scheduler's, whose workers do it instead.
    only : sequence of str, optional
        The findings that are wanted; all of them where none is named.

    Raises
    ------
    DmeError
        If no scheduler or worker answers.
    """
    names, wanted, source = tuple(notebooks), tuple(only), iter(parts)
    if jobs == 1 and address is None:
        yield from (work(names, part, wanted) for part in source)
        return
    with _executor(address, jobs) as (executor, processes):
        running: set[Future[Worked]] = set()
        while True:
            room = _WAITING * processes - len(running)
            running |= {executor.submit(work, names, part, wanted) for part in islice(source, room)}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)


@contextmanager
def _executor(address: str | None, jobs: int) -> Iterator[tuple[Executor, int]]:
    """Give what takes work, and how many processes it has."""
    if address is None:
        executor = get_reusable_executor(max_workers=jobs, env=_THREADS)
        try:
            yield executor, jobs
        finally:
            executor.shutdown(wait=True, kill_workers=True)
        return
    client = _connect(address)
    try:
        yield client.get_executor(pure=False, retries=_RETRIES), sum(client.nthreads().values())
    finally:
        client.close()


def _connect(address: str) -> Any:
    try:
        import distributed  # noqa: PLC0415 - an extra of this package
    except ImportError as error:
        message = (
            "--cluster needs the package distributed, which is not installed.\n"
            "Install it here and on the workers: .venv/bin/uv pip install "
            '--python .venv/bin/python -e ".[cluster]"'
        )
        raise DmeError(message) from error
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
