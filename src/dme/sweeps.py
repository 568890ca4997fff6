"""The results of a sweep, as a notebook reads them."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ValidationError

from dme import records, strict_yaml
from dme.errors import DmeError

TABLE, DESCRIPTION = "findings.parquet", "sweep.yml"
_LARGEST = 1 << 26
FILES = (TABLE, DESCRIPTION)
"""What a sweep that has come to its end leaves in ``results/sweeps/<name>/``."""


@dataclass(frozen=True)
class Sweep:
    """The results of a sweep.

    Attributes
    ----------
    name : str
        The sweep's.
    findings : DataFrame
        A row for each finding of each run: a column for each axis, ``finding``, ``claim``,
        ``value``, ``low``, ``high``, ``unit``, ``basis``.
    axes : mapping of str to mapping
        By axis and label, the parameters that the choice sets.
    shared : mapping
        The parameters that all runs share.
    """

    name: str
    findings: pd.DataFrame
    axes: Mapping[str, Mapping[str, Mapping[str, Any]]]
    shared: Mapping[str, Any]


class _Told(BaseModel):
    table: str
    axes: dict[str, dict[str, dict[str, Any]]]
    shared: dict[str, Any]


def sealed(told: Mapping[str, Any], table: bytes) -> dict[str, Any]:
    """Return what a description tells, with checksums: its own, and that of its table."""
    return records.sealed({**told, "table": hashlib.sha256(table).hexdigest()})


def read(folder: Path) -> Sweep | None:
    """Read the results of a sweep from its folder.

    None where they are not those that the sweep left: it is as if it had not been run.
    """
    try:
        # A reader in C++ would open the file unseen by the audit hook: it gets the bytes.
        table = (folder / TABLE).read_bytes()
        told = strict_yaml.read(folder / DESCRIPTION, _LARGEST).typed()
        whole = _Told.model_validate(records.unsealed(told), strict=True)
    except (OSError, DmeError, ValidationError):
        return None
    if whole.table != hashlib.sha256(table).hexdigest():
        return None
    rows = pd.read_parquet(io.BytesIO(table))
    return Sweep(folder.name, rows, whole.axes, whole.shared)
