"""The tables of partners that pages name, and of what was coded for this project."""

from dme.tables.columns import (
    SCHOOL_YEAR,
    Column,
    flag,
    one_of,
    real,
    school_code,
    school_year,
    text,
    whole,
)
from dme.tables.spec import Reference, TableSpec

PARTNERSHIPS, PROGRAMS = "school-partnerships", "partnership-programs"
CODINGS, CODEBOOK = "codings", "codebook"

UNNAMED = "not named"
KINDS = ("youth and family", "arts and culture", "college", "other")
LEAD, NAME = "lead agency", "in the school's name"
ROLES = (LEAD, "program", NAME)
PARTNER, WISH, CHARACTERISTIC = "partner", "wish", "characteristic"
PRIORITIES, THEMES = "priorities", "themes"

CODE = r"[A-Z]{2,6}"
CODES = rf"^(none|{CODE}(;{CODE})*)$"
"""One or several codes with a semicolon between, or the word none."""

_ADDRESS = r"^https?://\S+$"
_WEB = Column("string", "Address", "The page it was read on.", "address", pattern=_ADDRESS)


def codes(title: str, description: str) -> Column:
    """Return a column of codes, several with a semicolon between; missing where not coded."""
    return text(title, description, unit="codes", pattern=CODES, nullable=True)


SCHOOL_PARTNERSHIPS = TableSpec(
    name="school_partnerships",
    title="Partners of Hartford's schools that public pages name",
    description=(
        "Which organizations published pages name as partners of single schools: a row for each "
        "school, organization and page, typed by hand. No inventory is public, and this is none: "
        "it holds what a search of stored pages brought up, mostly their beginnings alone, so a "
        "school without a row may well have partners. A community school has a lead agency; "
        "where the page does not say which, the partner is 'not named'. Four colleges stand in "
        "the name of their school. Rows without years come from a page without a date. Each "
        "code was compared with the school's name in EdSight's list of the year beside it."
    ),
    columns={
        "school_code": school_code(),
        "printed": text("Printed", "The school's name on the page."),
        "listed_as": text("Listed as", "The school's name in EdSight's list."),
        "listed_in": school_year("School year of that list."),
        "partner": text("Partner", "The organization; 'not named' where the page does not say."),
        "kind": one_of(
            "Kind",
            "youth and family: it works with children and families; arts and culture; college; "
            "other (churches' charities, other schools).",
            KINDS,
        ),
        "role": one_of(
            "Role",
            "lead agency: it runs a community school with the principal; program: anything else "
            "at the school; in the school's name.",
            ROLES,
        ),
        "program": text(
            "Program", "The program, where it has a row of its own.", unit="words", nullable=True
        ),
        "first_year": text(
            "First year",
            "First school year that the page speaks of.",
            unit="school year",
            pattern=SCHOOL_YEAR,
            nullable=True,
        ),
        "last_year": text(
            "Last year",
            "Last school year that the page speaks of.",
            unit="school year",
            pattern=SCHOOL_YEAR,
            nullable=True,
        ),
        "dollars": real("Dollars", "A grant for it, as printed.", "dollars", low=0, nullable=True),
        "address": _WEB,
        "read": one_of(
            "Read",
            "whole; beginning: no more of the page could be read; name: only the school's name.",
            ("whole", "beginning", "name"),
        ),
        "doubtful": flag("Doubtful", "Another reading is possible."),
        "note": text("Note", "What else to know, in our words.", unit="words"),
    },
    key=("school_code", "partner", "address"),
    sources=(PARTNERSHIPS,),
    references=(Reference(("school_code",), "schools"),),
)

PARTNERSHIP_PROGRAMS = TableSpec(
    name="partnership_programs",
    title="Partnership programs in Hartford's schools, in numbers",
    description=(
        "How many organizations, schools, students and dollars published pages give for whole "
        "programs of partnership, typed by hand from the pages' beginnings. Figures printed as "
        "'more than' or 'about' stand as their number; the note says so. Programs overlap in "
        "schools, students and money: nothing here may be added up."
    ),
    columns={
        "program": text("Program", "Its name."),
        "period": text("Period", "When, as the page tells.", unit="words"),
        "organizations": whole("Organizations", "That take part.", "organizations", nullable=True),
        "schools": whole("Schools", "Where it works.", "schools", nullable=True),
        "partnerships": whole("Partnerships", "As printed.", "partnerships", nullable=True),
        "students": whole("Students", "Whom it serves.", nullable=True),
        "dollars": real("Dollars", "As printed.", "dollars", low=0, nullable=True),
        "address": _WEB,
        "note": text("Note", "What else to know, in our words.", unit="words"),
    },
    key=("program", "period"),
    sources=(PROGRAMS,),
)

CODINGS_TABLE = TableSpec(
    name="codings",
    title="What was coded for this project: partners and wishes by priority",
    description=(
        "Which of the district's four priority areas each partner serves, each wish of the "
        "community calls for, and each characteristic of a good school that participants "
        "weighed on 12 June 2017 belongs to (11 of 15 could be read), by the codebook. Coded "
        "once, by the project: the second coder's column is empty, so no agreement can be "
        "computed. A partner is coded by what a page says it does; where none says, the code is "
        "missing. Pages praise what they tell of, and tell of few."
    ),
    columns={
        "kind": one_of("Kind", "What is coded.", (PARTNER, WISH, CHARACTERISTIC)),
        "position": whole("Position", "Place in its list.", "place", low=1),
        "subject": text("Subject", "The partner, wish or characteristic."),
        "statement": text("Statement", "What the page says of it, in our words.", unit="words"),
        "priorities_1": codes("First coding", "Codes of the scheme priorities."),
        "priorities_2": codes("Second coding", "The same by another coder."),
        "address": _WEB,
    },
    key=("kind", "position"),
    sources=(CODINGS,),
)

CODEBOOK_TABLE = TableSpec(
    name="codebook",
    title="The codes of priorities and themes, with their rules",
    description=(
        "What each code means, what falls under it and what does not. priorities are the four "
        "areas that the study names, defined here, as the study does not define them; themes "
        "are the six wishes of the community that it names, for coding comments."
    ),
    columns={
        "scheme": one_of("Scheme", "Which codes.", (PRIORITIES, THEMES)),
        "code": text("Code", "Short name.", unit="code", pattern=rf"^{CODE}$"),
        "label": text("Label", "Name in full."),
        "definition": text("Definition", "What it is.", unit="words"),
        "include": text("Include", "What falls under it.", unit="words"),
        "exclude": text("Exclude", "What does not.", unit="words"),
        "address": _WEB,
    },
    key=("scheme", "code"),
    sources=(CODEBOOK,),
)

TABLES = (SCHOOL_PARTNERSHIPS, PARTNERSHIP_PROGRAMS, CODINGS_TABLE, CODEBOOK_TABLE)
