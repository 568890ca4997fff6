"""Work spread over processes: those of this machine, or the workers of a Dask scheduler.

Both go through joblib, so a sweep is one and the same wherever it is computed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from dme.errors import DmeError
from dme.execute.sweep.work import Worked, work

_CONNECT_SECONDS = 20
_WORKERS_SECONDS = 60
Part = dict[int, dict[str, Any]]
"""Parameter sets by the number of their run."""


def spread(
    notebooks: Sequence[str], parts: Sequence[Part], jobs: int, address: str | None
) -> Iterator[Worked]:
    """Evaluate parts of a sweep side by side, and yield what came of each as it comes.

    Parameters
    ----------
    notebooks : sequence of str
        Whose findings are evaluated.
    parts : sequence of dict
        The parameter sets.
    jobs : int
        Processes of this machine; one alone needs no other process.
    address : str or None
        A Dask scheduler's, whose workers do it instead.

    Raises
    ------
    DmeError
        If no scheduler or worker answers.
    """
    with _backend(address, jobs):
        parallel = Parallel(
            n_jobs=-1 if address else jobs,
            return_as="generator_unordered",
            batch_size=1,
            max_nbytes=None,
        )
        yield from parallel(delayed(work)(tuple(notebooks), part) for part in parts)


@contextmanager
def _backend(address: str | None, jobs: int) -> Iterator[None]:
    if address is None:
        # Processes share the cores among themselves; with one thread each, sums come out the same
        # whatever the number of cores.
        try:
            with parallel_config("loky", n_jobs=jobs, inner_max_num_threads=1):
                yield
        finally:
            # joblib would keep its processes for a next call; there is none.
            get_reusable_executor().shutdown(wait=True, kill_workers=True)
        return
    client = _connect(address)
    try:
        with parallel_config("dask", wait_for_workers_timeout=_WORKERS_SECONDS):
            yield
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
        client = distributed.Client(address, timeout=_CONNECT_SECONDS)
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
