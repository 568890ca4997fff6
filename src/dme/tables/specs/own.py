"""The layouts of a district's own files: partners, comments of its community, a plan, buildings.

They are no tables of the project: a study names them, and they are checked as they are read.
"""

from dataclasses import replace

from dme.tables.columns import SCHOOL_CODE, Column, one_of, real, text, whole
from dme.tables.spec import Reference, TableSpec
from dme.tables.specs.partnerships import CODE

SPEAKERS = ("student", "family", "staff", "community", "other", "unknown")
KINDS = ("youth and family", "arts and culture", "college", "business", "other")

_CODES = rf"^\s*(none|{CODE}(\s*;\s*{CODE})*)\s*$"
_CODES_WORDS = "codes in capitals with a semicolon between, such as TL;CC, or the word none"


def _codes(title: str, description: str, *, nullable: bool) -> Column:
    column = text(title, description, unit="codes", pattern=_CODES, nullable=nullable)
    return replace(column, rule=_CODES_WORDS)


_SECOND = (
    "The same by a second coder who did not see the first; blank where only one coded. "
    "Agreement is computed from the rows that both coded."
)
_SCHOOL = replace(
    text(
        "School code",
        "The state's code of the school, leading zero kept; blank where it serves the whole "
        "district. A partner at three schools has three rows.",
        unit="code",
        pattern=SCHOOL_CODE,
        nullable=True,
    ),
    rule="seven digits with the leading zero, such as 0640111 (spreadsheets drop the zero)",
)

INVENTORY = TableSpec(
    name="partner_inventory",
    title="A district's partners",
    description="One row for each partnership at each school.",
    columns={
        "id": text("Id", "Any name or number that occurs once."),
        "partner": text("Partner", "The organization."),
        "school_code": _SCHOOL,
        "kind": one_of("Kind", "What the organization is.", KINDS),
        "purpose": text("Purpose", "What it does there, in a sentence.", unit="words"),
        "students": whole("Students", "Students served in a year.", nullable=True),
        "dollars": real(
            "Dollars", "What the district pays for it in a year.", "dollars", low=0, nullable=True
        ),
        "priorities_1": _codes(
            "First coder",
            "Which of the district's priorities it serves; none where it serves none.",
            nullable=False,
        ),
        "priorities_2": _codes("Second coder", _SECOND, nullable=True),
    },
    key=("id",),
    sources=(),
    references=(Reference(("school_code",), "schools"),),
)

COMMENTS = TableSpec(
    name="comments",
    title="Comments of a district's community",
    description="One row for each comment; take names of people out before.",
    columns={
        "id": text("Id", "Any name or number that occurs once."),
        "date": replace(
            text(
                "Date",
                "When it was made.",
                unit="date",
                pattern=r"^\d{4}-\d\d-\d\d$",
                nullable=True,
            ),
            rule="year, month and day, such as 2017-06-12",
        ),
        "zone": text(
            "Zone", "Zone, neighborhood or school it speaks of; blank where unknown.", nullable=True
        ),
        "speaker": one_of("Speaker", "Who said it.", SPEAKERS),
        "comment": text("Comment", "What was said.", unit="words"),
        "themes_1": _codes("First coder", "Its themes; none where no theme fits.", nullable=False),
        "themes_2": _codes("Second coder", _SECOND, nullable=True),
    },
    key=("id",),
    sources=(),
)

_NAMED_SCHOOL = replace(
    _SCHOOL,
    title="School code",
    description="The state's code of the school; blank where the place is none of the district's.",
)

PLAN_ACTIONS = TableSpec(
    name="plan_actions",
    title="A district's plan",
    description="One row for each thing that a plan does to a school or building.",
    columns={
        "place": text("Place", "School or building, as the plan names it."),
        "school_code": _NAMED_SCHOOL,
        "action": one_of(
            "Action", "What happens to it.", ("close", "reconfigure", "relocate", "open", "other")
        ),
        "by": replace(
            text("By", "June of the school year at whose end it happens.", pattern=r"^\d{4}-06$"),
            rule="a year and June, such as 2026-06",
        ),
        "grades": replace(
            text(
                "Grades",
                "The grade span afterwards, of a school that changes its grades.",
                unit="grades",
                pattern=r"^(PK|K|[1-9]|1[0-2])-(K|[1-9]|1[0-2])$",
                nullable=True,
            ),
            rule="first and last grade, such as PK-5 or 6-8",
        ),
    },
    key=("place", "action"),
    sources=(),
    references=(Reference(("school_code",), "schools"),),
)

BUILDINGS = TableSpec(
    name="buildings",
    title="A district's buildings",
    description="One row for each school: the condition of the building that it is in.",
    columns={
        "school_code": replace(_NAMED_SCHOOL, nullable=False),
        "condition": real(
            "Condition", "How good the building is, on any scale that rises.", "points", low=0
        ),
    },
    key=("school_code",),
    sources=(),
    references=(Reference(("school_code",), "schools"),),
)

OWN = {
    "partner_inventory": INVENTORY,
    "comments": COMMENTS,
    "plan_actions": PLAN_ACTIONS,
    "buildings": BUILDINGS,
}
"""The layouts by the study's parameter that names the file."""
