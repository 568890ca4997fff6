"""Maps of a city: its tracts shaded, its zones outlined, its schools as dots."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from dme.figures.look import ACCENT, INK, PLATE, QUIET, canvas, chart
from dme.figures.told import entitle, tells

_SCHOOLS = {"school": "name", "school_code": "code"}

# As many shades as can be told apart; a page knows each, by day and by night.
_SHADES = mpl.colormaps["Blues"].resampled(9)
_MILE_DEGREES = 1.609344 / 111.195  # of latitude, on the mean sphere
_DOTS = (
    {"marker": "D", "ms": 9, "color": ACCENT, "mec": "white", "mew": 1.2},
    {"marker": "o", "ms": 7, "color": "#f6c28b", "mec": INK, "mew": 0.9},
    {"marker": "o", "ms": 5, "color": "#4a5560", "mec": "white", "mew": 0.6},
)


@chart
def tract_map(
    areas: pd.DataFrame,
    shades: pd.Series,
    dots: Mapping[str, pd.DataFrame],
    *,
    shade_words: str,
    title: str,
    note: str,
) -> Figure:
    """Draw census tracts by a value, with the zones and up to three groups of schools.

    Shades run from light to dark blue, marks differ in shape and size as well as in color, so
    that the map reads without color vision.

    Parameters
    ----------
    areas : DataFrame
        ``kind`` (``tract``, ``zone``), ``name``, ``outline`` (well-known text, WGS 84).
    shades : Series
        The value of each tract, by its name; tracts without one stay white.
    dots : mapping of str to DataFrame
        Words for the legend to ``longitude`` and ``latitude``, the most important first; a group
        without a school is left out.
    shade_words : str
        What the shade means, for the scale.
    """
    tracts = areas[areas["kind"] == "tract"]
    shapes = shapely.from_wkt(tracts["outline"].to_numpy())
    west, south, east, north = shapely.total_bounds(shapes)
    squeeze = np.cos(np.radians((south + north) / 2))
    tall = 4.4 * (north - south) / ((east - west) * squeeze)
    axes = canvas(title, note, min(tall, 6.6) + 1.5)
    drawn = PatchCollection(
        [_patch(shape) for shape in shapes], cmap=_SHADES, edgecolor="white", linewidth=0.8
    )
    drawn.set_array(np.ma.masked_invalid(shades.reindex(tracts["name"]).to_numpy(float)))
    drawn.set_clim(0, max(float(np.nanmax(drawn.get_array().filled(0))), 1e-9) * 1.25)
    axes.add_collection(drawn)
    inside = _neighborhoods(areas, shapes)
    values = shades.reindex(tracts["name"]).round(1)
    entitle(drawn, [
        f"{where or _tract(name)}\n{_tract(name)}\n{shade_words}: {value:,g}"
        for name, where, value in zip(tracts["name"], inside, values, strict=True)
    ])  # fmt: skip
    _zones(axes, areas[areas["kind"] == "zone"], pd.concat(list(dots.values())))
    for rank, (words, places) in enumerate(dots.items()):
        (line,) = axes.plot(
            places["longitude"],
            places["latitude"],
            ls="none",
            zorder=5 - rank / 10,
            label=f"{words} ({len(places)})" if len(places) else "",
            **_DOTS[rank],  # type: ignore[arg-type]
        )
        if "school" in places:
            entitle(line, [f"{school}\n{words}" for school in places["school"]])
    _frame(axes, (west, south, east, north), squeeze)
    axes.figure.colorbar(
        drawn, ax=axes, orientation="horizontal", shrink=0.6, aspect=28, pad=0.01, label=shade_words
    ).outline.set_visible(False)
    schools = pd.concat([group.assign(what=words) for words, group in dots.items()])
    listed = pd.DataFrame({"name": tracts["name"], "what": "census tract", "where": inside})
    listed["value"] = values.to_numpy()
    heads = {"name": "Tract or school", "code": "School code", "what": "What"}
    heads |= {"where": "Neighborhood", "value": shade_words}
    tells(axes, pd.concat([listed, schools.rename(columns=_SCHOOLS)]), heads)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), handletextpad=0.2, labelspacing=0.3)
    return axes.figure


def _tract(code: str) -> str:
    """Return a tract's number as the Census Bureau writes it: its last six digits."""
    plain = len(code) == 11 and code.isdigit()
    return f"Census tract {int(code[-6:-2])}.{code[-2:]}" if plain else f"Tract {code}"


def _neighborhoods(areas: pd.DataFrame, tracts: np.ndarray) -> list[str]:
    """Return the name of the neighborhood that each tract lies in; "" where none is known."""
    known = areas[areas["kind"] == "neighborhood"]
    shapes = shapely.from_wkt(known["outline"].to_numpy())
    names = known["name"].to_numpy()
    found = (names[shapely.contains(shapes, shapely.point_on_surface(one))] for one in tracts)
    return [str(each[0]) if len(each) else "" for each in found]


def _patch(shape: shapely.Geometry) -> PathPatch:
    parts = [
        Path(shapely.get_coordinates(ring), closed=True)
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
    ]
    return PathPatch(Path.make_compound_path(*parts))


def _zones(axes: Axes, zones: pd.DataFrame, dots: pd.DataFrame) -> None:
    for name, outline in zip(zones["name"], shapely.from_wkt(zones["outline"]), strict=True):
        for part in shapely.get_parts(outline):
            axes.plot(*shapely.get_coordinates(part.exterior).T, color=INK, lw=1.3, zorder=3)
        at = _clear_spot(outline, shapely.points(dots[["longitude", "latitude"]].to_numpy(float)))
        axes.text(*at, name, ha="center", va="center", fontsize=10, zorder=4, bbox=PLATE)


def _clear_spot(shape: shapely.Geometry, dots: np.ndarray) -> tuple[float, float]:
    """Return the spot inside a shape that is farthest from its border and from every dot."""
    west, south, east, north = shape.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, 40), np.linspace(south, north, 40))
    inside = shapely.contains_xy(shape, lon.ravel(), lat.ravel())
    spots = shapely.points(lon.ravel()[inside], lat.ravel()[inside])
    room = shapely.distance(spots, shape.boundary)
    if len(dots):
        room = np.minimum(room, shapely.distance(spots[:, None], dots[None, :]).min(axis=1))
    best = spots[int(room.argmax())]
    return float(best.x), float(best.y)


def _frame(axes: Axes, bounds: tuple[float, float, float, float], squeeze: float) -> None:
    """Set the true proportions, and draw a bar of one mile and an arrow to the north."""
    west, south, east, north = bounds
    axes.set_aspect(1 / squeeze)
    axes.set_xlim(west - 0.002, east + 0.002)
    axes.set_ylim(south - 0.004, north + 0.002)
    axes.set_axis_off()
    mile = _MILE_DEGREES / squeeze
    axes.plot([east - mile, east], [south, south], color=INK, lw=2.5)
    axes.text(east - mile / 2, south + 0.001, "1 mile", ha="center", va="bottom", fontsize=10)
    axes.annotate(
        "N",
        (east - 0.002, north),
        (east - 0.002, north - 0.010),
        ha="center",
        fontsize=10,
        color=QUIET,
        arrowprops={"arrowstyle": "->", "color": QUIET},
    )
