"""Whether figures that EdSight prints in several files of one report add up."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from dme.tables.refusal import TableError, refusal

_ADVICE = "Fetch both raw files anew from their publisher; one of them is not what was printed."


def check_parts(
    whole: tuple[Path, pd.DataFrame],
    parts: tuple[Path, pd.DataFrame],
    keys: Sequence[str],
    columns: Sequence[str],
    *,
    complete: bool = True,
) -> None:
    """Refuse totals that their parts, printed in another file, contradict.

    A withheld part leaves room above the sum of the others; a withheld total is not checked.

    Parameters
    ----------
    whole, parts : tuple of Path and pandas.DataFrame
        A file and its rows, with the columns ``line``, `keys` and `columns`.
    keys : sequence of str
        What tells one total from another.
    columns : sequence of str
        The counts to compare.
    complete : bool, optional
        Whether the parts are all of the whole; otherwise they may fall short of it.

    Raises
    ------
    TableError
        If the parts exceed their total, or fall short of it though none is withheld, or if
        parts or a total are missing.
    """
    by_key = parts[1].groupby(list(keys))
    added = by_key[list(columns)].sum()
    hidden = by_key[list(columns)].count().lt(by_key.size(), axis=0)
    totals = whole[1].set_index(list(keys))
    lost = added.index.difference(totals.index)
    if len(lost):
        line = int(by_key["line"].first()[lost[0]])
        raise _missing(parts[0], line, keys, lost[0], whole[0])
    bare = totals.index.difference(added.index)
    if complete and len(bare):
        raise _missing(whole[0], int(totals.loc[bare[0], "line"]), keys, bare[0], parts[0])
    added, hidden = added.reindex(totals.index), hidden.reindex(totals.index, fill_value=True)
    for column in columns:
        over = added[column] > totals[column]
        short = (added[column] < totals[column]) & ~hidden[column] & complete
        wrong = (over | short).fillna(False).astype(bool)
        if wrong.any():
            at = wrong.idxmax()
            raise refusal(
                problem="A total differs from the sum of its parts in another file.",
                file=whole[0],
                line=int(totals.loc[at, "line"]),
                column=column,
                found=str(totals.loc[at, column]),
                expected=f"{added.loc[at, column]}, as added up from {parts[0].name}",
                advice=_ADVICE,
            )


def _missing(
    file: Path, line: int, keys: Sequence[str], key: tuple[str, ...], other: Path
) -> TableError:
    return refusal(
        problem="A row has no counterpart in another file of the report.",
        file=file,
        line=line,
        found=", ".join(f"{name} {value}" for name, value in zip(keys, key, strict=True)),
        expected=f"rows of it in {other.name}",
        advice=_ADVICE,
    )
