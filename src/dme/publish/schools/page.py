"""The page of a school."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from dme.cards import BASIS_WORDS
from dme.findings import Entry
from dme.publish import config
from dme.publish.markup import link
from dme.publish.own_page import Page, Ways, facts
from dme.publish.schools import words
from dme.publish.schools.figures import Figure
from dme.publish.schools.register import FOLDER, Register, zone_in_words
from dme.publish.schools.strip import strip
from dme.tabled import Cell, tabled
from dme.text import plural

_UP = "../"


@dataclass(frozen=True)
class Shared:
    """What the pages of all schools share.

    Attributes
    ----------
    register : Register
        The schools.
    figures : sequence of Figure
        What the tables tell of them.
    entering : mapping of str to list of Entry
        The findings that used each school's rows, by its code.
    size : str
        Where the finding on the mean size stands, as seen from a school's page; "" without it.
    ways : sequence of (str, str)
        See `Page`.
    """

    register: Register
    figures: Sequence[Figure]
    entering: Mapping[str, Sequence[Entry]]
    size: str
    ways: Ways


def page(code: str, shared: Shared) -> Page:
    """Return the page of a school.

    Parameters
    ----------
    code : str
        The school's.
    shared : Shared
        What all pages share.
    """
    register = shared.register
    name = register.names[code]
    body = "".join(
        (
            _answer(code, shared),
            _facts(code, register),
            _years(code, register),
            _beside(code, shared),
            _plan(code, register),
            _partners(code, register),
            _findings(shared.entering[code]),
        )
    )
    return Page(register.pages[code], name, _description(code, register), body, shared.ways, FOLDER)


def _description(code: str, register: Register) -> str:
    last, place = register.last(code), escape(register.place)
    taught = register.grades(code)
    span = f", grades {taught}" if taught else ""
    had = "" if last.students is None else f", with {plural(last.students, 'student')}"
    when = f"until {last.year}" if register.gone(code) else f"in {last.year}"
    return (
        f"A school of {place} {when}{span}{had}: its size, spending and results, and what became "
        "of it."
    )


def _answer(code: str, shared: Shared) -> str:
    said = words.answer(code, shared.register, shared.figures, shared.size)
    told = "".join(f"<p><b>{about}.</b> {each}</p>" for about, each in said.items() if each)
    return f'<div class="answer">{told}</div>'


def _facts(code: str, register: Register) -> str:
    spans: dict[str, list[str]] = {}
    for one in (register.then(code), register.last(code)):
        if one and one.grades:
            spans.setdefault(one.grades, []).append(one.year)
    called = dict.fromkeys(one.name for one in register.counts[code])
    zone = zone_in_words(register.zones.get(code, ""))
    return facts(
        {
            "Grades": "; ".join(f"{span} ({_years_in(of)})" for span, of in spans.items()),
            "Zone": f"{escape(zone)}, by its place in 2014-15" if zone else "",
            "Kind": "interdistrict magnet school" if code in register.magnets else "",
            "Also called": escape("; ".join(n for n in called if n != register.names[code])),
            "Code": f"<code>{escape(code)}</code>",
        }
    )


def _years_in(years: Sequence[str]) -> str:
    return " and ".join(dict.fromkeys(years))


def _years(code: str, register: Register) -> str:
    counts = register.counts[code]
    students = {one.year: one.students for one in counts if one.students is not None}
    name = register.names[code]
    label = f"Students of {name} by year, from {min(students)} to {max(students)}"
    picture = strip(students, register.years, register.study.small_school, label)
    listed = "".join(
        f"<tr><td>{one.year}</td><td>{one.students or 'withheld'}</td><td>{one.grades or '–'}</td>"
        f"<td>{'report on spending' if one.of_report else 'October count'}</td></tr>"
        for one in counts
    )
    heads = "".join(f"<th>{one}</th>" for one in ("Year", "Students", "Grades", "Counted by"))
    small = register.study.small_school
    return (
        f'<h2>Its students over the years</h2><figure class="years">{picture}'
        f"<figcaption>Below the dashed line, of {small:,} students, a school is small.</figcaption>"
        '</figure><details class="table-notes"><summary>Each year\'s number</summary>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{listed}</tbody></table>"
        f"<p>{_from('school_enrollment')}</p></details>"
    )


def _beside(code: str, shared: Shared) -> str:
    titles: dict[str, list[Figure]] = {}
    for one in shared.figures:
        titles.setdefault(one.title, []).append(one)
    here = {title: of for title, of in titles.items() if any(code in one.values for one in of)}
    lacking = [title[:1].lower() + title[1:] for title in titles if title not in here]
    heads = ("Year", "This school", "Of its level", "All", "State")
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    groups = "".join(_group(title, of, code) for title, of in here.items())
    absent = (
        f"<p>Not on the public record of this school: {escape('; '.join(lacking))}.</p>"
        if lacking
        else ""
    )
    study = shared.register.study
    return (
        f"<h2>Beside the other schools of {escape(shared.register.place)}</h2>"
        "<p>Beside each figure stands the median: half of the schools lie above it, half below. "
        f"Schools of fewer than {study.smallest_school:,} students don't count in it. In a small "
        "school a few students move a percentage by much, so one year says little.</p>"
        f'<div class="scroll"><table class="beside"><thead><tr>{head}</tr></thead>{groups}'
        f"</table></div>{absent}"
    )


def _group(title: str, of: Sequence[Figure], code: str) -> str:
    label = BASIS_WORDS[of[0].basis]
    chip = f' <span class="chip basis-{of[0].basis}">{label}</span>' if label else ""
    rows = "".join(_row(one, code) for one in of if code in one.values)
    return (
        f'<tbody><tr><th scope="rowgroup" colspan="5">{escape(title)}{chip} '
        f'<span class="place">{_from(of[0].table)}</span></th></tr>{rows}</tbody>'
    )


def _row(one: Figure, code: str) -> str:
    note = one.words.get(code, "")
    told = "" if note else "withheld"
    if one.tells(code):
        told = f"<strong>{one.told(one.values[code])}</strong>"
    level = one.level.get(code, "")
    cells = (
        one.year,
        f'{told} <span class="place">{note}</span>' if note else told,
        _usual(one, level, level) if level else "–",
        _usual(one, "", "schools"),
        "–" if one.state is None else one.told(one.state),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _usual(one: Figure, level: str, schools: str) -> str:
    if level not in one.usual:
        return "–"
    median, count = one.usual[level]
    return f'{one.told(median)} <span class="place">{count} {schools}</span>'


def _plan(code: str, register: Register) -> str:
    if code not in register.actions:
        return ""
    rows = register.actions[code].drop_duplicates(["version", "place", "printed", "effective"])
    listed = [
        [Cell(escape(one)) for one in (row.effective, row.place, row.printed)]
        + [Cell(words.version(row.version))]
        for row in rows.itertuples()
    ]
    heads = ("When", "Named as", "What is printed", "Where")
    return (
        "<h2>What the plan names it for</h2>"
        f"{tabled(heads, listed, 'What the plan names this school for', 'stack')}"
        f"<p>{_from('plan_actions')}. Of the approval only what pages say is known: that none "
        "tells of an action does not mean that it was dropped.</p>"
    )


def _partners(code: str, register: Register) -> str:
    if not register.partners:
        return ""
    rows = register.partners[code].itertuples() if code in register.partners else ()
    listed = "".join(
        f"<li>{escape(', '.join(_told(row.partner, row.role, row.program)))}"
        f"{_when(row.first_year, row.last_year)}</li>"
        for row in rows
        if row.partner != "not named"
    )
    told = f"<ul>{listed}</ul>" if listed else "<p>None is on the public record.</p>"
    return (
        f"<h2>Partners on the public record</h2>{told}"
        f"<p>{_from('school_partnerships')}. No list of partners is public: these are the ones "
        "that some page names.</p>"
    )


def _told(*words: object) -> list[str]:
    """Return the words that are not missing, each once."""
    return list(dict.fromkeys(str(one) for one in words if pd.notna(one)))


def _when(first: object, last: object) -> str:
    years = _told(first, last)
    return f" ({escape(' to '.join(years))})" if years else ""


def _findings(entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    pages = config.in_navigation(entry.notebook for entry in entries)
    groups = "".join(
        f"<dt>{escape(title)}</dt><dd>{'; '.join(_links(entries, notebook))}</dd>"
        for notebook, title in pages.items()
    )
    return (
        '<h2>Where these numbers are used</h2><details class="table-notes">'
        f"<summary>In {plural(len(entries), 'finding')} of this study</summary>"
        f'<dl class="facts">{groups}</dl></details>'
    )


def _links(entries: Sequence[Entry], notebook: str) -> Iterator[str]:
    for entry in entries:
        if entry.notebook == notebook:
            yield link(f"{_UP}{entry.link}", entry.finding.title)


def _from(name: str) -> str:
    return f"from {link(words.source(name), name)}"
