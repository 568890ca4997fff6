"""What the program means to reach, each with its reason, and whether it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dme.bench.report import Measurement, Verdict, duration, ratio

PAPERMILL = "papermill, one notebook after the other"
NBCONVERT = "nbconvert, the notebooks in one command"
COLD = "a study, cold"
WARM = "a study, warm parent there"
UNCHANGED = "the study again, nothing changed"
CHANGED = "the study again, one parameter changed"
BUILTIN = "the site, built-in renderer"
QUARTO = "the site, Quarto"
TABLES = "all tables"
PLAIN = "the same files, plain pandas.read_csv"

COLD_TIMES_FASTER = 4.0
COLD_REASON = "importing the libraries is most of a run: it must not be waited for"

UNCHANGED_SECONDS = 0.4
UNCHANGED_REASON = "what nobody waits for can be a habit: run before every look at a figure"

SWEEP_TIMES_FASTER = 8.0
SWEEP_REASON = "a thousand studies must fit into a break, not into a night"

SWEEP_OVER_CELLS = 1.5
CELLS_REASON = "starting, storing and collecting runs may cost half of what computing them does"

GROWTH = 1.10
GROWTH_REASON = "nothing may pile up from run to run; growth slower than linear is welcome"

TABLES_SECONDS = 1.0
TABLES_REASON = "loading may not be what a notebook's reader waits for"


def sweep(runs: int) -> str:
    """Return the name of the measurement of a sweep."""
    return f"a sweep of {runs:,} runs"


def one_by_one(runs: int) -> str:
    """Return the name of its baseline: papermill, one run after the other."""
    return f"papermill, {runs:,} runs one after the other"


def cells(runs: int) -> str:
    """Return the name of its other baseline: the computing of the cells alone."""
    return f"the cells' own time of {runs:,} runs over the cores"


@dataclass(frozen=True)
class _Limit:
    """A figure, None where it was not measured, and the side of the limit it has to be on."""

    figure: float | None
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        if self.figure is None:
            return None
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


def verdicts(measured: Mapping[str, Measurement], sizes: Sequence[int]) -> tuple[Verdict, ...]:
    """Return every target with its figure and whether it was met.

    Parameters
    ----------
    measured : mapping of str to Measurement
        What was measured in one run, by name.
    sizes : sequence of int
        Numbers of runs of the sweeps, ascending.
    """
    found = [
        _times_faster(
            f"cold at least {COLD_TIMES_FASTER:g} times faster than sequential papermill",
            COLD_REASON,
            _faster(measured, COLD, PAPERMILL, COLD_TIMES_FASTER),
        ),
        _seconds(UNCHANGED_REASON, "nothing changed", measured, UNCHANGED, UNCHANGED_SECONDS),
    ]
    for runs in sizes:
        found += _of_sweep(measured, runs)
    if len(sizes) > 1:
        found.append(_growth(measured, sizes[0], sizes[-1]))
    found.append(_seconds(TABLES_REASON, "all tables together", measured, TABLES, TABLES_SECONDS))
    return tuple(found)


def growth(measured: Mapping[str, Measurement], few: int, many: int) -> float | None:
    """Return the time per run of a large sweep over that of a small one; 1 is linear."""
    times = ratio(measured, sweep(many), sweep(few))
    return None if times is None else times / (many / few)


def _of_sweep(measured: Mapping[str, Measurement], runs: int) -> list[Verdict]:
    name = sweep(runs)
    over = _Limit(ratio(measured, name, cells(runs)), SWEEP_OVER_CELLS)
    return [
        _times_faster(
            f"{name} at least {SWEEP_TIMES_FASTER:g} times faster than sequential papermill",
            SWEEP_REASON,
            _faster(measured, name, one_by_one(runs), SWEEP_TIMES_FASTER),
        ),
        _verdict(
            f"{name} within {SWEEP_OVER_CELLS:g} times the cells' own time over the cores",
            CELLS_REASON,
            over,
            "{:.2f} times",
        ),
    ]


def _growth(measured: Mapping[str, Measurement], few: int, many: int) -> Verdict:
    return _verdict(
        f"time per run grows by {GROWTH - 1:.0%} at most from {few:,} to {many:,} runs",
        GROWTH_REASON,
        _Limit(growth(measured, few, many), GROWTH),
        "{:.2f} times the time per run",
    )


def _faster(measured: Mapping[str, Measurement], name: str, baseline: str, limit: float) -> _Limit:
    value = ratio(measured, name, baseline)
    return _Limit(None if value is None else 1 / value, limit, at_least=True)


def _times_faster(target: str, reason: str, held: _Limit) -> Verdict:
    return _verdict(target, reason, held, "{:.1f} times faster")


def _seconds(
    reason: str, what: str, measured: Mapping[str, Measurement], name: str, limit: float
) -> Verdict:
    figure = measured[name].median if name in measured else None
    held = _Limit(figure, limit)
    shown = "" if figure is None else duration(figure)
    return Verdict(f"{what} in {limit:g} s at most", reason, shown, held.met)


def _verdict(target: str, reason: str, held: _Limit, form: str) -> Verdict:
    shown = "" if held.figure is None else form.format(held.figure)
    return Verdict(target, reason, shown, held.met)
