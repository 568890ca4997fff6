"""The page of all districts: strips and maps of the headlines, a table, each district's figures."""

import math
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

import numpy as np

from dme.measures.estimates.peers import TWICE_THE_SIZE
from dme.publish.atlas.draw import beyond, dots, edges, in_short, strip
from dme.publish.atlas.read import Atlas, District, Figure, read
from dme.publish.atlas.shown import EVERY, HEADLINES, Headline, Shown
from dme.publish.config import Config
from dme.publish.markup import link, raw
from dme.publish.own_page import Page, write_page
from dme.study import Study
from dme.text import plural, quantity, short_unit, span, unit_head

PAGE = "atlas.html"
_APART = 0.25
"""A map names the largest districts that lie so many degrees from each other."""
_NAMED = 6
_FEWEST = 40
"""A map of fewer districts would show little."""


def way(study: Study, top: str = "") -> str:
    """Return the sentence, as Markdown, by which a page leads here; "" where there is no atlas.

    Parameters
    ----------
    study : Study
        The parameters of the site's first study.
    top : str
        The way to the top of the site, where the page lies.
    """
    found = read(study)
    if found is None:
        return ""
    page = link(f"{top}{PAGE}", "The atlas")
    return raw(f"<p>{page} shows such figures of {len(found.districts)} districts, each beside "
               "those most like it.</p>")  # fmt: skip


def write(study: Study, folder: Path, settings: Config) -> tuple[str, ...]:
    """Write the page at the top of a site, and return its name; none where there is no atlas.

    Parameters
    ----------
    study : Study
        The parameters of the site's first study, whose district is marked.
    folder : Path
        Where its built pages lie.
    settings : Config
        Those of its site.
    """
    found = read(study)
    if found is None:
        return ()
    where = " of Connecticut" if _in_connecticut(found) else ""
    described = (
        f"What the public record says of {len(found.districts)} school districts{where}, each "
        "beside the districts most like it."
    )
    page = Page(PAGE, "The atlas of districts", described, _body(found), (), "atlas")
    write_page(page, folder, settings)
    return (PAGE,)


def _in_connecticut(found: Atlas) -> bool:
    return Study().district in found.districts


def _body(found: Atlas) -> str:
    own = found.districts.get(found.study.district)
    parts = [
        '<p class="ways"><a href="#districts">All districts in one table</a> · '
        '<a href="#how-to-read">How to read it</a></p>',
        *(_section(one, found, own) for one in HEADLINES if found.values(one.shown)),
        _how_to_read(found),
        '<section id="districts"><h2>All districts</h2>',
        "<p>Under a figure stands its 95 percent interval, where it has one. A name leads to all "
        "figures of the district.</p>",
        _table(found),
        '</section><section id="each"><h2>Each district</h2>',
        "<p>Beside each figure of a district stands the median of its peers. The command writes "
        "the parameters of its whole study; <code>dme run</code> and <code>dme site</code> then "
        "make its pages.</p>",
        '<div class="each">',
        *(_district(one, found) for one in found.districts.values()),
        "</div></section>",
    ]
    return "\n".join(parts)


def _section(one: Headline, found: Atlas, own: District | None) -> str:
    values, shown = found.values(one.shown), one.shown
    words = {code: _said(found.districts[code], shown) for code in values}
    marked = own.code if own else ""
    drawn = strip(values, words, marked, shown.unit)
    left, right = one.ends
    places = {code: d.place for code, d in found.districts.items() if d.place}
    where = ""
    if len(values) >= _FEWEST and len(places) >= _FEWEST:
        named = _named(found)
        legend = "".join(
            f'<li class="{shade}">{text}</li>' for shade, text in _legend(values, shown)
        )
        if len(values) < len(places):
            legend += '<li class="none">not measured</li>'
        where = (
            f'<div class="where">{dots(values, places, marked, named)}'
            f'<ul class="legend">{legend}</ul></div>'
        )
    return (
        f'<section class="headline" id="{shown.finding}"><h2>{escape(one.asked)}</h2>'
        f'<div class="pictures"><div class="along">{drawn}<p class="ends"><span>← '
        f"{escape(left)}</span><span>{escape(right)} →</span></p>"
        f'<p class="readout" aria-live="polite">{escape(words.get(marked, ""))}</p>'
        f"<p>{escape(_filled(one.about, found.study))}</p>"
        f"<p>{escape(_summary(values, found, shown))}</p></div>{where}</div></section>"
    )


