"""The one table of a sweep: a row for each finding of each run."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from dme.execute.sweep.plan import Plan
from dme.execute.sweep.store import write_whole

_BATCH = 200
_TYPES = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
_TEXT = ("claim", "unit", "basis", "verdict", "reason")
_NUMBERS = ("value", "low", "high")


def schema(plan: Plan) -> pa.Schema:
    """Return the columns: the run, each axis, and what is kept of a finding."""
    axes = [(name, _TYPES[type(value)]) for name, value in plan.cells(0).items()]
    texts = [(name, pa.string()) for name in _TEXT[1:]]
    return pa.schema([
        ("run", pa.string()), *axes, ("finding", pa.string()), ("claim", pa.string()),
        *((name, pa.float64()) for name in _NUMBERS), *texts,
    ])  # fmt: skip


Finished = tuple[int, str, list[dict[str, Any]]]
"""A finished run: its number, its name, its findings."""


def write_table(plan: Plan, finished: Iterable[Finished], path: Path) -> int:
    """Write the findings of the runs, in the order given, and return the number of rows.

    Runs are read and written a batch at a time. The same runs give the same bytes.
    """
    columns = schema(plan)
    scratch = path.with_name(f".{path.name}.tmp")
    rows = 0
    source = iter(finished)
    with pq.ParquetWriter(scratch, columns, compression="zstd") as writer:
        while batch := list(islice(source, _BATCH)):
            table = pa.Table.from_pylist(list(_rows(plan, batch)), schema=columns)
            rows += table.num_rows
            writer.write_table(table)
    scratch.replace(path)
    return rows


def _rows(plan: Plan, batch: Iterable[Finished]) -> Iterator[dict[str, Any]]:
    for number, run, found in batch:
        cells = plan.cells(number)
        for one in found:
            told = {name: one[name] for name in (*_TEXT, *_NUMBERS)}
            for name in _NUMBERS:
                told[name] = None if told[name] is None else float(told[name])
            yield {"run": run, **cells, "finding": one["id"], **told}


def describe(plan: Plan, state: str, failed: int) -> bytes:
    """Return the text of ``sweep.yml``: what was varied, and what every run shared."""
    swept = {parameter for axis in plan.axes for c in axis.choices for parameter in c.sets}
    base = plan.base.model_dump(mode="json")
    told = {
        "sweep": plan.name,
        "base": plan.base_file,
        "notebooks": list(plan.notebooks),
        "combine": plan.combine,
        **({"samples": plan.samples, "seed": plan.seed} if plan.combine == "sampled" else {}),
        "runs": len(plan),
        "failed": failed,
        "state": state,
        "axes": {
            axis.name: {
                choice.label: {key: _typed(plan, key, value) for key, value in choice.sets.items()}
                for choice in axis.choices
            }
            for axis in plan.axes
        },
        "shared": {key: value for key, value in base.items() if key not in swept},
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True).encode()


def _typed(plan: Plan, key: str, value: Any) -> Any:
    """Return an axis' value in its type, as the notebooks get it."""
    model = plan.base.model_dump(mode="json") | {key: value}
    return type(plan.base).model_validate(model).model_dump(mode="json")[key]


def write_description(plan: Plan, state: str, failed: int) -> None:
    """Write ``sweep.yml`` beside the table."""
    write_whole(plan.folder / "sweep.yml", describe(plan, state, failed))
