"""Why a wish has no week: the rules that rule it out together, in words."""

from dme.measures.schedule.days import RULES, plan_days
from dme.measures.schedule.wish import DAYS, Wish
from dme.text import plural, times


def conflict(wish: Wish) -> tuple[str, ...]:
    """Return the names of rules that can't hold together; every one of them is needed for that.

    Rules are left out one at a time, and stay out where the wish is impossible without them
    too (a deletion filter, Chinneck and Dravnieks 1991).

    Parameters
    ----------
    wish : Wish
        A wish; for one that can be had there is no conflict.

    Returns
    -------
    tuple of str
        Names of `dme.measures.schedule.days.RULES`.
    """
    if plan_days(wish) is not None:
        return ()
    out: set[str] = set()
    for rule in RULES:
        if plan_days(wish, without=out | {rule}) is None:
            out.add(rule)
    return tuple(rule for rule in RULES if rule not in out)


def explain(wish: Wish) -> str:
    """Return in words why a wish has no week; nothing where it has one."""
    names = conflict(wish)
    if not names:
        return ""
    words = _words(wish)
    told = "; ".join(words[name] for name in names)
    if len(names) == 1:
        return f"{wish.school} has no such week. This can't be had: {told}."
    return (
        f"{wish.school} has no such week. These can't all hold: {told}. "
        "Giving up any one of them ends this conflict."
    )


def _words(wish: Wish) -> dict[str, str]:
    rules = wish.rules
    lessons = len(DAYS) * (rules.periods - 1)
    rooms = ", ".join(f"{name} {count}" for name, count in wish.rooms.items())
    specials = {name: least for kind in ("homeroom", "subject")
                if any(team.kind == kind for team in wish.teams)
                for name, least in rules.specials[kind].items()}  # fmt: skip
    return {
        "planning": (
            f"each team is free together for {rules.planning_minutes} consecutive minutes "
            f"({plural(rules.block, 'period')}), {times(rules.planning_times)} a week"
        ),
        "daily planning": "each teacher has a free period every day",
        "specials": (
            f"each class has {', '.join(f'{name} {n}' for name, n in specials.items())} "
            "periods a week at least, and none twice on one day"
        ),
        "core": (
            f"each class spends at least {rules.core_least} of its {lessons} periods with its own "
            "teachers"
        ),
        "rooms": f"there are rooms for so many classes at once: {rooms}",
        "lunch": f"lunch divides a day of {plural(rules.periods, 'period')}",
    }
