"""What the page shows of each district, and in which words."""

from dataclasses import dataclass

TEACHERS = "students-per-teacher"
"""Made of two findings: the students of the teachers' year over the teachers."""


@dataclass(frozen=True)
class Shown:
    """A figure of each district.

    Attributes
    ----------
    finding : str
        Its name in the table of findings.
    head, unit : str
        Over its column; as `dme.text.quantity` takes it.
    year : str
        Of what time it is, with the parameters' names for years.
    against : bool
        Whether it is held against the peers by itself, so that theirs says nothing.
    """

    finding: str
    head: str
    unit: str
    year: str
    against: bool = False


@dataclass(frozen=True)
class Headline:
    """A figure with a section of its own: what is asked, and what the answer is and is not."""

    shown: Shown
    asked: str
    about: str
    ends: tuple[str, str]


SIZE = Shown("school-size", "Size of its schools", "percent smaller", "{size_year}", against=True)
SMALL = Shown("share-small-since", "Small schools", "percent of schools", "{size_year}")
TREND = Shown(
    "enrollment-trend",
    "Enrollment",
    "percent more a year|fewer a year",
    "{trend_start} to {enrollment_year}",
)
PER_TEACHER = Shown(TEACHERS, "Students to a teacher", "students to a teacher", "{staff_year}")
ABSENCE = Shown(
    "chronic-absenteeism", "Chronically absent", "percent of students", "{enrollment_year}"
)
PREMIUM = Shown(
    "small-school-premium", "Cost of small schools", "percent more per pupil", "{spending_year}"
)

HEADLINES = (
    Headline(
        SIZE,
        "Are its schools smaller than those of its peers?",
        "The mean size of a district's schools, held against the mean of its peers' schools; a "
        "school is a row of the state's file with {smallest_school} students or more. A small town "
        "with one school for all grades has a larger school than a peer that parts the same "
        "children among three, and a region that has high schools alone has larger ones than peers "
        "with elementary schools too; each district's figures below hold the size at like grades. "
        "How students are spread over schools does not say whether that serves them.",
        ("larger than its peers'", "smaller than its peers'"),
    ),
    Headline(
        SMALL,
        "How many of its schools are small?",
        "The share of its schools with fewer than {small_school} students, the line that the study "
        "of Hartford drew. In a district of one school it is nothing or all.",
        ("no small school", "all are small"),
    ),
    Headline(
        TREND,
        "Is enrollment falling?",
        "The trend of the students in its schools over {trend_start} to {enrollment_year}, in "
        "percent a year. It says what happened, and nothing of why: births, moves, housing and "
        "choice of other schools all count.",
        ("falling", "growing"),
    ),
    Headline(
        PER_TEACHER,
        "How many students are there to a teacher?",
        "The students of {staff_year} over the full-time equivalents of classroom teachers, those "
        "of special education among them. It is no class size: teachers of art or of "
        "special education have no class of their own. The district's students include those whom "
        "it sends to schools elsewhere, so a town without a high school of its own seems to have "
        "more to a teacher. A record of teachers that more than halves or doubles within a "
        "year is in error, and left out.",
        ("fewer students to a teacher", "more"),
    ),
    Headline(
        ABSENCE,
        "How many students are chronically absent?",
        "The share who missed at least a tenth of their days, for whatever reason, in "
        "{enrollment_year} or the last year before it for which the state prints the district. "
        "It was before the pandemic, and has changed much since.",
        ("fewer", "more"),
    ),
    Headline(
        PREMIUM,
        "Do small schools cost more per pupil?",
        "What the schools with fewer than {small_school} students spend per pupil, against the "
        "others of the same district, {spending_year}. Where the tables hold no spending by "
        "school, nothing can be said: of Connecticut they hold it for ten cities alone. A district "
        "with small schools alone, or none, has nothing to compare.",
        ("small schools cost less", "small schools cost more"),
    ),
)
MORE = (
    Shown(
        "school-size-like-levels",
        "Size of its schools at like grades",
        "percent smaller",
        "{size_year}",
        against=True,
    ),
    Shown("mean-size-since", "Mean size of a school", "students", "{size_year}"),
    Shown(
        "chronic-absenteeism-trend",
        "Chronic absenteeism over the years",
        "points more a year|less a year",
        "up to {enrollment_year}",
    ),
    Shown("suspension", "Suspended at least once", "percent of students", "{enrollment_year}"),
)
"""Shown with the district alone."""
EVERY = (*(one.shown for one in HEADLINES), *MORE)
