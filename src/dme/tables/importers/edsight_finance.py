"""EdSight's reports of what districts spent, 2005-06 to 2014-15: names and no codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.tables.importers.edsight import STATE_NAME, export, wrong_file
from dme.tables.importers.sheet import Sheet, across

# Charter schools print it for what does not apply to them.
NOT_APPLICABLE = ("N/A",)

_MEDIA = "Instruction and Educational Media Services"
_TOTAL = "Total Expenditures"
_SPENT = {
    "Instructional Staff and Services": "instructional_staff",
    "Instructional Supplies and Equipment": "instructional_supplies",
    f"Improvement of {_MEDIA}": "instruction_and_media",
    "Student Support Services": "student_support",
    "Administration and Support Services": "administration",
    "Plant Operation and Maintenance": "plant",
    "Transportation": "transportation",
    "Students Tuitioned Out": "tuition",
    "Other": "other",
    _TOTAL: "total",
}
FUNCTIONS = tuple(_SPENT.values())
# Nothing is printed per pupil for students tuitioned out.
PER_PUPIL = {f"{name}_per_pupil": name for name in FUNCTIONS if name != "tuition"}
_STATE_SPENT = {_MEDIA if "Media" in label else label: name for label, name in _SPENT.items()}
_EACH = {
    label.replace(
        "Plant Operation and Maintenance", "Plant Operation and Management"
    ): f"{name}_per_pupil"
    for label, name in _STATE_SPENT.items()
    if name != "tuition"
}


@dataclass(frozen=True)
class Report:
    """A report: its title, the column of names, the names used here by the other headings."""

    title: str
    place: str
    columns: Mapping[str, str]


_IN_ALL = Report("Overall Expenditures", "District", _SPENT)
_PER_PUPIL = Report("Per Pupil Expenditures", "Type", _EACH)


def by_function(spent: tuple[Path, Path], per_pupil: tuple[Path, Path], year: str) -> pd.DataFrame:
    """Read one year's spending by function, in all and per pupil.

    Parameters
    ----------
    spent, per_pupil : tuple of Path
        The file of all districts and that of the state, of each report.

    Returns
    -------
    DataFrame
        ``district`` (the name as printed, the state last), then the functions, in dollars and
        in dollars per pupil.
    """
    read, in_all = _export(spent[0], year, _IN_ALL)
    parts = across(in_all[[name for name in FUNCTIONS if name != "total"]])
    problem = "A printed total differs from the sum of its functions."
    read.refuse(parts["added"] != in_all["total"], problem, _TOTAL, parts["added"])
    each_read, each = _export(per_pupil[0], year, _PER_PUPIL)
    _alike(read, in_all, each, "dollars per pupil")
    _alike(each_read, each, in_all, "total dollars")
    # The state's figures per pupil of 2013-14 and 2014-15 are of another edition.
    _check_pupils(each_read, each.merge(in_all, on="district").set_axis(each.index))
    _, state_each = _export(per_pupil[1], year, _PER_PUPIL, STATE_NAME)
    whole = pd.concat([in_all, _state_spent(spent[1], year, in_all)])
    return whole.merge(pd.concat([each, state_each]), on="district")


def _state_spent(path: Path, year: str, districts: pd.DataFrame) -> pd.DataFrame:
    """Return the state's amounts, which its file prints one below the other."""
    columns = ("District", "Type", "Total", "State % of Total")
    read = export(path, columns, title=_IN_ALL.title, year=year, scope=STATE_NAME)
    labels = read.text("Type")
    if {*labels} != {*_STATE_SPENT}:
        problem = "The functions are others."
        raise wrong_file(path, 4, problem, ", ".join(labels), ", ".join(_STATE_SPENT))
    names, amounts = labels.map(_STATE_SPENT), read.count("Total")
    added = names.map(districts[[*FUNCTIONS]].sum())
    problem = "The state's amount differs from the sum of its districts."
    read.refuse(amounts != added, problem, "Total", added)
    state = dict(zip(names, amounts, strict=True))
    return pd.DataFrame([{"district": STATE_NAME, **state}]).astype(dict.fromkeys(state, "Int64"))


def _export(
    path: Path, year: str, report: Report, scope: str = "All Districts"
) -> tuple[Sheet, pd.DataFrame]:
    columns = (report.place, *report.columns)
    read = export(path, columns, title=report.title, year=year, scope=scope)
    names = read.text(report.place)
    read.once(names, report.place, "district")
    return read, names.to_frame("district").join(read.counts(report.columns, NOT_APPLICABLE))


def _alike(read: Sheet, lines: pd.DataFrame, other: pd.DataFrame, missing: str) -> None:
    read.refuse(
        ~lines["district"].isin(other["district"]),
        "A district stands in one of the year's two reports only.",
        read.cells.columns[0],
        f"a line for it in the report of {missing}",
    )


def _check_pupils(read: Sheet, lines: pd.DataFrame) -> None:
    """Refuse a line whose functions imply different numbers of pupils.

    Transportation, and the total, are printed for pupils of their own.
    """
    least, most = pd.Series(0.0, lines.index), pd.Series(float("inf"), lines.index)
    for label, column in _EACH.items():
        name = PER_PUPIL[column]
        if name in ("transportation", "total"):
            continue
        amount, per_pupil = lines[name].astype("float64"), lines[column].astype("float64")
        low = amount / (per_pupil + 0.5)
        high = (amount / (per_pupil - 0.5)).mask(per_pupil == 0, float("inf"))
        read.refuse(
            (low > most) | (high < least),
            "Dollars and dollars per pupil contradict each other.",
            label,
            lines[name].astype("str")
            + least.map(" dollars for {:.0f}".format)
            + most.map(" to {:.0f} pupils".format),
        )
        least, most = least.mask(low > least, low), most.mask(high < most, high)
