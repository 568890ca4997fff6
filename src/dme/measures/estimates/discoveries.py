"""Which of many findings stand when all are looked at together: the false discovery rate."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests


def discoveries(p_values: Mapping[str, float | None], level: float = 0.05) -> pd.DataFrame:
    """Return which p-values stand if no more than `level` of those that do may be chance.

    Benjamini and Hochberg's (1995) step-up rule, which also holds where tests hang together in
    one direction, as those of one district's schools do (Benjamini and Yekutieli 2001).

    Parameters
    ----------
    p_values : mapping of str to float or None
        By name; those that are missing, or no number, are left out and not counted.
    level : float
        The expected share of chance among what is rejected.

    Returns
    -------
    DataFrame
        ``name``, ``p``, ``q`` (the least level at which it would stand), ``rejected``; the
        smallest p first.
    """
    tested = {n: float(p) for n, p in p_values.items() if p is not None and np.isfinite(p)}
    found = pd.DataFrame({"name": list(tested), "p": list(tested.values())})
    if found.empty:
        return found.assign(p=found["p"].astype(float), q=np.nan, rejected=False)
    rejected, q, *_ = multipletests(found["p"], alpha=level, method="fdr_bh")
    return found.assign(q=q, rejected=rejected).sort_values("p", kind="stable", ignore_index=True)
