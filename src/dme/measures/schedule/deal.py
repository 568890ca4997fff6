"""Deal counted lessons to named classes and specialists.

That it can always be done is what lets the model count instead of name. The sets of a section's
lessons that the rules bound (those of a period, of a day, of the week; a special on a day, in the
week) form two families in each of which any two sets are nested or apart. Their incidence matrix
is then totally unimodular, and lessons can be dealt so that every set is shared out equally to
within one (de Werra 1971, "Equitable colorations of graphs", for edge colorings).
"""

from collections.abc import Mapping

from ortools.sat.python import cp_model

from dme.errors import DmeError
from dme.measures.schedule.solver import solver
from dme.measures.schedule.wish import DAYS, Rules, Team

_EFFORT = 5.0
Counts = Mapping[tuple[str, int, int], int]


def to_sections(team: Team, counts: Counts, rules: Rules) -> dict[tuple[str, int, int], str]:
    """Return which section has which special when.

    Parameters
    ----------
    team : Team
        Whose sections they are.
    counts : mapping of (special, day, period) to int
        The team's sections in that special then.
    rules : Rules
        Least periods of each special; none comes twice on one day.

    Returns
    -------
    dict of (section, day, period) to str
        The special.

    Raises
    ------
    DmeError
        If the counts break a rule, so that they can't be dealt.
    """
    model = cp_model.CpModel()
    names = [section.name for section in team.sections]
    taught = {(name, *key): model.new_bool_var("") for name in names for key in counts}
    for key, count in counts.items():
        model.add(sum(taught[name, *key] for name in names) == count)
    whole, rest = divmod(sum(counts.values()), len(names))
    by_day = [sum(c for (_, d, _), c in counts.items() if d == day) for day in range(len(DAYS))]
    for name in names:
        mine = {key: taught[name, *key] for key in counts}
        for slot in {(d, p) for _, d, p in counts}:
            model.add_at_most_one(v for (_, d, p), v in mine.items() if (d, p) == slot)
        model.add_linear_constraint(sum(mine.values()), whole, whole + bool(rest))
        for d, lessons in enumerate(by_day):
            share, more = divmod(lessons, len(names))
            day = sum(v for (_, day, _), v in mine.items() if day == d)
            model.add_linear_constraint(day, share, share + bool(more))
        for subject, least in rules.specials[team.kind].items():
            model.add(sum(v for (s, _, _), v in mine.items() if s == subject) >= least)
            for d in range(len(DAYS)):
                model.add_at_most_one(
                    v for (s, day, _), v in mine.items() if (s, day) == (subject, d)
                )
    engine = solver(_EFFORT)
    if engine.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        message = f"The specials of {team.name} can't be dealt to its sections by the rules."
        raise DmeError(message)
    return {
        (name, d, p): subject
        for (name, subject, d, p), v in taught.items()
        if engine.boolean_value(v)
    }


def to_specialists(
    lessons: Mapping[tuple[str, int, int], str], specialists: Mapping[tuple[str, int], int]
) -> dict[tuple[str, int, int], str]:
    """Return who teaches each special: dealt in turn, in order of the periods of a day.

    In turn, no one gets two lessons of one period (there are no more at once than specialists)
    nor more than an equal share of the day's or the lunch periods' lessons.

    Parameters
    ----------
    lessons : mapping of (section, day, period) to str
        The special.
    specialists : mapping of (special, day) to int
        Specialists at school.

    Returns
    -------
    dict of (section, day, period) to str
        ``Art 1``, ``Art 2``.
    """
    turn: dict[tuple[str, int], int] = dict.fromkeys(specialists, 0)
    named = {}
    for key in sorted(lessons, key=lambda key: (key[1], key[2], key[0])):
        post = (lessons[key], key[1])
        named[key] = f"{lessons[key]} {turn[post] % specialists[post] + 1}"
        turn[post] += 1
    return named