def _named(found: Atlas) -> dict[str, str]:
    """Return the districts whose names a map has room for, the largest first."""
    named: list[District] = []
    for one in sorted(found.districts.values(), key=lambda d: (-(d.students or 0), d.name)):
        near = (math.dist(one.place, other.place) for other in named if one.place and other.place)
        if len(named) < _NAMED and one.place and min(near, default=_APART) >= _APART:
            named.append(one)
    return {one.code: one.name for one in named}


def _filled(words: str, study: Study) -> str:
    return words.format_map(study.model_dump())


def _said(district: District, shown: Shown) -> str:
    """Return a figure in words: the district, the figure, its interval."""
    figure = district.figures[shown.finding]
    interval = f" ({_interval(figure, shown)})" if figure.low is not None else ""
    return f"{district.name}: {quantity(figure.value, shown.unit)}{interval}"


def _interval(figure: Figure, shown: Shown) -> str:
    return span(figure.low, figure.high, shown.unit, figure.value)


def _summary(values: dict[str, float], found: Atlas, shown: Shown) -> str:
    """Return what all districts together show, and how much of it may be chance."""
    every, unit = list(values.values()), shown.unit
    quarter, three = np.quantile(every, [0.25, 0.75])
    told = [f"Measured for {len(every)} of {plural(len(found.districts), 'district')}."]
    if len(every) >= _FEWEST:
        told.append(f"Half of them lie between {in_short(quarter, unit)} and "
                    f"{in_short(three, unit)}.")  # fmt: skip
    few = len(every) < _FEWEST
    if named := sorted(values, key=lambda code: (values[code], code)) if few else beyond(values):
        each = "; ".join(
            f"{found.districts[code].name} ({quantity(values[code], unit)})" for code in named
        )
        told.append(f"{'They are' if few else 'Beyond the ends of the axis'}: {each}.")
    figures = [found.districts[code].figures[shown.finding] for code in values]
    ends = [(one.low, one.high) for one in figures if one.low is not None and one.high is not None]
    if len(ends) >= _FEWEST and min(every) < 0 < max(every):
        clear = sum(low > 0 or high < 0 for low, high in ends)
        chance = len(ends) * (1 - found.study.confidence / 100)
        told.append(
            f"{len(ends)} have an interval, and in {clear} of them it lies wholly on one side of "
            f"zero; about {chance:.0f} would by chance alone, if none differed in truth."
        )
    return " ".join(told)


def _legend(values: dict[str, float], shown: Shown) -> Iterator[tuple[str, str]]:
    between = [min(values.values()), *edges(values), max(values.values())]
    for number, (low, high) in enumerate(pairwise(between), start=1):
        ends = f"{in_short(low, shown.unit)} to {in_short(high, shown.unit)}"
        unit = unit_head(shown.unit)
        yield f"q{number}", escape(ends if _sided(shown) else span(low, high, unit))


