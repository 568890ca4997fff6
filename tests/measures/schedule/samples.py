"""Small schools to schedule."""

from dme.measures.schedule.wish import Rules, Section, Team, Wish, wish

LETTERS = "ABCDEFGH"


def team(grade: str, sections: int, kind="homeroom") -> Team:
    classes = tuple(Section(f"{grade}{LETTERS[n]}", grade, 20, 25) for n in range(sections))
    return Team(f"Grade {grade}", kind, classes)


def school(homeroom=(), subject=(), rules: Rules | None = None) -> Wish:
    """Return a school whose grades have the given numbers of sections."""
    teams = [team(str(n + 1), count) for n, count in enumerate(homeroom)]
    teams += [team(str(n + 6), count, "subject") for n, count in enumerate(subject)]
    return wish("Sample School", tuple(teams), rules or Rules())
