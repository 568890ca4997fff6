"""The tests that verdicts hang on, counted together: the false discovery rate."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from dme.findings import Entry, Finding
from dme.findings.judging import Verdict
from dme.measures.estimates.discoveries import discoveries
from dme.publish.markup import link, raw
from dme.tabled import Cell, tabled
from dme.text import plural

_RATE = 0.05
"""The share of false discoveries that is allowed for."""
_HEADS = ("What is tested", "p alone", "q of all together", "More than chance?")


def together(entries: Sequence[Entry]) -> pd.DataFrame:
    """Return each test that a verdict hangs on, alone and with the others.

    Parameters
    ----------
    entries : sequence of Entry
        The ledger of a study.

    Returns
    -------
    DataFrame
        ``claim``, ``link`` (HTML), ``p``, ``q``, ``alone`` and ``stands`` (whether it says yes
        alone, and with all others); the smallest p first.
    """
    tests = [
        (entry, words, p)
        for entry in entries
        if _hangs(entry.finding)
        for words, p in entry.finding.tests
    ]
    found = discoveries({str(number): p for number, (*_, p) in enumerate(tests)}, _RATE)
    numbers = found["name"].astype(int)
    return pd.DataFrame(
        {
            "claim": [tests[number][0].finding.claim for number in numbers],
            "link": [link(tests[number][0].link, tests[number][1]) for number in numbers],
            "p": found["p"],
            "q": found["q"],
            "alone": found["p"] <= _RATE,
            "stands": found["rejected"],
        }
    )


def _hangs(finding: Finding) -> bool:
    """Whether a verdict hangs on a test: of a published figure only one on its sign does."""
    return finding.published == "–" or finding.verdict in {
        Verdict.SAME_DIRECTION,
        Verdict.NOT_REPRODUCED,
    }


def fragile(entries: Sequence[Entry]) -> set[str]:
    """Return the claims of whose tests one says yes alone and not with the others."""
    found = together(entries)
    return set(found.loc[found["alone"] & ~found["stands"].astype(bool), "claim"])


def many_tests(entries: Sequence[Entry]) -> str:
    """Return the tests that verdicts hang on, and which hold when all count, as Markdown."""
    found = together(entries)
    if found.empty:
        return "No verdict of this study hangs on a test."
    rows = [
        [
            Cell(f"{escape(claim)} {words}"),
            Cell(_share(p)),
            Cell(_share(q)),
            Cell("yes" if stands else "only if it were alone" if alone else "no"),
        ]
        for claim, words, p, q, alone, stands in found.itertuples(index=False)
    ]
    told = (
        f"Verdicts hang on {plural(len(rows), 'test')}: whether a difference or a trend is more "
        "than chance. Of many such tests some would say yes by chance alone. The last two columns "
        "count all tests together: they hold the share of false alarms among those that say yes to "
        f"{_RATE:.0%} (Benjamini and Hochberg 1995). {_lost(sorted(fragile(entries)))}"
    )
    return f"{told}\n\n{raw(tabled(_HEADS, rows, 'Tests that verdicts hang on', 'stack'))}"


def _share(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def _lost(claims: Sequence[str]) -> str:
    if not claims:
        return "None that holds alone fails with the others."
    return (
        f"What holds alone and not with the others: tests of {' and '.join(claims)}. The "
        "scoreboard says so beside the verdict."
    )
