"""The study's charts: seaborn's, in one look.

A chart is begun with `canvas`, drawn with seaborn on the axes that it gives, finished with the
small functions below, and shown. What stands in a notebook's cell can be changed there::

    axes = figures.canvas("Spending per pupil and school size", "Dot: a school. Source: EdSight.")
    sns.scatterplot(schools, x="students", y="dollars_per_pupil", alpha=0.6, ax=axes)
    figures.reference(axes, "350 students", x=350)
    figures.units(axes, x="students", y="dollars")
    axes.set(xlabel="Students in the school", ylabel="Spending per pupil")
    figures.tells(axes, schools, {"school": "School", "students": "Students"},
                  x="students", y="dollars_per_pupil")
    show(axes.figure, alt="What a reader who can't see it must know.")

- Groups: ``hue="group", palette={"small": figures.ACCENT, "others": figures.OWN}``, then
  `legend`, which stands where it hides nothing; `counted` puts the number of rows behind a name.
- Schools by district: ``sns.stripplot(schools, x="students", y="district", ax=axes)``. `canvas`
  seeds seaborn's jitter and bootstrap, so that the same data give the same picture.
- Years: ``years.assign(year=years["school_year"].map(first_year))`` (of `dme.text`), then
  ``sns.lineplot(..., x="year", ax=axes)`` or ``sns.barplot(..., native_scale=True)``, and
  ``units(axes, x="school year")``.
- A trend: ``sns.regplot(schools, x="need", y="change", ci=None, ax=axes)``.
- Shares, posts or functions: ``sns.barplot(rows, x="percent", y="kind", ax=axes)``, `beside` for
  words at the right of each bar.
- A chart that a function returned is changed on ``figure.axes[0]`` before it is shown.

Where several notebooks draw the same kind, a function draws it from a tidy table: `forest`,
`pairs`, `bars`, `stacked_bars`, `strips`, `lines`, `tiles`. What seaborn lacks has its own:
`specification_curve`, `tract_map`, `timetable`, `cost_and_displacement`.

The page shows a chart with the table of what it shows, and says of each dot what it is: `tells`
gives the table, whose first column is the dots' names. Functions that draw from a tidy table do so
themselves; of any other chart, what its dots and bars measure by their axes is told.

A chart draws what it is given; its title says what is seen, its note who is counted. Both are
part of the picture, so that it can be passed around alone. Colors: `OWN` for the district or the
primary choice, `PEER` for what it is compared with, `ACCENT` for what to look at.
"""

from dme.figures.curve import specification_curve
from dme.figures.finish import (
    beside,
    counted,
    highlight,
    label,
    legend,
    name_ends,
    name_rows,
    published,
    reference,
    short,
    units,
)
from dme.figures.frontier import cost_and_displacement
from dme.figures.look import (
    ACCENT,
    BAND,
    FAINT,
    INK,
    OWN,
    PALE,
    PALETTE,
    PEER,
    QUIET,
    canvas,
    set_look,
)
from dme.figures.maps import tract_map
from dme.figures.rows import bars, forest, pairs, stacked_bars, strips
from dme.figures.tiles import tiles
from dme.figures.timetable import timetable
from dme.figures.told import entitle, tells
from dme.figures.years import lines

__all__ = [
    "ACCENT",
    "BAND",
    "FAINT",
    "INK",
    "OWN",
    "PALE",
    "PALETTE",
    "PEER",
    "QUIET",
    "bars",
    "beside",
    "canvas",
    "cost_and_displacement",
    "counted",
    "entitle",
    "forest",
    "highlight",
    "label",
    "legend",
    "lines",
    "name_ends",
    "name_rows",
    "pairs",
    "published",
    "reference",
    "set_look",
    "short",
    "specification_curve",
    "stacked_bars",
    "strips",
    "tells",
    "tiles",
    "timetable",
    "tract_map",
    "units",
]
