"""The columns that several tables of results share, and what is told of them."""

from dme.tables.columns import Column, one_of, percent, real, whole

WITHHELD = (
    "What EdSight withholds (printed *) is missing, never zero, and its row stays. It withholds "
    "counts of 1 to 5, and others from which those could be worked out, so that a missing count "
    "may be large"
)
HIGH_NEEDS = (
    "High needs: eligible for free or reduced lunch, learning English, or with a disability. "
)

KINDS = ("all", "high_needs", "race")
NEEDS = ("all", "high_needs", "not_high_needs")
RACES = (
    "american_indian",
    "asian",
    "black",
    "hispanic",
    "pacific_islander",
    "two_or_more",
    "white",
)


def grade_or_all(grades: tuple[str, ...]) -> Column:
    """Return a column of grades, and of all grades together."""
    return one_of("Grade", "A grade, or all grades together.", ("all", *grades), unit="grade")


def subject() -> Column:
    """Return the column of the two subjects."""
    return one_of("Subject", "ELA: English language arts; Math.", ("ELA", "Math"))


def by_need() -> Column:
    """Return the column of groups by need."""
    return one_of("Group", "All students, or those with or without high needs.", NEEDS)


def count(title: str, description: str) -> Column:
    """Return a column of counts that may be withheld."""
    return whole(title, f"{description}; missing where withheld.", nullable=True)


def levels() -> dict[str, Column]:
    """Return the columns of counts by level of achievement."""
    names = ("did not meet", "approached", "met", "exceeded")
    return {
        f"level_{level}": count(
            f"Level {level}", f"Students of those scored who {name} the state's standard"
        )
        for level, name in enumerate(names, start=1)
    } | {"level_3_4": count("Levels 3 and 4", "Students who met or exceeded the standard")}


def test_columns() -> dict[str, Column]:
    """Return the columns of Smarter Balanced results."""
    return {
        "students": count("Students", "Students who should be tested"),
        "tested": count("Tested", "Students tested"),
        "scored": count("Scored", "Students with a scored test"),
        **levels(),
        "average_score": whole(
            "Average score",
            "Average vertical scale score; printed for single grades with 20 or more scored.",
            "scale points",
            low=2000,
            high=3000,
            nullable=True,
        ),
    }


def growth_columns() -> dict[str, Column]:
    """Return the columns of the growth report."""

    def score(title: str, description: str) -> Column:
        return whole(
            title,
            f"{description}; printed for single grades with 20 or more matched.",
            "scale points",
            low=2000,
            high=3000,
            nullable=True,
        )

    return {
        "students": count("Students matched", "Students with scores of this and the last spring"),
        "growth_rate_percent": percent(
            "Growth rate",
            "Students matched who reached their own growth target, of all matched; missing "
            "where withheld.",
        ),
        "target_achieved_percent": percent(
            "Target achieved",
            "Average share of their growth target that the students matched achieved; missing "
            "where withheld. EdSight prints no average above 100.0.",
        ),
        "average_score_before": score("Average score before", "Average score of the last spring"),
        "average_score": score("Average score", "Average score of this spring, a grade higher"),
        "average_gain": whole(
            "Average gain",
            "As printed; being rounded by itself, it misses the difference of the two averages "
            "by a point in a quarter of the rows.",
            "scale points",
            low=-500,
            high=500,
            nullable=True,
        ),
    }


def accountability_columns() -> dict[str, Column]:
    """Return the columns of the accountability system that schools and districts share."""

    def points(title: str, description: str) -> Column:
        return real(title, description, "index points", low=0, high=100, nullable=True)

    return {
        "accountability_index": points("Index", "Points earned, in percent of those possible."),
        "ela_index": points("Index of ELA", "Indicator 1, all students."),
        "math_index": points("Index of Math", "Indicator 1, all students."),
        "ela_target_achieved_percent": percent(
            "Target achieved, ELA",
            "Indicator 2, all students: average share of the growth target achieved (the table "
            "says rate; it is not the growth rate of the growth report).",
        ),
        "math_target_achieved_percent": percent(
            "Target achieved, Math", "The same in Math, all students."
        ),
        "ela_target_achieved_high_needs_percent": percent(
            "Target achieved, ELA, high needs", "The same in ELA, students with high needs."
        ),
        "math_target_achieved_high_needs_percent": percent(
            "Target achieved, Math, high needs", "The same in Math, students with high needs."
        ),
        "chronic_absence_percent": percent(
            "Chronic absence", "Indicator 4: students who missed a tenth of the days or more."
        ),
        "chronic_absence_high_needs_percent": percent(
            "Chronic absence, high needs", "The same, students with high needs."
        ),
        "on_track_percent": percent(
            "On track in grade 9",
            "Indicator 7. Also printed for schools that end with grade 8.",
        ),
        "graduation_percent": percent("Graduation within four years", "Indicator 8, all students."),
        "arts_percent": percent("Arts", "Indicator 12: students who take a course in the arts."),
    }
