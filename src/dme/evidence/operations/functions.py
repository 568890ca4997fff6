"""Where the small schools' premium sits: its parts by function of the money (beside O2)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.operations.groups import Groups
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.measures.spending import spending_functions
from dme.study import Study
from dme.text import quantity

LABELS = {
    "instruction": "Instruction",
    "support_services_students": "Pupil support",
    "improvement_of_instruction": "Improvement of instruction",
    "library_media": "Library and media",
    "support_services_instruction": "Instruction support",
    "school_administration": "School administration",
    "plant_operation": "Operation of plant",
    "transport_other": "Transport, other than home",
    "enterprise_operations": "Enterprise operations",
    "minor_construction": "Minor construction",
}
PARTS = ("premium-by-function", "Small schools' premium in school administration")
UNIT = "dollars per pupil"


@dataclass(frozen=True)
class Functions:
    """The premium's parts.

    Attributes
    ----------
    finding : Measured or Lacking
        The part of school administration; those of the other functions beside.
    parts : DataFrame or None
        See `dme.measures.spending.spending_functions.parts`, with ``label``; functions
        without money are left out.
    picture : Picture or None
        The figure's words.
    """

    finding: Result
    parts: pd.DataFrame | None
    picture: Picture | None

    @property
    def table(self) -> pd.DataFrame | None:
        """The parts in words, to be shown."""
        if self.parts is None:
            return None
        rows = self.parts
        small, rest, difference = rows["small"], rows["rest"], rows["difference"]
        shown = pd.DataFrame({"Function": rows["label"], "Small": small, "Others": rest})
        whole = pd.DataFrame({"Function": ["All"], "Small": [small.sum()], "Others": [rest.sum()]})
        shown = pd.concat([shown, whole], ignore_index=True)
        for name in ("Small", "Others"):
            shown[name] = shown[name].map("${:,.0f}".format)
        differences = pd.concat([difference, pd.Series([difference.sum()])], ignore_index=True)
        shares = pd.concat([rows["share"], pd.Series([100.0])], ignore_index=True)
        shown["Difference"] = differences.map(_dollars)
        shown["Share of the premium"] = shares.map("{:.0f}%".format)
        return shown


def _dollars(value: float) -> str:
    return quantity(round(value), "dollars")


def premium_by_function(study: Study, place: Place, groups: Groups) -> Functions:
    """Return how much of the premium each function makes up.

    Parameters
    ----------
    groups : Groups
        The schools whose spending is compared.
    """
    if groups.lacking:
        return Functions(Lacking(*PARTS, groups.lacking, UNIT), None, None)
    schools = spending_functions.wide(groups.priced, groups.by_function)
    small = schools["students"].lt(study.small_school)
    if small.nunique() < 2:
        lacking = f"the tables hold no spending by function of {place.own} in {study.spending_year}"
        return Functions(Lacking(*PARTS, lacking, UNIT), None, None)
    names = [
        name
        for name in LABELS
        if name in schools.columns
        and schools[name].any()
        and (study.plant_cost or name != spending_functions.PLANT)
    ]
    parts = spending_functions.parts(
        schools, names, study.small_school, study.weighting, place.resampling
    )
    parts["label"] = parts["function"].map(LABELS)
    if spending_functions.ADMINISTRATION not in names:
        lacking = f"the report prints no school administration of {place.own}"
        return Functions(Lacking(*PARTS, lacking, UNIT), parts, _picture(study, place, parts))
    return Functions(_finding(study, groups, parts), parts, _picture(study, place, parts))


def _finding(study: Study, groups: Groups, parts: pd.DataFrame) -> Measured:
    by_name = parts.set_index("function")
    admin = by_name.loc[spending_functions.ADMINISTRATION]
    whole = float(parts["difference"].sum())
    rank = "the largest part" if parts["function"].iloc[0] == admin.name else "a part"
    plant = ""
    if spending_functions.PLANT in by_name.index:
        rest = whole - float(by_name.loc[spending_functions.PLANT, "difference"])
        plant = f" Without operation of plant the whole is {_dollars(rest)}."
    return Measured(
        *PARTS,
        f"Of {_dollars(whole)} more per pupil in small schools, {_dollars(admin['difference'])} "
        f"({admin['share']:.0f}%) is school administration, {rank}: {_dollars(admin['small'])} "
        f"per pupil against {_dollars(admin['rest'])}.{plant}",
        _estimate(admin),
        UNIT,
        population=groups.words,
        year=study.spending_year,
        method=f"Difference of the groups' mean dollars per pupil in the function, weighted by "
        f"{study.weighting}; the parts add up to the whole, but for the report's rounding.",
        alternatives=tuple(
            Alternative.of(f"{row['label'].lower()}", _estimate(row))
            for name, row in by_name.iterrows()
            if name != spending_functions.ADMINISTRATION
        ),
        tables=("spending_by_function", "spending_schools"),
    )


def _estimate(row: pd.Series) -> Estimate:
    low, high = (None if pd.isna(row[end]) else float(row[end]) for end in ("low", "high"))
    return Estimate(float(row["difference"]), low, high, str(row["interval"]))


def _picture(study: Study, place: Place, parts: pd.DataFrame) -> Picture:
    each = "; ".join(f"{p.label} {_dollars(p.difference)}" for p in parts.itertuples())
    return Picture(
        f"Where the small schools' premium sits, {place.own} {study.spending_year}",
        f"Bar: dollars per pupil more under {study.small_school} students; line: "
        f"{study.confidence:g}% bootstrap interval; in brackets in percent of the others' "
        f"spending. {place.counted.capitalize()}. Source: {place.record}, per pupil expenditures "
        "by school and function.",
        f"Bar chart of the premium's parts: {each}.",
    )
