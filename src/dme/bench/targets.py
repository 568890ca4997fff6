"""What the program means to reach, each with its reason, and whether it did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from dme.text import compared, duration

PAPERMILL = "papermill, one notebook after the other"
NBCONVERT = "nbconvert, the notebooks in one command"
COLD = "a study, cold"
WARM = "a study, warm parent there"
UNCHANGED = "the study again, nothing changed"
CHANGED = "the study again, one parameter changed"
SENTENCE = "the study again, a sentence of a notebook changed"
SWEEP = "the headline sweep, 6,912 choices"
LARGE_SWEEP = "a sweep three times as large, 20,736 choices"
BUILTIN = "the site, built-in renderer"
QUARTO = "the site, Quarto"
TABLES = "all tables"
PLAIN = "the same files, plain pandas.read_csv"


@dataclass(frozen=True)
class Measurement:
    """One thing that was timed again and again.

    Attributes
    ----------
    name : str
        What was timed.
    command : str
        The command, in words where a word says more.
    seconds : sequence of float
        What each repetition took.
    baselines : sequence of str
        Names of the measurements that it is held against.
    """

    name: str
    command: str
    seconds: Sequence[float]
    baselines: Sequence[str] = ()

    @property
    def median(self) -> float:
        """Median of the repetitions, in seconds."""
        return median(self.seconds)


@dataclass(frozen=True)
class Target:
    """A limit on a measurement: in seconds, or in times its baseline where there is one."""

    words: str
    name: str
    limit: float
    reason: str
    baseline: str = ""

    def verdict(self, medians: Mapping[str, float]) -> dict[str, str]:
        """Return the target with its figure and its verdict: met, missed or not measured."""
        figure, verdict = "", "not measured"
        if self.name in medians and (not self.baseline or self.baseline in medians):
            value = medians[self.name] / (medians[self.baseline] if self.baseline else 1)
            figure = compared(value) if self.baseline else duration(value)
            verdict = "met" if value <= self.limit else "missed"
        return {"target": self.words, "reason": self.reason, "figure": figure, "verdict": verdict}


TARGETS = (
    Target(
        "cold at least 6 times faster than sequential papermill", COLD, 1 / 6,
        "importing the libraries is most of a run: it must not be waited for", PAPERMILL,
    ),
    Target(
        "one parameter changed at least 25 times faster than papermill", CHANGED, 1 / 25,
        "what does not read the parameter is not computed again", PAPERMILL,
    ),
    Target(
        "a changed sentence in 1 s at most", SENTENCE, 1,
        "words compute nothing: who writes must see them at once",
    ),
    Target(
        "nothing changed in 0.4 s at most", UNCHANGED, 0.4,
        "what nobody waits for can be a habit: run before every look at a figure",
    ),
    Target(
        "the headline sweep in a quarter of papermill's time for the notebooks once", SWEEP, 1 / 4,
        "other choices must be tried as readily as a study is run", PAPERMILL,
    ),
    Target(
        "three times the choices in a minute at most", LARGE_SWEEP, 60,
        "nothing may pile up from choice to choice",
    ),
    Target(
        "all tables together in 1 s at most", TABLES, 1,
        "loading may not be what a notebook's reader waits for",
    ),
)  # fmt: skip


def verdicts(measured: Iterable[Measurement]) -> list[dict[str, str]]:
    """Return each target with its reason, its figure and whether it was met."""
    medians = {one.name: one.median for one in measured}
    return [target.verdict(medians) for target in TARGETS]
