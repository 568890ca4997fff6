"""The tables of published facts about Hartford's schools, and of the plan of 2018 to 2020."""

from dme.tables.columns import GRADES, Column, flag, one_of, real, school_code, text, whole
from dme.tables.spec import Reference, TableSpec

PLAN, FACTS = "hartford-plan-actions-2018-2020", "hartford-published-facts"
REGISTER, CLASS_SIZES = "plan-places-register", "class-size-maxima"
# The list of schools that a place is looked up in, unless the register names another year, and
# the later list that some names come from.
LISTED, LATER = "2016-17", "2017-18"

PROPOSAL, APPROVAL = "proposal 2017-12", "approval 2018-01"
ACTIONS = ("close", "reconfigure", "relocate", "open", "other")
KINDS = ("school", "part of a school", "building", "office", "unknown")
BUS_RULES = ("older", "standing", "winter 2020")

_ADDRESS = r"^https?://\S+$"
_OF_A_SCHOOL = Reference(("school_code",), "schools")


def _address() -> Column:
    return text("Address", "The page it was read on.", unit="address", pattern=_ADDRESS)


PUBLISHED_FACTS = TableSpec(
    name="published_facts",
    title="Published facts about Hartford's schools",
    description=(
        "Figures and events read in published pages (documents of the district and its board, "
        "newspapers, a civic group, the study's authors), each with its address, typed by "
        "hand. They are what somebody printed and are not checked: pages disagree (ten "
        "buildings to close, or a dozen), some are opinion pieces, of some only a part could be "
        "read, and periods are as vague as the page. A value that is no single number (a range, "
        "a bound such as >20, two numbers, a word) stands in value alone and has no number. "
        "The case study's claims (topic case_study) are listed with their rules of verdict in "
        "claims.yml."
    ),
    columns={
        "topic": text("Topic", "What it is about.", unit="category"),
        "subject": text("Subject", "What is stated, in our words.", unit="words"),
        "period": text("Period", "When it holds, as the page tells.", unit="words"),
        "value": text(
            "Value",
            "As printed; missing where the subject says all.",
            unit="words",
            nullable=True,
        ),
        "number": real(
            "Number",
            "The value, where it is one single number.",
            "as the column unit says",
            low=-1_000_000,
            nullable=True,
        ),
        "unit": text("Unit", "What the value counts.", unit="words"),
        "address": _address(),
        "note": text("Note", "What else to know, in our words.", unit="words", nullable=True),
    },
    key=("topic", "subject", "period"),
    sources=(FACTS,),
)

PLAN_PLACES = TableSpec(
    name="plan_places",
    title="The places that the plan and the facts name",
    description=(
        "Which school of the state's register each place is that plan_actions and "
        "published_facts name, a register made by hand. A place that is a building, an office "
        "or can't be told has no code. The code and name of each school were compared by eye "
        "with EdSight's list of 2016-17 (2015-16 for Clark School), and with the names of its "
        "spending report of 2017-18 where those say more; the build refuses an entry that does "
        "not stand there. Programs that have a code of their own inside a school are not part of "
        "it here, though some facts count them in. Names in the facts' notes are left out."
    ),
    columns={
        "place": text("Place", "The name as printed."),
        "kind": one_of(
            "Kind",
            "school; part of a school: some grades of it; building; office; unknown: a school "
            "that can't be told, or did not exist yet.",
            KINDS,
        ),
        "school_code": school_code(
            "The state's code; missing where the place is no one known school.", nullable=True
        ),
        "listed_as": text("Listed as", "The school's name in EdSight's list.", nullable=True),
        "listed_in": text(
            "Listed in",
            "School year of that list.",
            unit="school year",
            pattern=r"^\d{4}-\d{2}$",
            nullable=True,
        ),
        "evidence": text("Evidence", "Why it is this school, or none.", unit="words"),
        "doubtful": flag("Doubtful", "Another reading is possible."),
    },
    key=("place",),
    sources=(
        REGISTER,
        PLAN,
        FACTS,
        "edsight-school-grades-2015-16",
        "edsight-school-grades-2016-17",
        "edsight-school-spending-2017-18",
    ),
    computed=True,
    references=(_OF_A_SCHOOL,),
)

