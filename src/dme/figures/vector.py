"""A figure as an SVG of shapes and words, plain enough to stand within a page.

matplotlib's own writer puts styles into attributes, which the policy of a page forbids, and lays
out each line of words from its left. Here colors are attributes, so that a page can give them a
meaning; words are anchored where they are aligned, so that another font moves nothing; and what is
cut off at the edge of the axes is left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, Transform

_POINTS = 72
_FONTS = "DejaVu Sans, Verdana, sans-serif"
_UNWRITTEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_CIRCLE = Path.unit_circle().codes
_HATCH = 5.0
_FINE = 0.3
"""Points by which a line may be moved to be of fewer points."""
_ANCHORS = {"left": ("start", 0.0), "center": ("middle", 0.5), "right": ("end", 1.0)}

WORDS = "words"
"""The class of the parts that a page tells in words of its own: the title and the note."""


class _Drawn(NamedTuple):
    """An element without its look, which those that follow each other share."""

    look: tuple[tuple[str, str], ...]
    element: str


def svg(figure: Figure, alt: str, titles: Mapping[str, Iterable[str]]) -> str:
    """Return a figure that was drawn, as it was laid out then.

    Parameters
    ----------
    figure : Figure
        It loses its layout engine.
    alt : str
        The words that stand in for it.
    titles : mapping of str to iterable of str
        What the dots or bars of the artist with this id are, in the order in which it draws them.
    """
    figure.set_layout_engine("none")
    texts = {}
    for number, text in enumerate(figure.findobj(Text)):
        if text.get_gid() is None:
            text.set_gid(f"text-{number}")
        texts[text.get_gid()] = text
    renderer = _Renderer(figure, texts, titles)
    figure.draw(renderer)
    width, height = figure.get_size_inches() * _POINTS
    size = f"{_n(width)} {_n(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {size}" '
        f'font-family="{_FONTS}" aria-label="{_told(alt)}">{renderer.written()}</svg>'
    )


class _Renderer(RendererBase):
    def __init__(
        self, figure: Figure, texts: Mapping[str, Text], titles: Mapping[str, Iterable[str]]
    ) -> None:
        super().__init__()
        self._dpi = figure.dpi
        self._size = figure.get_size_inches() * figure.dpi
        # From the dots of the layout, upwards, to points, downwards.
        scale = _POINTS / figure.dpi
        self._page = Affine2D().scale(scale, -scale).translate(0, scale * self._size[1])
        self._texts = texts
        self._titles = {gid: iter(each) for gid, each in titles.items()}
        self._groups: list[str | None] = []
        self._marking = False
        self._drawn: list[_Drawn] = []

    def written(self) -> str:
        """Return the elements; those of one look stand in a group that has it."""
        parts = []
        for look, run in groupby(self._drawn, key=lambda one: one.look):
            told = "".join(f' {name}="{value}"' for name, value in look)
            shapes = "".join(one.element for one in run)
            if ("fill", "none") in look and not any(name == "stroke-opacity" for name, _ in look):
                # Lines of one look are one outline.
                shapes = shapes.replace('"/><path d="', "")
            parts.append(f"<g{told}>{shapes}</g>")
        return "".join(parts)

    def get_canvas_width_height(self) -> tuple[float, float]:
        return float(self._size[0]), float(self._size[1])

    def points_to_pixels(self, points: Any) -> Any:
        return points * self._dpi / _POINTS

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._groups.append(gid if s != "patch" or gid not in self._titles else f"\0{gid}")

    def close_group(self, s: str) -> None:  # noqa: ARG002
        self._groups.pop()

    def draw_markers(self, *args: Any, **kwargs: Any) -> None:
        self._marked(super().draw_markers, *args, **kwargs)

    def draw_path_collection(self, *args: Any, **kwargs: Any) -> None:
        self._marked(super().draw_path_collection, *args, **kwargs)

    def _marked(self, draw: Any, *args: Any, **kwargs: Any) -> None:
        self._marking = True
        draw(*args, **kwargs)
        self._marking = False

    def _title(self) -> str:
        """Return the next title of the artist that is drawn; "" where it has none."""
        group = self._groups[-1] if self._groups else None
        if group and (self._marking or group.startswith("\0")):
            return next(self._titles.get(group.removeprefix("\0"), iter(())), "")
        return ""

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,
    ) -> None:
        title = self._title()
        look = _look(gc, rgbFace)
        clip = gc.get_clip_rectangle()
        box = self._page.transform_bbox(clip) if clip else None
        placed = transform + self._page
        inner = f"<title>{_told(title)}</title>" if title else ""
        if _is_circle(path):
            ends = Bbox.null()
            ends.update_from_data_xy(placed.transform(path.vertices))
            x, y = (ends.p0 + ends.p1) / 2
            if box is None or _within(box, x, y):
                shape = f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(ends.width / 2)}"'
                self._add(look, f"{shape}>{inner}</circle>" if inner else f"{shape}/>")
            return
        shape = _outline(path, placed, box, filled=rgbFace is not None)
        if shape and look:
            element = f'<path d="{shape}"'
            self._add(look, f"{element}>{inner}</path>" if inner else f"{element}/>")
        if gc.get_hatch() and (path_box := path.get_extents(placed)):
            self._add((("stroke", to_hex(gc.get_rgb())), ("stroke-width", "0.6")),
                      f'<path d="{_hatched(path_box)}"/>')  # fmt: skip

    def draw_text(  # noqa: PLR0917 - as matplotlib calls it
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        gid = next((each for each in reversed(self._groups) if each in self._texts), None)
        artist = mtext or (self._texts[gid] if gid else None)
        aligned = "center" if angle else _alignment(artist)
        anchor, share = _ANCHORS[aligned]
        wide = self.get_text_width_height_descent(s, prop, ismath)[0] * share
        turn = np.radians(angle)
        # The layout counts from below, and hands over what is counted from above.
        scale = _POINTS / self._dpi
        at = scale * (x + wide * np.cos(turn)), scale * (y - wide * np.sin(turn))
        look = {
            "class": WORDS if gid in {"title", "note"} else "",
            "fill": to_hex(gc.get_rgb()),
            "font-size": _n(prop.get_size_in_points()),
            "font-weight": "bold" if prop.get_weight() in {"bold", 700} else "",
            "text-anchor": anchor if anchor != "start" else "",
        }
        place = f'x="{_n(at[0])}" y="{_n(at[1])}"'
        turned = f' transform="rotate({_n(-angle)} {_n(at[0])} {_n(at[1])})"' if angle else ""
        told = tuple((name, value) for name, value in look.items() if value)
        self._add(told, f"<text {place}{turned}>{_told(s.strip())}</text>")

    def _add(self, look: tuple[tuple[str, str], ...], element: str) -> None:
        self._drawn.append(_Drawn(look, element))


def _alignment(text: Text | None) -> str:
    if text is None:
        return "left"
    return getattr(text, "_multialignment", None) or text.get_horizontalalignment()


def _told(words: str) -> str:
    """Return words as XML, which has no place for some characters."""
    return escape(_UNWRITTEN.sub("\ufffd", words))


def _n(value: float) -> str:
    """Return a coordinate to a hundredth of a point."""
    return f"{round(float(value), 2) + 0:.2f}".rstrip("0").rstrip(".")


def _is_circle(path: Path) -> bool:
    return path.codes is not None and np.array_equal(path.codes, _CIRCLE)


def _within(box: Bbox, x: float, y: float) -> bool:
    return box.x0 - 1 <= x <= box.x1 + 1 and min(box.intervaly) - 1 <= y <= max(box.intervaly) + 1


def _look(gc: GraphicsContextBase, face: Any) -> tuple[tuple[str, str], ...]:
    """Return how a shape looks, as attributes; nothing where it can't be seen."""
    look: dict[str, str] = {}
    forced = gc.get_alpha() if gc.get_forced_alpha() else None
    if face is not None and (len(face) < 4 or face[3] > 0):
        look["fill"] = to_hex(face)
        seen = forced if forced is not None else (face[3] if len(face) > 3 else 1.0)
        look |= {"fill-opacity": _n(seen)} if seen < 1 else {}
    elif face is None or face[3] == 0:
        look["fill"] = "none"
    edge, width = gc.get_rgb(), gc.get_linewidth()
    if width > 0 and edge[3] > 0:
        look |= {"stroke": to_hex(edge), "stroke-width": _n(width)}
        seen = forced if forced is not None else edge[3]
        look |= {"stroke-opacity": _n(seen)} if seen < 1 else {}
        _, dashes = gc.get_dashes()
        look |= {"stroke-dasharray": " ".join(map(_n, dashes))} if dashes is not None else {}
    return tuple(look.items()) if look != {"fill": "none"} else ()


