"""The runs of a sweep on this machine: as many worker processes as it has cores."""

import queue
import threading
from collections.abc import Iterator

from dme.execute.sweep.task import Outcome, Task
from dme.execute.sweep.worker import Stopped, Worker


def local(tasks: Iterator[Task], jobs: int) -> Iterator[Outcome]:
    """Execute runs in `jobs` processes and yield each outcome as it comes.

    Tasks are taken one by one, as a process becomes free. If the caller stops iterating, the
    processes are ended.
    """
    workers = [Worker() for _ in range(jobs)]
    heard: queue.SimpleQueue[Outcome | BaseException | None] = queue.SimpleQueue()
    taking = threading.Lock()

    def labor(worker: Worker) -> None:
        # Each thread only waits for its process.
        try:
            while True:
                with taking:
                    task = next(tasks, None)
                if task is None:
                    break
                heard.put(worker.run(task))
        except Stopped:
            pass
        except BaseException as error:
            heard.put(error)
        heard.put(None)

    threads = [threading.Thread(target=labor, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        working = jobs
        while working:
            outcome = heard.get()
            if isinstance(outcome, BaseException):
                raise outcome
            if outcome is None:
                working -= 1
            else:
                yield outcome
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join()
