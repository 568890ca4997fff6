"""Running a sweep: what is missing is executed, each run kept at once, the table written last."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dme.errors import DmeError
from dme.execute.sweep.plan import Plan
from dme.execute.sweep.state import project_state, run_id
from dme.execute.sweep.store import Store, alone
from dme.execute.sweep.table import Finished, write_description, write_table
from dme.execute.sweep.task import Outcome, Task

Runner = Callable[[Iterator[Task]], Iterator[Outcome]]
"""Executes tasks in any order and yields their outcomes as they come."""
Tell = Callable[[int, int, int], None]
"""Called with the runs done, those that failed, and those that were there before."""

_NAMED_FAILURES = 20


@dataclass(frozen=True)
class Swept:
    """A sweep that has come to its end.

    Attributes
    ----------
    folder, table : Path
        Its results, and the table of findings in them.
    runs, fresh, failed : int
        All runs of the sweep, those that were executed now, and those of them that failed.
    failures : tuple of (str, str)
        The first failures: the parameters in words, and the error.
    rows : int
        Rows of the table.
    pruned : int
        Kept runs that were deleted.
    """

    folder: Path
    table: Path
    runs: int
    fresh: int
    failed: int
    failures: tuple[tuple[str, str], ...]
    rows: int
    pruned: int = 0


def run_sweep(plan: Plan, runner: Runner, tell: Tell, *, prune: bool = False) -> Swept:
    """Execute the runs that are missing and write the table of all.

    Each run is stored when it ends, under a name that stands for everything that it rests on
    (see `project_state`), so a sweep can be stopped in any way and started again. Runs that
    failed are tried again by the next sweep. With `prune`, kept runs that belong to no set of the
    sweep as it is now are deleted when it has come to its end.

    Raises
    ------
    DmeError
        If the same sweep is under way, or the project changes while it runs.
    """
    with alone(plan.folder):
        return _run(plan, runner, tell, prune=prune)


class _Names:
    """The runs' names: what they stand for is worked out once for each folder of tables."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._states: dict[str, str] = {}

    def state(self, tables: str) -> str:
        if tables not in self._states:
            self._states[tables] = project_state(self.plan.notebooks, tables)
        return self._states[tables]

    def task(self, number: int) -> Task:
        plan = self.plan
        parameters = plan.study(number).model_dump(mode="json")
        state = self.state(parameters["tables"])
        name = run_id(state, plan.notebooks, parameters)
        return Task(plan.name, name, plan.notebooks, parameters, state)


def _run(plan: Plan, runner: Runner, tell: Tell, *, prune: bool) -> Swept:
    store, names = Store(plan.folder), _Names(plan)
    store.open()
    missing = array("q", (n for n in range(len(plan)) if store.read(names.task(n).run) is None))
    before, done, failed = len(plan) - len(missing), 0, 0
    failures: list[tuple[str, str]] = []
    under_way: dict[str, int] = {}

    def tasks() -> Iterator[Task]:
        for number in missing:
            task = names.task(number)
            under_way[task.run] = number
            yield task

    tell(done, failed, before)
    # Without anything to run no worker is started and no cluster is asked.
    for outcome in runner(tasks()) if missing else ():
        number = under_way.pop(outcome.run)
        _refuse_other_state(outcome)
        store.keep(outcome, names.task(number).parameters)
        done += 1
        if outcome.error is not None:
            failed += 1
            if len(failures) < _NAMED_FAILURES:
                failures.append((plan.label(number), outcome.error))
        tell(done, failed, before)
    table = plan.folder / "findings.parquet"
    rows = write_table(plan, _finished(plan, names, store), table)
    write_description(plan, names.state(plan.base.tables), failed)
    wanted = {names.task(n).run for n in range(len(plan))} if prune else None
    pruned = store.prune(wanted) if wanted is not None else 0
    return Swept(plan.folder, table, len(plan), done, failed, tuple(failures), rows, pruned)


def _finished(plan: Plan, names: _Names, store: Store) -> Iterator[Finished]:
    """Yield the finished runs in the sweep's own order, whatever order they ended in."""
    for number in range(len(plan)):
        run = names.task(number).run
        found = store.read(run)
        if found is not None:
            yield number, run, found


def _refuse_other_state(outcome: Outcome) -> None:
    if outcome.elsewhere is None:
        return
    message = (
        f"The project on {outcome.elsewhere} is not the one that this sweep began with: a module, "
        "a notebook, a file of data/ or an installed package changed meanwhile (or is another "
        "there).\nThe sweep stopped, since its runs would not compare. Start it again: what "
        "still holds is kept."
    )
    raise DmeError(message)
