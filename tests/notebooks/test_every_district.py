"""Every district that ``dme new`` offers, and every year that the tables offer, runs to the end.

The cells run in this process as `dme run` runs them: findings, other choices, sentences, answers.
A run of the tests takes one study of every eighth district, its years drawn, through one or two
of the notebooks, and draws charts for a few; districts and notebooks take turns by the day (see
`tests.turns`). ``DME_EVERY_DISTRICT=20`` takes 20 studies of each district, through every notebook,
with all other choices and charts.
"""

import functools
import itertools
import math
import os
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from dme import findings, paths, template
from dme.study import Study
from dme.study.check import YEARS, contradictions, of_content
from dme.tables.facts import facts
from dme.tables.holdings import districts
from tests.notebooks.in_process import Notebook, told
from tests.of_hartford import told_of_hartford
from tests.turns import on_turn, today

TABLES = "data/tables"
QUICK = {"resamples": 200, "plan_time_limit": 1}
WIDE = int(os.environ.get("DME_EVERY_DISTRICT", "0"))
DRAWN = 10  # of how many districts one has its charts drawn
NO_FIGURE = re.compile(r"\b(nan|inf|NaN|NaT)\b|\bNone\b(?! of)|<NA>")
PAIRS = (("trend_start", "enrollment_year"), ("before_plan", "plan_horizon"))


@functools.cache
def offered() -> dict[str, list[str]]:
    """Return the years that the tables offer for each parameter, without a pair's first or last."""
    held = facts(paths.home() / TABLES).years
    years = {
        key: sorted({y for t in tables for y in held[t]}) for key, (_, tables) in YEARS.items()
    }
    for low, high in PAIRS:
        last, first = years[high][-1], years[low][0]
        years[low] = [year for year in years[low] if year < last]
        years[high] = [year for year in years[high] if year > first]
    return years


def drawn_years(years: Mapping[str, list[str]], dice: random.Random) -> dict[str, str]:
    """Draw a year for each parameter; of a pair, one of them first by turns."""
    chosen = {key: dice.choice(some) for key, some in years.items()}
    for low, high in PAIRS:
        if dice.random() < 0.5:
            chosen[high] = dice.choice([year for year in years[high] if year > chosen[low]])
        else:
            chosen[low] = dice.choice([year for year in years[low] if year < chosen[high]])
    return chosen


def studies_of(code: str, count: int) -> Iterator[Study]:
    """Yield studies of a district in other years, the one that `dme new` proposes among them."""
    proposed = template.proposed("mine", code, TABLES)
    if count > 1:
        yield Study.model_validate(proposed | QUICK)
    yield from itertools.islice(in_other_years(proposed, code), max(1, count - 1))


def in_other_years(values: Mapping[str, Any], code: str) -> Iterator[Study]:
    """Yield studies of some values whose years a district's code draws."""
    dice = random.Random(code)
    while True:
        study = Study.model_validate({**values, **QUICK, **drawn_years(offered(), dice)})
        if not contradictions(study) and not of_content(study):
            yield study


def numbers(bundle: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each figure of a finding and of its other choices."""
    found = bundle.get(findings.MIME, {})
    for one in (found, *found.get("alternatives", ())):
        for name in ("value", "low", "high"):
            yield f"{found.get('id')}, {one.get('label', 'itself')}, {name}", one.get(name)


HARTFORD = "0640011"
CODES = tuple(districts(paths.home() / TABLES).query("schools > 0")["district_code"])


@pytest.mark.tried("Every district runs", "studies of every district, in drawn years, to the end")
@pytest.mark.parametrize("part", range(2))
@pytest.mark.filterwarnings("ignore")
def test_every_district_runs_to_the_end(part, record_property):
    notebooks = [Notebook(path) for path in sorted((paths.home() / "notebooks").glob("*.ipynb"))]
    times, day = 0, today()
    for place, code in [*enumerate(CODES)] if WIDE else on_turn([*enumerate(CODES)], 8):
        if place // 8 % 2 != part:
            continue
        turn = place // 16 + day // 8
        draw = bool(WIDE) or turn % DRAWN == 0
        others = bool(WIDE) or not turn % 5
        for study in studies_of(code, WIDE or 1):
            named = HARTFORD in {study.district, *study.peers, *study.wider_peers}
            for at, notebook in enumerate(notebooks):
                # A week's schedule takes as long as all the rest, and intervals know no district.
                rare = 24 if notebook.name in {"design", "intervals"} else 8
                if WIDE or (turn + at) % rare == 0:
                    for bundle in notebook.shown(study, draw=draw, others=others):
                        for where, text in told(bundle):
                            assert not NO_FIGURE.search(text), (code, where, text)
                            assert named or told_of_hartford(text) == [], (code, where)
                        for where, value in numbers(bundle):
                            assert value is None or math.isfinite(value), (code, where, value)
            times += 1
    record_property("times", times)


def test_every_year_occurs_in_the_studies_of_every_district():
    years = offered()
    seen = {key: set() for key in years}
    for code in CODES:
        study = next(in_other_years({}, code))
        for key in years:
            seen[key].add(getattr(study, key))
    assert {key: sorted(some) for key, some in seen.items()} == years
