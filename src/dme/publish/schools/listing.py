"""The list of a study's schools."""

from html import escape

import pandas as pd

from dme.publish.inert import literal
from dme.publish.markup import folded, link, raw
from dme.publish.schools.register import Count, Register, zone_in_words
from dme.study import Study
from dme.tabled import Cell, tabled
from dme.text import plural

_NONE = "–"
_DOES = {"close": "to close", "reconfigure": "new grades", "relocate": "to move"}


def listing(study: Study) -> str:
    """Return the list of a study's schools, as Markdown.

    Parameters
    ----------
    study : Study
        The parameters that ran.
    """
    register = Register(study)
    if not register.names:
        place = literal(register.place)
        return f"The tables hold no school of {place} in {study.size_year} or later.\n"
    last = register.years[-1]
    years = list(dict.fromkeys([study.size_year, last]))
    heads = ["School", "Grades"]
    heads += ["Zone"] if any(code in register.zones for code in register.names) else []
    heads += [f"Students {year}" for year in years]
    heads += ["In the plan"] if register.has_plan else []
    heads += ["What became of it"]
    rows = [_row(code, register, years, heads) for code in register.names]
    label = f"Schools of {register.place}"
    about = (
        f"Each school of {literal(register.place)} that was open in {study.size_year}, or has "
        "opened since, has a page of its own. The latest name is given, former names below it. "
        f"A school of fewer than {study.small_school:,} students is marked as small.\n"
    )
    return f"{about}\n{raw(tabled(heads, rows, label, 'stack schools'))}\n{_programs(register)}"


def _row(code: str, register: Register, years: list[str], heads: list[str]) -> list[Cell]:
    name, then = register.names[code], register.then(code)
    other = ""
    if then and then.name != name:
        other = f' <span class="place">{escape(then.name)} in {then.year}</span>'
    shown = {
        "School": link(register.pages[code], name) + other,
        "Grades": register.grades(code) or _NONE,
        "Zone": escape(zone_in_words(register.zones.get(code, ""))) or _NONE,
        "In the plan": _plan(code, register),
        "What became of it": _now(code, register),
    }
    shown |= {f"Students {year}": _students(register.at(code, year), register) for year in years}
    return [Cell(shown[head], "none" if shown[head] == _NONE else "") for head in heads]


def _students(count: Count | None, register: Register) -> str:
    if count is None:
        return _NONE
    if count.students is None:
        return '<span class="place">withheld</span>'
    small = ' <span class="place">small</span>' if register.small(count.students) else ""
    return f"{count.students:,}{small}"


def _plan(code: str, register: Register) -> str:
    if code not in register.actions:
        return _NONE
    actions = dict.fromkeys(register.actions[code]["action"])
    return ", ".join(_DOES[one] for one in actions if one in _DOES) or "other"


def _now(code: str, register: Register) -> str:
    if register.gone(code):
        ends = "closed after" if register.closed(code) else "last counted in"
        return f"{ends} {register.last(code).year}"
    if register.then(code):
        return "open"
    since = (one.year for one in register.counts[code] if one.year > register.study.size_year)
    return f"open since {min(since)}"


def _programs(register: Register) -> str:
    rows = register.programs
    if rows.empty:
        return ""
    listed = "; ".join(
        f"{escape(row.school)} ({'withheld' if pd.isna(row.students) else int(row.students)})"
        for row in rows.itertuples()
    )
    least = register.study.smallest_school
    summary = f"{plural(len(rows), 'program')} that never had {least:,} students, and no page"
    told = raw(f"<p>With their students in {register.study.size_year}: {listed}.</p>")
    return folded(summary, told, "table-notes")
