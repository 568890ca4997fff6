"""What a school's page says in sentences: its size, what the plan did with it, what came since."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import isnan

import pandas as pd

from dme.linked import traced
from dme.publish.schools.figures import ABSENT, GROWTH, SPENDING, Figure
from dme.publish.schools.register import Count, Register
from dme.text import first_year, plural

_DOES = {
    "close": "to close",
    "reconfigure": "to change its grades",
    "relocate": "to move",
    "open": "to open",
}
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MORE = "by more than chance makes in a group of this size"
_NO_MORE = "by no more than chance can make in a group of this size"
_STANDING = {
    "clearly above": f"above the state's, {_MORE}",
    "clearly below": f"below the state's, {_MORE}",
    "above, within the margin": f"above the state's, {_NO_MORE}",
    "below, within the margin": f"below the state's, {_NO_MORE}",
}
_METERS = 1609.344  # in a mile
_OF_PART = "Where those grades stand the record does not tell apart."


def source(name: str) -> str:
    """Return the page of a table in the trail, as seen from a school's page."""
    return f"../trail/table/{name}.html"


def number(words: str, name: str) -> str:
    """Return a figure in words as a link to the table that it stands in."""
    return traced(f"<strong>{escape(words)}</strong>", source(name), "Where this figure is from")


def answer(
    code: str, register: Register, figures: Sequence[Figure], finding: str
) -> Mapping[str, str]:
    """Return what there is to say of a school, by what it is about, as HTML.

    Parameters
    ----------
    code : str
        The school's.
    register, figures : Register, sequence of Figure
        What the tables hold.
    finding : str
        Where the study's finding on the district's mean size stands; "" where there is none.
    """
    return {
        "Size": _size(code, register, finding),
        "The plan": " ".join(_plan(code, register)),
        "Since then": _since(code, register),
        "Money": _spending(code, figures),
        "Growth": " ".join(_growth(code, figures)),
        "Attendance": _absence(code, figures),
    }


def _autumn(count: Count) -> str:
    """Return when students were counted, in words."""
    return f"in {count.year}" if count.of_report else f"in October {first_year(count.year)}"


def _size(code: str, register: Register, finding: str) -> str:
    study, then = register.study, register.then(code)
    if then is None:
        years = [one.year for one in register.counts[code]]
        since = min(year for year in years if year > study.size_year)
        again = "again " if years[0] < study.size_year else ""
        return f"It is not on record in {study.size_year}; it is counted {again}from {since} on."
    name = escape(then.name)
    if then.students is None:
        return f"How many students {name} had {_autumn(then)} is withheld by the publisher."
    told = number(plural(then.students, "student"), "school_enrollment")
    words = f"{_capital(_autumn(then))}, {name} had {told}"
    if then.students < study.smallest_school:
        least = study.smallest_school
        return f"{words}. With fewer than {least:,} it doesn't count as a school in this study."
    gap = round(100 * (then.students / register.mean - 1))
    beside = f"{abs(gap)}% {'more' if gap > 0 else 'fewer'} than" if gap else "as many as"
    mean = traced(f"{register.mean:,.0f}", finding)
    kind = "a small school" if register.small(then.students) else "not a small school"
    return (
        f"{words}: {beside} the average school of {escape(register.place)} ({mean}). By this "
        f"study's line of {study.small_school:,} it was {kind}."
    )


def _plan(code: str, register: Register) -> Iterator[str]:
    if code not in register.actions:
        if register.has_plan:
            plan = traced("The plan", source("plan_actions"), "What the plan names")
            yield f"{plan} does not name this school."
        return
    rows = register.actions[code]
    for name, named in rows.groupby("version", sort=False):
        does = named["action"].isin(_DOES)
        parts = [
            f"{number(_DOES[action], 'plan_actions')} ({_due(same)}{_part(same, register)})"
            for action, same in named[does].groupby("action", sort=False)
        ]
        parts += [
            f"for “{escape(row.printed)}” ({escape(row.effective)})"
            for row in named[~does].itertuples()
        ]
        yield f"The {version(str(name))} named it {_joined(parts)}."
    if rows["action"].eq("reconfigure").any():
        yield _grades_since(code, register)
    moving = rows.loc[rows["action"] == "relocate", "place"]
    if len(moving):
        whole = not moving.isin(register.part_of_school).all()
        yield _moved(register.moves[code]) if whole else _OF_PART
    if rows["code_doubtful"].any():
        yield "Which school the plan means is not certain: another reading is possible."