def _how_to_read(found: Atlas) -> str:
    study = found.study
    kinds, kept = (
        " The atlas holds the districts of one town and of several; charter schools, regional "
        "service centers and the state's own schools are districts of no place, and left out.",
        " Hartford keeps the peers of its study. The state's reference groups are in none of the "
        "tables.",
    )
    if not _in_connecticut(found):
        kinds = kept = ""
    peers = max(len(one.peers) for one in found.districts.values())
    points = (
        "<b>No ranking.</b> No figure here says how good a district is. Where one stands in a "
        "table follows from its size, its neighbors and its history as much as from what it does.",
        f"<b>The same functions.</b> Each figure is computed by the function that computes it in a "
        f"study of one district, with the same rules and the same years for all.{kinds}",
        f"<b>Years.</b> Schools and students are those of {study.size_year}, teachers of "
        f"{study.staff_year}, spending of {study.spending_year}: years for which the tables hold "
        "most districts. Much has changed since.",
        f"<b>Peers.</b> A district is held against the {peers} of its kind nearest in size and "
        f"need. Twice or half as many students count as far away as {TWICE_THE_SIZE:.0f} points "
        "more or less of students with free or reduced-price lunch; how far a district is in both "
        f"is the root of the sum of the squares.{kept}",
        "<b>Intervals are wide for small districts.</b> A district of three schools has three "
        "numbers to average: what looks like a difference may be which three they happen to "
        "be. A figure without an interval is a full count, or of too few schools to have one.",
        f"<b>Of so many, some stand out by chance.</b> Among {len(found.districts)} districts the "
        "highest and the lowest are often small ones, in which a few children move a percentage.",
    )
    items = "".join(f"<li>{point}</li>" for point in points)
    return f'<section id="how-to-read"><h2>How to read it</h2><ul>{items}</ul></section>'


def _table(found: Atlas) -> str:
    shown = [one.shown for one in HEADLINES]
    heads = "".join(
        f'<th scope="col">{escape(head)}</th>'
        for head in ("District", "Students", *(one.head for one in shown))
    )
    rows = "".join(_row(one, shown) for one in found.districts.values())
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="All districts">'
        f'<table class="atlas"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(one: District, shown: Sequence[Shown]) -> str:
    cells = "".join(_cell(one.figures[each.finding], each) for each in shown)
    students = "–" if one.students is None else f"{one.students:,.0f}"
    return (
        f'<tr data-d="{one.code}"><th scope="row">{link(f"#district-{one.code}", one.name)}</th>'
        f'<td data-v="{one.students or 0:.0f}">{students}</td>{cells}</tr>'
    )


def _cell(figure: Figure, shown: Shown) -> str:
    if figure.value is None:
        return "<td>–</td>"
    head = unit_head(shown.unit)
    unit = shown.unit if _sided(shown) else head if head == "percent" else ""
    interval = (
        f"<small>{escape(_interval(figure, shown))}</small>" if figure.low is not None else ""
    )
    text = escape(quantity(figure.value, unit).strip())
    return f'<td data-v="{figure.value:.4g}">{text}{interval}</td>'


def _sided(shown: Shown) -> bool:
    """Whether a word tells on which side of zero the figure lies."""
    return short_unit(shown.unit) != unit_head(shown.unit)


def _district(one: District, found: Atlas) -> str:
    rows, lacking = [], []
    for shown in EVERY:
        figure = one.figures[shown.finding]
        if figure.value is None:
            lacking.append(f"{shown.head.lower()} ({figure.reason.rstrip('.')})")
        else:
            rows.append(_figure(one, figure, shown, found))
    peers = ", ".join(
        link(f"#district-{code}", found.districts[code].name)
        for code in one.peers
        if code in found.districts
    )
    name = re.sub(r"[^a-z0-9]+", "-", one.name.lower()).strip("-")
    missing = f"<p>Not measured: {escape('; '.join(lacking))}.</p>" if lacking else ""
    students = "" if one.students is None else f" <small>{one.students:,.0f} students</small>"
    return (
        f"<details><summary>{escape(one.name)}{students}</summary>"
        f'<div id="district-{one.code}"><p>Peers: {peers}.</p>'
        "<table><thead><tr><td></td><th>Figure, interval</th><th>Its peers</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>{missing}"
        f"<p>The whole study: <code>dme new {name} --district {one.code}</code></p></div></details>"
    )


def _figure(one: District, figure: Figure, shown: Shown, found: Atlas) -> str:
    peers = found.of_peers(one, shown)
    interval = "" if figure.low is None else f" <small>{escape(_interval(figure, shown))}</small>"
    return (
        f"<tr><th>{escape(shown.head)} <small>{_filled(shown.year, found.study)}</small></th>"
        f"<td>{escape(quantity(figure.value, shown.unit))}{interval}</td>"
        f"<td>{escape(quantity(peers, shown.unit))}</td></tr>"
    )
