"""The one table of a sweep: a row for each finding of each run."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from dme.execute.sweep.plan import Plan
from dme.execute.sweep.store import write_whole
from dme.execute.sweep.work import Row
from dme.sweeps import DESCRIPTION, TABLE, sealed

_BATCH = 200
_TYPES = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
_COLUMNS = pa.schema([
    ("finding", pa.string()), ("claim", pa.string()),
    *((name, pa.float64()) for name in ("value", "low", "high")),
    *((name, pa.string()) for name in ("unit", "basis", "verdict", "reason")),
])  # fmt: skip


class Findings:
    """The findings of runs, held in columns, which take little room."""

    def __init__(self) -> None:
        self._runs: dict[int, pa.RecordBatch] = {}

    def add(self, number: int, rows: list[Row]) -> None:
        """Take in the findings of a run."""
        columns = zip(*rows, strict=True)
        arrays = [
            pa.array(values, told.type) for values, told in zip(columns, _COLUMNS, strict=True)
        ]
        self._runs[number] = pa.record_batch(arrays, schema=_COLUMNS)

    def __iter__(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield the runs in the sweep's own order, whatever order they ended in."""
        for number in sorted(self._runs):
            yield number, self._runs[number]


def write_table(plan: Plan, found: Findings, path: Path) -> int:
    """Write the findings of the runs and return the number of rows.

    The same runs give the same bytes, whatever order they ended in.
    """
    axes = [(name, _TYPES[type(value)]) for name, value in plan.cells(0).items()]
    columns = pa.schema([("run", pa.string()), *axes, *_COLUMNS])
    scratch = path.with_name(f".{path.name}.tmp")
    rows, source = 0, iter(found)
    with pq.ParquetWriter(scratch, columns, compression="zstd") as writer:
        while batch := list(islice(source, _BATCH)):
            table = pa.concat_tables(_with_axes(plan, *one, columns) for one in batch)
            rows += table.num_rows
            writer.write_table(table.combine_chunks())
    scratch.replace(path)
    return rows


def _with_axes(plan: Plan, number: int, found: pa.RecordBatch, columns: pa.Schema) -> pa.Table:
    told: dict[str, Any] = {"run": plan.run_name(number), **plan.cells(number)}
    arrays = [
        pa.repeat(pa.scalar(told[name], columns.field(name).type), found.num_rows) for name in told
    ]
    return pa.table([*arrays, *found.columns], schema=columns)


def describe(plan: Plan, failed: int) -> bytes:
    """Return the text of ``sweep.yml``: what was varied, and what every run shared."""
    swept = {parameter for axis in plan.axes for c in axis.choices for parameter in c.sets}
    base = plan.base.model_dump(mode="json")
    told = {
        "sweep": plan.name,
        "base": plan.base_file,
        "notebooks": list(plan.notebooks),
        **({"findings": list(plan.findings)} if plan.findings else {}),
        "combine": plan.combine,
        **({"samples": plan.samples, "seed": plan.seed} if plan.combine == "sampled" else {}),
        "runs": len(plan),
        "failed": failed,
        "axes": {
            axis.name: {
                choice.label: {key: _typed(plan, key, value) for key, value in choice.sets.items()}
                for choice in axis.choices
            }
            for axis in plan.axes
        },
        "shared": {key: value for key, value in base.items() if key not in swept},
    }
    whole = sealed(told, (plan.folder / TABLE).read_bytes())
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True).encode()


def _typed(plan: Plan, key: str, value: Any) -> Any:
    """Return an axis' value in its type, as the notebooks get it."""
    model = plan.base.model_dump(mode="json") | {key: value}
    return type(plan.base).model_validate(model).model_dump(mode="json")[key]


def write_description(plan: Plan, failed: int) -> None:
    """Write ``sweep.yml`` beside the table."""
    write_whole(plan.folder / DESCRIPTION, describe(plan, failed))
