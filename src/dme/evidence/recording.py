"""Findings of notebooks whose sections are still put together here, as cells record them."""

from collections.abc import Iterator
from typing import Any

from dme.evidence.result import Lacking, Result
from dme.findings import session, verdicts
from dme.findings.ledger import Finding


def told(*results: Result) -> Iterator[Finding]:
    """Yield what sections found, or lack, as findings."""
    for one in results:
        if isinstance(one, Lacking):
            answers: dict[str, Any] = verdicts.untested(one.claim, one.lacking)
            yield Finding(one.name, one.title, f"Not measured: {one.lacking}.", None, one.unit,
                          "", "", "", **answers)  # fmt: skip
            continue
        found = one.estimate
        yield Finding(
            id=one.name, title=one.title, sentence=one.sentence, value=found.value, low=found.low,
            high=found.high, interval=found.interval, unit=one.unit, population=one.population,
            year=one.year, method=one.method, basis=one.basis, caveat=one.caveat,
            alternatives=one.alternatives, tables=one.tables, typed=session.typed(one.tables),
            **verdicts.answer_to(one.claim, found, one.holds, one.basis),
        )  # fmt: skip
