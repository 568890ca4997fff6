"""The tables of staff, by school and by district, as the state prints it."""

from dme.tables.columns import (
    Column,
    district_code,
    one_of,
    percent,
    real,
    school_code,
    school_year,
)
from dme.tables.spec import Reference, TableSpec
from dme.tables.specs.enrollment import GRADE_FILES, YEARS
from dme.text import school_year as year_of

DISTRICT_YEARS = tuple(year_of(start) for start in range(2001, 2016))
QUALIFICATION_YEARS = ("2013-14", "2014-15", "2015-16")

_QUALIFICATION_FILES = tuple(
    f"edsight-educator-qualifications-{year}" for year in QUALIFICATION_YEARS
)
_DISTRICT_NAMES = tuple(f"edsight-district-totals-{year}" for year in YEARS)

# Years of which the file of all categories is lost, and the categories that have a file.
_ONE_EACH: dict[str, tuple[str, ...]] = {
    "2003-04": ("administrators",),
    "2005-06": ("administrators", "counselors", "teachers", "special_education_teachers"),
    "2006-07": ("teachers",),
    "2011-12": ("counselors", "special_education_teachers"),
}


def _files(year: str) -> tuple[tuple[str, str | None], ...]:
    """Return a year's files by school: the source, and its one category or None for all."""
    if year not in _ONE_EACH:
        return ((f"edsight-school-staff-{year}", None),)
    return tuple(
        (f"edsight-school-staff-{category.replace('_', '-')}-{year}", category)
        for category in _ONE_EACH[year]
    )


SCHOOL_FILES = {year: _files(year) for year in DISTRICT_YEARS[1:]}


def _staff(title: str, who: str) -> Column:
    return real(title, who, "full-time equivalents", low=0, nullable=True)


_CERTIFIED = {
    "teachers": _staff("Teachers", "Teachers and instructors of general education."),
    "special_education_teachers": _staff(
        "Special education teachers", "Teachers and instructors of special education."
    ),
    "administrators": _staff(
        "Administrators", "Administrators, coordinators and department chairs in schools."
    ),
}
_CENTRAL = {
    "central_administrators": _staff(
        "Central administrators",
        "Administrators, coordinators and department chairs in the central office.",
    ),
}
_OTHERS = {
    "counselors": _staff("Counselors", "Counselors, social workers and school psychologists."),
    "instructional_specialists": _staff(
        "Instructional specialists", "Instructional specialists who support teachers."
    ),
    "librarians": _staff("Librarians", "Certified specialists of library and media."),
    "library_support": _staff("Library support", "Support staff of library and media."),
    "paraprofessionals": _staff(
        "Paraprofessionals", "Instructional assistants in general education."
    ),
    "special_education_paraprofessionals": _staff(
        "Special education paraprofessionals", "Instructional assistants in special education."
    ),
    "nurses": _staff("Nurses", "School nurses."),
    "other_staff": _staff(
        "Other staff", "Other staff of non-instructional services, certified or not."
    ),
}

_CODE_FROM = one_of(
    "Code from",
    "Whether the name stands in EdSight's files of the same year, or of the nearest other one.",
    ("same year", "other year"),
)
_ZERO = (
    "Zero and unknown differ. For certified staff (teachers, special_education_teachers, "
    "administrators, counselors, instructional_specialists, librarians{central}) EdSight prints "
    "no line where there is none, and hardly ever a 0: a certified category without a line is "
    "read as 0 here if another certified category has one{check}, and is missing if none has. "
    "The non-certified staff (library_support, paraprofessionals, "
    "special_education_paraprofessionals, nurses) comes as a block, often of zeros: where the "
    "block is left out it is missing, which is unknown and not nobody; so is other_staff, which "
    "is both kinds together. "
)
_OUTLIERS = (
    "Figures stand as printed, with some that can't be: {outliers}. Check non-certified staff "
    "before a mean: a jump between years may be one of reporting alone. "
)

