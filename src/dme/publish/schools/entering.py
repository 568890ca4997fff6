"""Which findings of a study rest on the rows of which school."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from dme.findings import Entry
from dme.findings.lineage import numbers_of
from dme.publish.schools.register import table
from dme.study import Study


def entering(
    entries: Sequence[Entry], study: Study, codes: Collection[str]
) -> Mapping[str, list[Entry]]:
    """Return the findings that used a row of each school, by its code.

    Parameters
    ----------
    entries : sequence of Entry
        The study's ledger; each finding tells the rows of the tables that it used.
    study : Study
        The parameters that ran.
    codes : collection of str
        The schools.
    """
    found: dict[str, list[Entry]] = {code: [] for code in codes}
    holders = {}
    for entry in entries:
        used: set[str] = set()
        for edition, ranges in entry.finding.rows:
            name = edition.partition("/")[0]
            if name not in holders:
                holders[name] = _holders(name, study, found)
            if (of := holders[name]) is None or not ranges:
                continue
            places = np.array(numbers_of(ranges)) - 1
            used |= set(of[places[places < len(of)]])
        for code in used - {""}:
            found[code].append(entry)
    return found


def _holders(name: str, study: Study, codes: Collection[str]) -> np.ndarray | None:
    """Return whose each row of a table is: "" for none of the schools; None without schools."""
    rows = table(name, study)
    if "school_code" not in rows:
        return None
    return rows["school_code"].where(rows["school_code"].isin(codes), "").to_numpy(object)
