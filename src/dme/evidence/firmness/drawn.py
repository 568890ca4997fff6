"""What the specification curve of a headline finding draws, and what each choice does."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dme.evidence.result import Picture
from dme.measures.estimates.specification_curve import Curve
from dme.study import Study
from dme.sweeps import Sweep
from dme.text import plural, quantity, span


@dataclass(frozen=True)
class Drawn:
    """What the specification curve of a finding draws.

    Attributes
    ----------
    rows : DataFrame
        The specifications that differ, by their figures: ``value``, ``low``, ``high``,
        ``verdict``, and a column for each axis.
    axes : list of str
        The axes that matter, from the one that moves the figure most.
    unit : str
        The figure's.
    chosen : dict
        The study's own choice on each axis.
    moves : DataFrame
        ``Choice``, ``Moves the figure by`` (the mean range over a choice, the others held),
        ``Share that agrees, by value``.
    picture : Picture
        The figure's words.
    """

    rows: pd.DataFrame
    axes: list[str]
    unit: str
    chosen: dict[str, object]
    moves: pd.DataFrame
    picture: Picture


def drawn(study: Study, sweep: Sweep, once: pd.DataFrame, told: Curve, seen: str) -> Drawn:
    """Return what the curve draws: each specification that differs for this finding."""
    unit = str(once["unit"].iloc[0])
    head = unit.partition(" ")[0]
    axes = list(told.moves)
    moves = pd.DataFrame(
        {
            "Choice": [plain(axis).capitalize() for axis in axes],
            "Moves the figure by": [
                "–" if far is None else quantity(far, head) for far in told.moves.values()
            ],
            "Share that agrees, by value": [_by_value(once, axis) for axis in axes],
        }
    )
    idle = [axis for axis, labels in sweep.axes.items() if axis not in axes and len(labels) > 1]
    picture = _picture(sweep, once, unit, idle, seen)
    return Drawn(once, axes, unit, chosen(study, sweep), moves, picture)


def _by_value(once: pd.DataFrame, axis: str) -> str:
    agrees = (once["verdict"] != "neither").groupby(once[axis]).mean()
    words = {True: "yes", False: "no"}
    return ", ".join(f"{words.get(value, value) if isinstance(value, bool) else value}: {share:.0%}"
                     for value, share in agrees.items())  # fmt: skip


def _picture(
    sweep: Sweep, once: pd.DataFrame, unit: str, idle: Sequence[str], seen: str
) -> Picture:
    counts = once["verdict"].value_counts()
    said = ", ".join(
        f"{counts.get(verdict, 0)} {words}"
        for verdict, words in (
            ("within", "within the tolerance"),
            ("direction", "in the same direction"),
            ("neither", "that do not agree"),
        )
    )
    reach = span(once["value"].min(), once["value"].max(), unit.partition(" ")[0])
    without = ", ".join(plain(axis) for axis in idle)
    return Picture(
        f"{seen}: {plural(len(once), 'way')} to measure it",
        f"Dot: an estimate; bar: its {sweep.shared.get('confidence', 95):g}% interval; below: the "
        "choices behind it, the study's own in bold."
        + (f" Without effect on it: {without}." if without else ""),
        f"Specification curve of {len(once)} estimates from {reach}: {said}.",
    )


def chosen(study: Study, sweep: Sweep) -> dict[str, object]:
    """Return what the study itself has on each axis, as the sweep's table shows it."""
    own = study.model_dump(mode="json")
    found: dict[str, object] = {}
    for axis, labels in sweep.axes.items():
        shown = set(sweep.findings[axis])
        for label, sets in labels.items():
            if all(own.get(key) == value for key, value in sets.items()):
                # A named alternative stands in the table under its name, a value as it is.
                found[axis] = label if label in shown else sets[axis]
    return found


_WORDS = {
    "smallest_school": "the smallest school that is counted",
    "small_school": "the line below which a school is small",
    "level": "the level of the schools compared",
    "weighting": "what an average weights",
    "plant_cost": "whether the cost of plant counts",
    "spending_year": "the year of the spending",
    "peers": "which districts are peers",
}


def plain(axis: str) -> str:
    """Return an axis in words."""
    return _WORDS.get(axis, axis.replace("_", " "))
