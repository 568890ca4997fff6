"""Running a sweep: what is not known is evaluated, kept as it comes, and the table written last."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from joblib.externals.loky.process_executor import TerminatedWorkerError

from dme import observe, up_to_date
from dme.errors import DmeError
from dme.execute.sweep.plan import Plan
from dme.execute.sweep.spread import Part, spread
from dme.execute.sweep.store import alone
from dme.execute.sweep.table import Findings, write_description, write_table
from dme.execute.sweep.work import Worked, codes_of, declared, evaluated, is_known
from dme.findings import functions, session
from dme.findings.claims import CLAIMS
from dme.findings.memory import Disk

Tell = Callable[[int, int, int], None]
"""Called with the runs done, those that failed, and those that were there before."""

_NAMED_FAILURES = 20
_LARGEST_PART = 64
_PARTS_EACH = 6
"""Parts for each process: small enough that none waits long for another at the end."""


@dataclass(frozen=True)
class Swept:
    """A sweep that has come to its end.

    Attributes
    ----------
    folder, table : Path
        Its results, and the table of findings in them.
    runs, fresh, failed : int
        All runs of the sweep, those that were evaluated now, and those of them that failed.
    failures : tuple of (str, str)
        The first failures: the parameters in words, and the error.
    rows : int
        Rows of the table.
    made_of : mapping of str to str
        The project's files that the findings rest on, each with the sha256 that it had: the
        sweep's own, its base, notebooks, modules, tables.
    """

    folder: Path
    table: Path
    runs: int
    fresh: int
    failed: int
    failures: tuple[tuple[str, str], ...]
    rows: int
    made_of: Mapping[str, str]


def run_sweep(
    plan: Plan, tell: Tell, *, jobs: int, cluster: str | None = None, prune: bool = False
) -> Swept:
    """Evaluate the runs that are not known and write the table of all.

    What an evaluation gave is kept under all that it rests on (see `dme.findings.memory`), part
    by part, so a sweep can be stopped in any way and started again.

    Parameters
    ----------
    plan : Plan
        The sweep.
    tell : callable
        Told how far it is.
    jobs : int
        Processes of this machine.
    cluster : str, optional
        Address of a Dask scheduler whose workers do it instead.
    prune : bool, optional
        Forget what was kept of former states of the notebooks and modules.

    Raises
    ------
    DmeError
        If the same sweep is under way, or another project answers.
    """
    with alone(plan.folder):
        return _Sweeping(plan, tell).run(jobs, cluster, prune=prune)


def _take_down(
    made_of: dict[str, str], notebooks: Iterable[str], files: Iterable[str] = ()
) -> None:
    """Take down the checksums of now; where one is another than before, none will do any more."""
    named = [CLAIMS, *(f"notebooks/{name}.ipynb" for name in notebooks), *files]
    for name in (*named, *observe.modules()):
        observe.merge(made_of, name, up_to_date.now(name))


@dataclass
class _Sweeping:
    """A sweep under way."""

    plan: Plan
    tell: Tell
    found: Findings = field(default_factory=Findings)
    failures: list[tuple[str, str]] = field(default_factory=list)
    done: int = 0
    failed: int = 0
    before: int = 0

    def run(self, jobs: int, cluster: str | None, *, prune: bool) -> Swept:
        plan, made_of = self.plan, dict(self.plan.read)
        _take_down(made_of, plan.notebooks)
        findings = declared(plan.notebooks, plan.findings)
        disk, memory = Disk(plan.folder / "memory.sqlite"), functions.remembered()
        codes = codes_of(findings)
        if prune:
            disk.forget_all_but(codes.values())
        for entry in disk.entries(codes.values()):
            memory.learn(entry)
        _take_down(made_of, (), memory.files())
        missing = []
        for number in range(len(plan)):
            study = plan.study(number)
            if is_known(findings, study, memory):
                self.found.add(number, evaluated(findings, study))
            else:
                missing.append(number)
        self.before = len(plan) - len(missing)
        self.tell(0, 0, self.before)
        for worked in self._worked(missing, jobs, cluster):
            self._refuse_another_project(worked, codes, made_of)
            self._take(worked)
            kept = [entry for entry in worked.learned if entry.code in codes.values()]
            for entry in kept:
                memory.learn(entry)
            disk.keep(*kept)
        table = plan.folder / "findings.parquet"
        rows = write_table(plan, self.found, table)
        write_description(plan, self.failed)
        # What is another by now than it was then lets nothing stand.
        _take_down(made_of, plan.notebooks, memory.files())
        return Swept(
            plan.folder,
            table,
            runs=len(plan),
            fresh=len(missing),
            failed=self.failed,
            failures=tuple(self.failures),
            rows=rows,
            made_of=made_of,
        )

    def _worked(self, missing: Sequence[int], jobs: int, cluster: str | None) -> Iterator[Worked]:
        """Yield what came of the runs that are not known; a process that died is tried again."""
        left = dict.fromkeys(missing)
        for attempt in (1, 2):
            parts = list(self._parts(list(left), jobs))
            try:
                for worked in self._spread(parts, jobs, cluster) if parts else ():
                    for number in (*worked.rows, *worked.errors):
                        del left[number]
                    yield worked
            except TerminatedWorkerError as error:
                if attempt == 1:
                    continue
                lost = dict.fromkeys(left, f"The process that evaluated the run ended: {error}")
                self._take(Worked({}, lost, [], {}, {}, ""))
            return

    def _spread(self, parts: list[Part], jobs: int, cluster: str | None) -> Iterator[Worked]:
        return spread(self.plan.notebooks, parts, jobs, cluster, self.plan.findings)

    def _parts(self, numbers: Sequence[int], jobs: int) -> Iterator[Part]:
        size = max(1, min(_LARGEST_PART, len(numbers) // (_PARTS_EACH * jobs)))
        for start in range(0, len(numbers), size):
            yield {
                number: self.plan.study(number).model_dump(mode="json")
                for number in numbers[start : start + size]
            }

    def _take(self, worked: Worked) -> None:
        for number, rows in worked.rows.items():
            self.found.add(number, rows)
        for number, error in worked.errors.items():
            self.failed += 1
            if len(self.failures) < _NAMED_FAILURES:
                self.failures.append((self.plan.label(number), error))
        self.done += len(worked.rows) + len(worked.errors)
        self.tell(self.done, self.failed, self.before)

    def _refuse_another_project(
        self, worked: Worked, codes: dict[str, str], made_of: dict[str, str]
    ) -> None:
        same = all(
            session.digest_now(name) == digest == made_of.setdefault(name, digest)
            for name, digest in worked.files.items()
        )
        if worked.codes == codes and same:
            return
        message = (
            f"The project on {worked.machine} is not the one that this sweep began with: a "
            "module, a notebook, a table or an installed package changed meanwhile (or is "
            "another there).\nThe sweep stopped, since its runs would not compare. Start it "
            "again: what still holds is kept."
        )
        raise DmeError(message)