def _grades_since(code: str, register: Register) -> str:
    before, last = register.at(code, register.study.before_plan), register.last(code)
    if before is None or not before.grades or not last.grades:
        return "Its grades before and since are not on the public record."
    if before.grades == last.grades:
        span = f"it taught grades {before.grades} in {before.year}, and still in {last.year}"
        return f"The record shows no change of grades: {span}."
    since = next(
        one.year
        for one in register.counts[code]
        if one.year > before.year and one.grades == last.grades
    )
    span = f"it taught {before.grades} in {before.year}, and {last.grades} from {since} on"
    return f"Its grades did change: {span}."


def _moved(seen: Mapping[str, float]) -> str:
    if seen["moved_before"]:
        return "It was listed at another place, and then no longer."
    if isnan(seen["meters"]):
        return "Where it stood since is not on the public record."
    if not seen["moved"]:
        return "The record shows no move: the state's lists put it at one place before and since."
    apart = number(f"{seen['meters'] / _METERS:.1f} miles", "school_directory")
    return f"It did move: the state's lists of then and since put it at two places, {apart} apart."


def _since(code: str, register: Register) -> str:
    last = register.last(code)
    if last.students is None:
        return f"Its students {_autumn(last)}, its last year on record, are withheld."
    told = number(plural(last.students, "student"), "school_enrollment")
    if register.gone(code):
        counted = f"was last counted {_autumn(last)}, with {told}, and is on no later list"
        went = "Where its students went is not on the public record."
        if register.closed(code):
            return f"It closed, as the plan has it: it {counted}. {went}"
        ends = "it closed or was joined to another school"
        if not last.of_report:
            ends += ", or is among the programs that later lists leave out"
        return f"It {counted}: {ends}. {went}"
    change = _change(last, register.then(code))
    when = f"{_capital(_autumn(last))}, the last year on record"
    if last.year == register.study.size_year:
        before = register.at(code, register.study.before_plan)
        if not before or before.year >= last.year:
            return "No later count of it is on the public record."
        when, change = f"{when} and the study's own", _change(last, before)
    kind = "a small school" if register.small(last.students) else "not a small school"
    return f"{when}, it had {told}{change}. By the same line it is {kind}."


def _change(last: Count, then: Count | None) -> str:
    """Return how a school's students changed, as the end of a sentence on the last count."""
    if not then or not then.students or last.students is None:
        return ""
    if not (more := last.students - then.students):
        return f", as many as in {then.year}"
    percent = f"{100 * abs(more) / then.students:.0f}%"
    return f", {abs(more):,} {'more' if more > 0 else 'fewer'} than in {then.year} ({percent})"


def _spending(code: str, figures: Sequence[Figure]) -> str:
    each = [_of_year(one, code) for one in _of(SPENDING, code, figures)]
    return f"Spending per pupil was {_joined(each)}, not adjusted for inflation." if each else ""


def _absence(code: str, figures: Sequence[Figure]) -> str:
    each = [_of_year(one, code) for one in _of(ABSENT, code, figures)]
    told = "Of its students, the share that missed a tenth of the school days or more was"
    return f"{told} {_joined(each)}." if each else ""


def _growth(code: str, figures: Sequence[Figure]) -> Iterator[str]:
    english, mathematics = (_of(title, code, figures) for title in GROWTH.values())
    for one in english:
        both = [one, *(other for other in mathematics if other.year == one.year)]
        if len(both) > 1:
            own = [number(each.told(each.values[code]), each.table) for each in both]
            states = [each.told(each.state) for each in both if each.state is not None]
            usual = [each.told(each.usual[""][0]) for each in both]
            beside = f"state: {_joined(states)}" if states else f"median school: {_joined(usual)}"
            standing = _STANDING.get(one.standing.get(code, ""))
            spring = first_year(one.year)
            yield (
                f"From spring {spring} to {spring + 1}, its pupils achieved {own[0]} of their "
                f"growth target in English and {own[1]} in mathematics ({beside})."
            )
            if standing:
                yield f"Together that is {standing}."


def _of(title: str, code: str, figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures of a title, one a year, that tell a number of a school."""
    return [one for one in figures if one.title == title and one.tells(code) and one.usual]


def _of_year(one: Figure, code: str) -> str:
    told, usual = number(one.told(one.values[code]), one.table), one.told(one.usual[""][0])
    return f"{told} in {one.year} (median school: {usual})"


def version(name: str) -> str:
    """Return a version of the plan in words: ``proposal 2017-12`` is of December 2017."""
    kind, _, when = name.partition(" ")
    year, _, month = when.partition("-")
    return f"{escape(kind)} of {_MONTHS[int(month)]} {year}" if month.isdigit() else escape(name)


def _due(rows: pd.DataFrame) -> str:
    return escape(_joined(list(dict.fromkeys(rows["effective"]))))


def _part(rows: pd.DataFrame, register: Register) -> str:
    parts = [one for one in rows["place"] if one in register.part_of_school]
    return f"; {escape(_joined(parts))} only" if parts else ""


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
