"""The plan of 2018 to 2020 as typed from published pages, and the register of its places."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dme.tables.columns import SCHOOL_CODE, SCHOOL_YEAR
from dme.tables.importers import rows
from dme.tables.importers.rows import Row
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

Action = tuple[str, str, str | None, str, str, str, str]


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


def actions(plan: Path, facts: tuple[Row, ...]) -> pd.DataFrame:
    """Read the actions of the proposal, and those of the approval among the facts.

    Returns
    -------
    pandas.DataFrame
        ``version``, ``effective``, ``by``, ``place``, ``action``, ``printed``, ``address``. An
        entry of two actions, or of two schools, makes two rows.

    Raises
    ------
    TableError
        If a column is missing, an action or a date is unknown, an action stands twice, or the
        two files differ about the proposal.
    """
    proposed = list(rows.table(plan, _COLUMNS))
    _check_alike(proposed, facts)
    found = [action for row in proposed for action in _proposed(row)]
    approved = [
        row for row in facts if row.text("topic") == _APPROVED and row.text("unit") == "action"
    ]
    found += [action for row in approved for action in _approved(row)]
    columns = ["version", "effective", "by", "place", "action", "printed", "address"]
    return pd.DataFrame(found, columns=columns)


def places(path: Path, enrollment: pd.DataFrame, spending: pd.DataFrame) -> pd.DataFrame:
    """Read the register of places, each school compared with the state's lists.

    Parameters
    ----------
    path : Path
        The register.
    enrollment, spending : pandas.DataFrame
        Tables with ``school_year``, ``school_code``, ``school``.

    Returns
    -------
    pandas.DataFrame
        ``place``, ``kind``, ``school_code``, ``listed_as``, ``listed_in``, ``evidence``,
        ``doubtful``.

    Raises
    ------
    TableError
        If an entry is not complete, a place stands twice, or a code does not stand in the
        lists under the names that the entry gives.
    """
    entries = _entries(path)
    listed, later = _lists(enrollment), _lists(spending)
    for entry in entries:
        if (entry.code is None) != (entry.listed is None):
            raise _unlike(path, entry, "a code or a name alone", "both, or none")
        if entry.listed and listed.get((entry.year, entry.code)) != entry.listed:
            printed = str(listed.get((entry.year, entry.code), "no such code"))
            raise _unlike(path, entry, printed, f"{entry.listed}, in {entry.year}")
        if entry.later and later.get((LATER, entry.code)) != entry.later:
            printed = str(later.get((LATER, entry.code), "no such code"))
            raise _unlike(path, entry, printed, f"{entry.later}, in {LATER}")
    return pd.DataFrame(
        {
            "place": [entry.place for entry in entries],
            "kind": [entry.kind for entry in entries],
            "school_code": [entry.code for entry in entries],
            "listed_as": [entry.listed for entry in entries],
            "listed_in": [entry.year if entry.code else None for entry in entries],
            "evidence": [entry.evidence for entry in entries],
            "doubtful": [entry.doubtful for entry in entries],
        }
    )


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


def _proposed(row: Row) -> Iterator[Action]:
    place, printed = row.text("school_or_building"), row.text("action")
    for action in _of(row, "action"):
        effective = row.text("effective")
        by = _by(row, "effective")
        yield PROPOSAL, effective, by, place, action, printed, row.text("source")


def _approved(row: Row) -> Iterator[Action]:
    effective, printed = row.text("period"), row.text("value")
    for place in row.text("subject").split(" and "):
        for action in _of(row, "value"):
            by = _by(row, "period")
            yield APPROVAL, effective, by, place, action, printed, row.text("address")


def _of(row: Row, column: str) -> tuple[str, ...]:
    printed = row.text(column)
    if printed not in _ACTIONS:
        raise row.refuse(
            problem="An action is unknown.", column=column, expected=", ".join(_ACTIONS)
        )
    return _ACTIONS[printed]


def _by(row: Row, column: str) -> str | None:
    """Return the June of the school year in which a printed date falls; None where untold."""
    printed = row.text(column)
    if match := re.fullmatch(r"June (\d{4})", printed):
        return f"{match[1]}-06"
    if match := re.fullmatch(r"end of (20)\d{2}-(\d{2})", printed):
        return f"{match[1]}{match[2]}-06"
    if printed == "immediately (2018)":
        # Approved in January 2018.
        return "2018-06"
    if re.fullmatch(r"\d{4}", printed):
        return None
    raise row.refuse(
        problem="A date is none.", column=column, expected="June 2018, end of 2017-18 or 2020"
    )


def _check_alike(proposed: list[Row], facts: tuple[Row, ...]) -> None:
    """Refuse a plan whose actions are not those listed among the facts, page by page."""
    rows.once(
        ((row, " / ".join(row.text(column) for column in _COLUMNS[:3])) for row in proposed),
        "action",
        "action",
    )
    pages = {row.text("source") for row in proposed}
    among = {
        tuple(row.text(column) for column in ("period", "subject", "value", "address"))
        for row in facts
        if row.text("topic") == _PROPOSED and row.text("address") in pages
    }
    for row in proposed:
        told = tuple(row.text(column) for column in _COLUMNS)
        if told not in among:
            raise row.refuse(
                problem="An action of the plan is not among the facts.",
                column="action",
                expected="the same action under plan_2017_12_19",
            )
        among.remove(told)
    for told in among:
        raise proposed[-1].refuse(
            problem="An action among the facts is not in the plan.",
            column="action",
            expected=" / ".join(told[:3]),
        )