SCHOOL_STAFF = TableSpec(
    name="school_staff",
    title="Staff by school",
    description=(
        "Full-time-equivalent staff by category in every school of Connecticut, 2002-03 to "
        "2015-16. Of four years the file of all categories is lost, and only some categories "
        "have a file: administrators 2003-04; administrators, counselors, teachers and "
        "special_education_teachers 2005-06; teachers 2006-07; counselors and "
        "special_education_teachers 2011-12. Everything else is missing in those years. "
        + _ZERO.format(
            central="",
            check=(
                " (in every district and year in which a school lacks administrators, the "
                "other schools already add up to the district's)"
            ),
        )
        + "The files print names and no codes: codes were looked up by district and school in "
        "EdSight's enrollment files, or else in its report of qualifications, in the same year "
        "or else the nearest other; names were compared letter by letter but for double blanks. "
        "Without a code, and left out, are 23 names in 2002-03 (1.0% of the staff), 20 in "
        "2003-04 (1.1%), 26 in 2004-05 (1.0%), 20 in 2005-06 (0.7%), 12 in 2006-07 (0.3%), at "
        "most 9 a year from 2007-08 to 2013-14, and 39 and 38 in 2014-15 and 2015-16 (0.1%): "
        "schools that closed before 2007-08, so that the first years lack some that closed; "
        "later part-time programs, adult education and private schools. "
        "In five places EdSight prints a second line for one name and category (three New Haven "
        "schools, which have an old and a new code, and one of Hartford's); the lines are added "
        "up. "
        + _OUTLIERS.format(
            outliers=(
                "100 nurses in Burr School 2002-03, Smalley Academy and Goshen Center School "
                "2015-16, 783.9 special education paraprofessionals in Kendall Elementary School "
                "2015-16, 100 library staff in Fawn Hollow Elementary School 2004-05, 1,025 "
                "others in Achievement First Hartford 2012-13; and Hartford's special education "
                "paraprofessionals of 2008-09 are printed 0 in every school"
            )
        )
        + "Staff that serves many schools may be counted in the district alone, and the rows "
        "differ from those of enrollment: some offices and part-time programs have staff and no "
        "pupils."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "code_from": _CODE_FROM,
        **_CERTIFIED,
        **_OTHERS,
    },
    key=("school_year", "school_code"),
    sources=(
        *(source for files in SCHOOL_FILES.values() for source, _ in files),
        *_QUALIFICATION_FILES,
        *GRADE_FILES,
    ),
    computed=True,
    references=(Reference(("school_code",), "schools"),),
)

DISTRICT_STAFF = TableSpec(
    name="district_staff",
    title="Staff by district",
    description=(
        "Full-time-equivalent staff by category in every district, charter and state agency of "
        "Connecticut, 2001-02 to 2015-16; no total of the state is printed. 2001-02 has no "
        "certified staff at all, and its other_staff leaves out the certified part that later "
        "years include. "
        + _ZERO.format(central=", central_administrators", check="")
        + "A district's staff is at least the sum of its schools' in every category and year: "
        "what serves no single school is counted here alone. The files print names and no "
        "codes: codes were looked up in EdSight's enrollment files by the district's name. "
        "Seven have none there and are left out (in parentheses the years): Highville Mustard "
        "Seed Charter School (2001-02 to 2006-07), Cross Cultural Academy (2006-07), Office of "
        "Early Childhood (2001-02 to 2013-14), Project Oceanology (eleven), Department of Social "
        "Services (six), Shared Services (seven) and Department of Rehabilitation Services "
        "(two), together at most 0.4% of a year's staff. "
        + _OUTLIERS.format(
            outliers=(
                "999 nurses in Jumoke Academy 2006-07, 135 in Hartford 2002-03, 122 in New "
                "Britain and 102 in Regional School District 06 2015-16, 105 and 103 library "
                "staff in Monroe 2004-05 and 2005-06 and Ansonia 2006-07, and 0 special "
                "education paraprofessionals in Hartford 2008-09"
            )
        ).strip()
    ),
    columns={
        "school_year": school_year(),
        "district_code": district_code(),
        "code_from": _CODE_FROM,
        **_CERTIFIED,
        **_CENTRAL,
        **_OTHERS,
    },
    key=("school_year", "district_code"),
    sources=(*(f"edsight-district-staff-{year}" for year in DISTRICT_YEARS), *_DISTRICT_NAMES),
    computed=True,
    references=(Reference(("district_code",), "districts"),),
)

QUALIFICATIONS = TableSpec(
    name="educator_qualifications",
    title="Classes taught by highly qualified teachers, by school",
    description=(
        "Percent of classes in core academic subjects whose teacher is fully certified for the "
        "subject and grade, as federal law then asked, 2013-14 to 2015-16. About four schools "
        "in five print 100, so the figure tells little apart, and it is a share of classes, "
        "with no count of them. Rows include programs and offices that enroll nobody (Other, "
        "codes that end in 9911 or 9912). The quartile of poverty is the state's: high and "
        "low are its outer quartiles, middle is the two between. Nothing is suppressed."
    ),
    columns={
        "school_year": school_year(),
        "school_code": school_code(),
        "poverty_quartile": one_of(
            "Quartile of poverty",
            "high: the poorest quarter of schools; low: the least poor; middle: the others.",
            ("low", "middle", "high"),
        ),
        "percent_highly_qualified": percent(
            "Highly qualified",
            "Core classes taught by a highly qualified teacher, as printed.",
            nullable=False,
        ),
    },
    key=("school_year", "school_code"),
    sources=_QUALIFICATION_FILES,
    references=(Reference(("school_code",), "schools"),),
)

TABLES = (SCHOOL_STAFF, DISTRICT_STAFF, QUALIFICATIONS)
