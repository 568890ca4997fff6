"""What districts spend, from EdSight's finance reports."""

import pandas as pd

from dme.tables.importers import district_totals, edsight_enrollment, edsight_finance
from dme.tables.importers.edsight import STATE, STATE_NAME
from dme.tables.importers.edsight_names import Names
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.refusal import refusal

# Charter schools that no enrollment file lists under these exact names, or at all.
UNLISTED = (
    "Cross Cultural Academy District",
    "Highville Mustard Seed Charter School District",
    "New Beginnings Inc., Family Academy District",
)

_KEY = ["school_year", "district_code"]


def _totals(raw: RawFolder, _: Frames) -> Frames:
    spending, prices = district_totals.totals(
        raw.path("edsight-district-spending-selected"),
        raw.path("edsight-hartford-spending-and-prices"),
    )
    return {"district_spending": spending, "consumer_prices": prices}


def _by_function(raw: RawFolder, made: Frames) -> Frames:
    names = _names(raw)
    frames = [
        _coded(
            edsight_finance.by_function(
                (path, raw.path(f"edsight-state-expenditures-{year}")),
                (
                    raw.path(f"edsight-district-per-pupil-{year}"),
                    raw.path(f"edsight-state-per-pupil-{year}"),
                ),
                year,
            ),
            year,
            names,
        )
        for year, path in raw.series("edsight-district-expenditures").items()
    ]
    selected = district_totals.by_function(raw.path("edsight-district-per-pupil-2016-17-selected"))
    # The typed file has no dollars in all: its frame lacks their columns, which stay missing.
    found = pd.concat([*frames, _coded(selected, "2016-17", names)], ignore_index=True)
    _check_totals(found, made["district_spending"])
    return {"district_spending_by_function": found}


def _names(raw: RawFolder) -> Names:
    """Return the codes of districts by name, as EdSight's files of enrollment print both."""
    found = Names()
    for year, path in raw.series("edsight-district-totals").items():
        _, listed = edsight_enrollment.districts(path, year)
        codes = zip(listed["district"], listed["code"], strict=True)
        found.learn((year, (name,), code) for name, code in codes)
    return found


def _coded(frame: pd.DataFrame, year: str, names: Names) -> pd.DataFrame:
    """Return the rows with ``school_year``, ``district_code`` and ``code_from``.

    Names that are known to stand in no enrollment file are left out.
    """
    listed = frame[~frame["district"].isin(UNLISTED)]
    found = [code_of(name, year, names) for name in listed["district"]]
    return listed.assign(
        school_year=year,
        district_code=[code for code, _ in found],
        code_from=[origin for _, origin in found],
    )


def code_of(name: str, year: str, names: Names) -> tuple[str, str]:
    """Return the code of a printed name and where it is from.

    Raises
    ------
    TableError
        If no list has the name.
    """
    if name == STATE_NAME:
        return STATE, "state"
    found = names.code((name,), year)
    if found is None:
        raise refusal(
            problem="A district's name stands in no enrollment file.",
            file=f"a finance report of {year}",
            found=repr(name),
            expected="a name of EdSight's enrollment files",
            advice="If no file lists it, name it in UNLISTED (dme.tables.recipes.finance).",
        )
    return found


def _check_totals(by_function: pd.DataFrame, totals: pd.DataFrame) -> None:
    """Refuse totals per pupil that differ between the reports and the file by fiscal year."""
    both = by_function.merge(totals, on=_KEY, validate="1:1")
    differing = both[both["total_per_pupil"] != both["dollars_per_pupil"]]
    for row in differing.to_dict("records"):
        raise refusal(
            problem="Two files print different totals of one district and year.",
            file=f"the totals by fiscal year, {row['school_year']}, {row['district_code']}",
            found=str(row["dollars_per_pupil"]),
            expected=f"{row['total_per_pupil']}, as in the report by function",
            advice="Compare both with the publisher's pages.",
        )


RECIPES = (
    Recipe(("district_spending", "consumer_prices"), _totals),
    Recipe(("district_spending_by_function",), _by_function),
)