PLAN_ACTIONS = TableSpec(
    name="plan_actions",
    title="What the plan of 2018 to 2020 does, and when",
    description=(
        "The dated actions of the district's restructuring plan, a row for each action on each "
        "school or building. The proposal of 19 December 2017 is whole, as a broadcaster "
        "listed it (31 entries; two that both reconfigure and relocate make two rows each). Of "
        "the approval of 23 January 2018 only what the pages say is here: the approved plan's "
        "table is not public, so that an action has no row of the approval does NOT mean that "
        "it was dropped. The versions disagree on Capital Community College Magnet Academy "
        "(closes in June 2019; is phased out by the end of 2019-20), and both stand. The "
        "proposal prints High School, Inc. twice, for 2018 and for 2019, and MLK in 2018 and "
        "MLK Middle in 2020, one school: rows are actions, not schools. Other pages name "
        "buildings that close; they stand in published_facts alone."
    ),
    columns={
        "version": one_of(
            "Version",
            "The superintendent's proposal, or what the board approved.",
            (PROPOSAL, APPROVAL),
        ),
        "effective": text("Effective", "When, as printed.", unit="words"),
        "by": text(
            "By",
            "June of the school year at whose end, or in which, it takes effect; missing where "
            "only a calendar year is printed.",
            unit="month",
            pattern=r"^\d{4}-06$",
            nullable=True,
        ),
        "place": text("Place", "School or building, as printed."),
        "action": one_of(
            "Action",
            "close (also phase out), reconfigure (change grades), relocate, open, or other.",
            ACTIONS,
        ),
        "printed": text("Printed", "The action as printed.", unit="words"),
        "school_code": school_code(
            "The school's code, from plan_places; missing where the place is no one known school.",
            nullable=True,
        ),
        "code_doubtful": flag("Code doubtful", "Whether plan_places calls the place doubtful."),
        "address": _address(),
    },
    key=("version", "effective", "place", "action"),
    sources=(PLAN, FACTS),
    computed=True,
    references=(Reference(("place",), "plan_places"), _OF_A_SCHOOL),
)

BUS = TableSpec(
    name="bus_rules",
    title="How far from school a bus takes students",
    description=(
        "From what walking distance the district gave a bus, by grades. older: about 2009 to "
        "2012; standing: about 2013 to 2018; winter 2020: an extension for some weeks, which "
        "took in middle-school students (6 to 8) from 1 mile and high-school students (9 to 12) "
        "from 1.5, and left the younger as they were. The pages are undated, so the "
        "periods are rough. Elementary students had no bus to a school outside their zone, but "
        "for schools listed on the page; the older rule gave none outside the zone below high "
        "school."
    ),
    columns={
        "rule": one_of("Rule", "Which of three rules.", BUS_RULES),
        "period": text("Period", "When it held, as far as is known.", unit="words"),
        "low_grade": one_of("Lowest grade", "K or 1 to 12.", GRADES, unit="grade"),
        "high_grade": one_of("Highest grade", "K or 1 to 12.", GRADES, unit="grade"),
        "miles": real("Distance", "Shortest distance with a bus.", "miles", low=0, high=10),
        "address": _address(),
    },
    key=("rule", "low_grade"),
    sources=(FACTS,),
)

CLASS_SIZE_MAXIMA = TableSpec(
    name="class_size_maxima",
    title="Largest classes allowed in Hartford",
    description=(
        "The largest class of each grade under Hartford's agreements with its teachers, in two "
        "editions that differ in prekindergarten and grade 7. The edition contract 2017-2019 is "
        "Article X of the agreement of July 2017 to June 2019 as quoted to this project, which "
        "could not open the article itself: read is false. The edition union page is what the "
        "Hartford Federation of Teachers' page on class size says, undated: read is true."
    ),
    columns={
        "edition": one_of("Edition", "Which agreement.", ("contract 2017-2019", "union page")),
        "grade": one_of("Grade", "PK, K or 1 to 12.", GRADES, unit="grade"),
        "students": whole("Largest class", "Students in a class at most.", low=1, high=60),
        "address": text("Address", "Where it stands.", unit="address"),
        "read": flag("Read", "Whether the page that states the figure was itself read."),
    },
    key=("edition", "grade"),
    sources=(CLASS_SIZES,),
)

TABLES = (PUBLISHED_FACTS, PLAN_PLACES, PLAN_ACTIONS, BUS, CLASS_SIZE_MAXIMA)
