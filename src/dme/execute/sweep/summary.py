"""What a sweep says of the claims: how many specifications agree, and what moves the figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pyarrow.dataset as ds

from dme import figures
from dme.execute.sweep.plan import Plan
from dme.execute.sweep.store import write_whole
from dme.figures.curve import specification_curve
from dme.figures.picture import png
from dme.findings.claims import Claim, yardstick
from dme.measures.estimates.specification_curve import Curve, curve, distinct, judged
from dme.measures.estimates.yard import Yard

_DPI = 240


@dataclass(frozen=True)
class Summary:
    """One finding of a sweep held against its claim."""

    finding: str
    claim: Claim
    unit: str
    basis: str
    curve: Curve
    picture: Path | None


def summaries(plan: Plan, table: Path) -> Iterator[Summary]:
    """Draw and yield the specification curve of each finding with a published figure.

    One finding is read at a time, and only its numbers.
    """
    axes = [axis.name for axis in plan.axes]
    # Not the folder's other files, and nothing read from its name.
    whole = ds.dataset(table, format="parquet")
    heads = whole.to_table(columns=["finding", "claim"]).to_pandas().drop_duplicates()
    claims = yardstick()
    figures.set_look()
    for finding, name in heads.dropna().itertuples(index=False):
        claim = claims[name]
        yard = claims.yard(claim)
        if yard is None:
            continue
        columns = [*axes, "value", "low", "high", "unit", "basis", "verdict"]
        rows = whole.to_table(
            columns=columns, filter=(ds.field("finding") == finding)
        ).to_pandas()  # fmt: skip
        # No agreement is told where no verdict is.
        rows["fits"] = rows["verdict"].notna()
        found = curve(rows, axes, yard)
        if found is None:
            continue
        # One estimate alone makes no curve.
        picture = table.parent / f"{finding}.png" if found.lowest < found.highest else None
        one = Summary(finding, claim, rows["unit"].iloc[0], _basis(rows), found, picture)
        if picture:
            write_whole(picture, _drawn(plan, rows, one, yard))
        yield one


def _basis(rows: pd.DataFrame) -> str:
    return str(rows.dropna(subset=["value"])["basis"].mode().iloc[0])


def _drawn(plan: Plan, rows: pd.DataFrame, one: Summary, yard: Yard) -> bytes:
    claim, axes = one.claim, [axis.name for axis in plan.axes]
    once, matter = distinct(rows, axes)
    once["verdict"] = judged(once, yard)
    by_reach = [axis for axis in one.curve.moves if axis in matter]
    assert claim.published is not None
    idle = [
        axis.replace("_", " ")
        for axis in axes
        if axis not in matter and rows[axis].nunique() > 1
    ]  # fmt: skip
    left_out = f" Without effect on it: {', '.join(idle)}." if idle else ""
    basis = "" if one.basis == "measured" else f" ({one.basis})"
    drawn = specification_curve(
        once,
        by_reach,
        claim.published.ends,
        one.unit,
        title=f"{claim.id}, {one.finding.replace('-', ' ')}{basis}: {len(once)} ways to measure it",
        note=f"The claim: {claim.statement} Dot: an estimate; bar: its {plan.base.confidence:g}% "
        f"interval; below: the choices behind it, in blue those of {plan.base.study}.{left_out}",
        chosen=_primary(plan),
    )
    picture = png(drawn, _DPI)
    plt.close(drawn)
    return picture


def _primary(plan: Plan) -> dict[str, object]:
    """Return what the base has on each axis, where one of its values is the base's."""
    base = plan.base.model_dump(mode="json")
    primary: dict[str, object] = {}
    for axis in plan.axes:
        for choice in axis.choices:
            study = type(plan.base).model_validate(base | dict(choice.sets))
            if study == plan.base:
                value = getattr(study, axis.name, None)
                primary[axis.name] = choice.label if axis.named else value
    return primary
