"""The plan of 2018 to 2020 as typed from published pages, and the register of its places."""

from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dme.tables.columns import SCHOOL_CODE, SCHOOL_YEAR
from dme.tables.importers import sheet
from dme.tables.importers.sheet import Sheet
from dme.tables.refusal import TableError, refusal

PROPOSAL, APPROVAL = "proposal 2017-12", "approval 2018-01"
# The list of schools that a place is looked up in, unless the register names another year, and
# the later list that some names come from.
LISTED, LATER = "2016-17", "2017-18"
_COLUMNS = ("effective", "school_or_building", "action", "source")
# Every action that the pages print, in the words of the table.
_ACTIONS = {
    "close": ("close",),
    "reconfigure": ("reconfigure",),
    "relocate": ("relocate",),
    "open": ("open",),
    "reconfigure and relocate": ("reconfigure", "relocate"),
    "reconfigure to middle school": ("reconfigure",),
    "relocate (to Weaver)": ("relocate",),
    "adds dual language": ("other",),
    "phase out": ("close",),
    "relinquish": ("other",),
    "relocate when lease expires": ("relocate",),
}
_APPROVED, _PROPOSED = "plan_approved", "plan_2017_12_19"
_ADVICE = "Correct the entry in data/typed/plan-places.yml."


class Place(BaseModel):
    """One entry of the register; its file says what each field is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    kind: Literal["school", "part of a school", "building", "office", "unknown"]
    code: Annotated[str, Field(pattern=SCHOOL_CODE)] | None = None
    listed: str | None = None
    later: str | None = None
    year: Annotated[str, Field(pattern=SCHOOL_YEAR)] = LISTED
    evidence: str
    doubtful: bool = False


def actions(plan: Path, facts: Sheet) -> pd.DataFrame:
    """Read the actions of the proposal, and those of the approval among the facts.

    Returns
    -------
    DataFrame
        ``version``, ``effective``, ``by``, ``place``, ``action``, ``printed``, ``address``. An
        entry of two actions, or of two schools, makes two rows.
    """
    proposed = sheet.table(plan, _COLUMNS)
    _check_alike(proposed, facts)
    found = _actions(proposed, _COLUMNS).assign(version=PROPOSAL)
    told = facts.only((facts["topic"] == _APPROVED) & (facts["unit"] == "action"))
    approved = _actions(told, ("period", "subject", "value", "address")).assign(version=APPROVAL)
    approved["place"] = approved["place"].str.split(" and ")
    found = pd.concat([found, approved.explode("place")])
    return found.explode("action").reset_index(drop=True)


def places(path: Path, enrollment: pd.DataFrame) -> pd.DataFrame:
    """Read the register of places, each school compared with the state's lists.

    Parameters
    ----------
    path : Path
        The register.
    enrollment : pandas.DataFrame
        ``school_year``, ``school_code``, ``school``.

    Returns
    -------
    pandas.DataFrame
        ``place``, ``kind``, ``school_code``, ``listed_as``, ``listed_in``, ``evidence``,
        ``doubtful``.
    """
    entries = _entries(path)
    listed = _lists(enrollment)
    for entry in entries:
        if (entry.code is None) != (entry.listed is None):
            raise _unlike(path, entry, "a code or a name alone", "both, or none")
        if entry.listed and listed.get((entry.year, entry.code)) != entry.listed:
            printed = str(listed.get((entry.year, entry.code), "no such code"))
            raise _unlike(path, entry, printed, f"{entry.listed}, in {entry.year}")
        if entry.later and listed.get((LATER, entry.code)) != entry.later:
            printed = str(listed.get((LATER, entry.code), "no such code"))
            raise _unlike(path, entry, printed, f"{entry.later}, in {LATER}")
    found = pd.DataFrame([entry.model_dump() for entry in entries])
    found["year"] = found["year"].where(found["code"].notna())
    names = {"code": "school_code", "listed": "listed_as", "year": "listed_in"}
    return found.rename(columns=names).drop(columns="later")


def _lists(table: pd.DataFrame) -> dict[tuple[str, str], str]:
    keys = zip(table["school_year"], table["school_code"], strict=True)
    return dict(zip(keys, table["school"], strict=True))


def _entries(path: Path) -> list[Place]:
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = TypeAdapter(list[Place]).validate_python(read)
    except (yaml.YAMLError, ValidationError) as error:
        raise refusal(
            problem="The register of places can't be read.",
            file=path,
            found=str(error).splitlines()[0],
            expected="a list of entries as its first lines tell",
            advice=_ADVICE,
        ) from error
    names = [entry.place for entry in entries]
    for entry in entries:
        if names.count(entry.place) > 1:
            raise _unlike(path, entry, "two entries", "each place once")
    return entries


def _unlike(path: Path, entry: Place, found: str, expected: str) -> TableError:
    return refusal(
        problem=f'The place "{entry.place}" is not as the lists of schools say.',
        file=path,
        found=f"{entry.code or 'no code'}: {found}",
        expected=expected,
        advice=_ADVICE,
    )


def _actions(read: Sheet, columns: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return what stands in the columns of a date, a place, an action and an address."""
    date, place, action, address = columns
    return pd.DataFrame(
        {
            "effective": read.text(date),
            "by": _by(read, date),
            "place": read.text(place),
            "action": read.word(action, _ACTIONS, "An action is unknown."),
            "printed": read[action],
            "address": read.text(address),
        }
    )


def _by(read: Sheet, column: str) -> pd.Series:
    """Return the June of the school year in which a printed date falls; missing where untold."""
    # What was to be immediate was approved in January 2018.
    printed = read[column].replace("immediately (2018)", "June 2018")
    parts = printed.str.extract(r"^(?:June (?P<year>\d{4})|end of 20\d{2}-(?P<end>\d{2}))$")
    june = parts["year"].fillna("20" + parts["end"]) + "-06"
    expected = "June 2018, end of 2017-18 or 2020"
    odd = june.isna() & ~printed.str.fullmatch(r"\d{4}")
    read.refuse(odd, "A date is none.", column, expected)
    return june


def _check_alike(proposed: Sheet, facts: Sheet) -> None:
    """Refuse a plan whose actions are not those listed among the facts, page by page."""
    plan = proposed.cells
    proposed.once(plan.drop(columns="source"), "action", "action")
    told = facts.cells[facts["topic"].eq(_PROPOSED) & facts["address"].isin(plan["source"])]
    among = [*told[["period", "subject", "value", "address"]].itertuples(index=False, name=None)]
    listed = pd.Series([*plan[[*_COLUMNS]].itertuples(index=False, name=None)], plan.index)
    problem = "An action of the plan is not among the facts."
    expected = "the same action under plan_2017_12_19"
    proposed.refuse(~listed.isin(among), problem, "action", expected)
    for action in among:
        if action not in {*listed}:
            problem = "An action among the facts is not in the plan."
            raise proposed.fault(plan.index[-1], problem, "action", " / ".join(action[:3]))
