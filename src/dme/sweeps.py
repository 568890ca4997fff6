"""The results of a sweep, as a notebook reads them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

TABLE, DESCRIPTION = "findings.parquet", "sweep.yml"
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


def read(folder: Path) -> Sweep:
    """Read the results of a sweep from its folder, which holds `FILES`."""
    told = yaml.safe_load((folder / DESCRIPTION).read_text(encoding="utf-8"))
    # A reader in C++ would open the file unseen by the audit hook: it gets the bytes.
    rows = pd.read_parquet(io.BytesIO((folder / TABLE).read_bytes()))
    return Sweep(folder.name, rows, told["axes"], told["shared"])