def _outline(path: Path, placed: Transform, box: Bbox | None, *, filled: bool) -> str:
    """Return a path's outline, without what lies outside the box that it is cut to."""
    clip = None
    if box is not None:
        ends = path.get_extents(placed)
        left, low = box.min - 0.5
        right, high = box.max + 0.5
        inside = left <= ends.x0 and ends.x1 <= right and low <= ends.y0 and ends.y1 <= high
        if not inside and filled:
            path, placed = path.transformed(placed), Affine2D()
            path = path.clip_to_bbox(Bbox([[left + 0.5, low + 0.5], [right - 0.5, high - 0.5]]))
        elif not inside:
            clip = (left, low, right, high)
    if path.should_simplify and not filled:
        path = path.deepcopy()
        path.simplify_threshold = _FINE
    simplify = None if not filled else False
    return "".join(_segments(path.iter_segments(placed, clip=clip, simplify=simplify)))


def _segments(segments: Iterator[tuple[np.ndarray, int]]) -> Iterator[str]:
    for vertices, code in segments:
        if code == Path.CLOSEPOLY:
            yield "z"
        else:
            yield _LETTERS[Path.code_type(code)] + " ".join(map(_n, vertices))


def _hatched(box: Bbox) -> str:
    """Return slanting lines within a rectangle."""
    parts = []
    for start in np.arange(box.x0 - box.height + _HATCH / 2, box.x1, _HATCH):
        # From the lower edge upwards to the right, cut at both sides.
        left, right = max(start, box.x0), min(start + box.height, box.x1)
        bottom = max(box.y0, box.y1)
        parts.append(
            f"M{_n(left)} {_n(bottom - (left - start))}L{_n(right)} {_n(bottom - (right - start))}"
        )
    return "".join(parts)
