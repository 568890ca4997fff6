"""A chart on a page: shapes and words that follow the page's colors, with what is behind them."""

import base64
import csv
import io
import re
from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from dme.publish.inert import visible
from dme.publish.markup import raw

PICTURES = {"image/png": "png", "image/jpeg": "jpg"}
"""The kinds of pictures that a page can show, with the ends of their files' names."""

_PLACES = {"class", "transform", "fill", "fill-opacity", "stroke", "stroke-width"}
_PLACES |= {"stroke-opacity", "stroke-dasharray", "font-size", "font-weight", "text-anchor"}
_SHAPES = {
    "g": _PLACES,
    "path": _PLACES | {"d"},
    "circle": _PLACES | {"cx", "cy", "r"},
    "text": _PLACES | {"x", "y"},
    "title": set[str](),
}
# Numbers, letters of outlines, names of colors: nothing that leads anywhere.
_PLAIN = re.compile(r"[\w .,+-]*|#[0-9a-f]{6}|rotate\([\d .-]+\)")
_SPACE = "http://www.w3.org/2000/svg"
_FINE = 9.5
"""Print below this size, in points, is not shrunk to the width of a phone."""
_MARGIN = 3
_COUNT = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?")


class Stem(NamedTuple):
    """The page that a picture stands on, and what it is called if it has no name of its own."""

    page: str
    name: str


def shown(
    stem: Stem, data: Mapping[str, str], metadata: Mapping[str, Any], files: dict[str, bytes]
) -> str:
    """Return a picture as a block of a page, and lay beside the page what a reader may take along.

    Parameters
    ----------
    stem : Stem
        Where it stands.
    data : mapping
        What the cell displayed: a picture, and a chart's SVG and table beside it.
    metadata : mapping
        With it: ``alt``, ``name``, and the ``title``, the ``note`` and the ``box`` between them.
    files : dict of str to bytes
        Files beside the page, by path, which it joins.
    """
    kind = next(mime for mime in PICTURES if mime in data)
    name = re.sub(r"[^a-zA-Z0-9-]+", "-", str(metadata.get("name") or stem.name)).strip("-")
    picture = f"figures/{stem.page}-{name}.{PICTURES[kind]}"
    if picture in files and metadata.get("name") != stem.name:
        # A cell may show several charts that one function drew.
        return shown(stem, data, {**metadata, "name": stem.name}, files)
    path = picture.removesuffix(f".{PICTURES[kind]}")
    files[picture] = base64.b64decode(data[kind])
    alt = str(metadata.get("alt") or data.get("text/plain", ""))
    drawn = _tame(data.get("image/svg+xml", ""), alt)
    if drawn is None:
        return _picture(picture, alt, metadata.get(kind, {}))
    taken = {"svg": _written(drawn), "csv": data.get("text/csv", "").strip().encode()}
    files |= {f"{path}.{suffix}": content for suffix, content in taken.items() if content}
    return _figure(name, path, drawn, metadata, data.get("text/csv", ""))


def _figure(
    name: str, path: str, drawn: ET.Element, metadata: Mapping[str, Any], table: str
) -> str:
    kinds = ["svg", "png", *(["csv"] if table.strip() else [])]
    title, note = (str(metadata.get(part, "")) for part in ("title", "note"))
    if title:
        _without_words(drawn, metadata["box"])
    fine = " fine" if _smallest(drawn) < _FINE else ""
    links = " ".join(
        f'<a href="{escape(path)}.{kind}" download>{kind.upper()}</a>' for kind in kinds
    )
    parts = [
        f'<figure class="plot" id="figure-{escape(name)}">',
        f"<figcaption>{escape(visible(title))}</figcaption>" if title else "",
        f'<div class="drawing{fine}">{_written(drawn).decode()}</div>',
        f'<p class="note">{escape(visible(note))}</p>' if note else "",
        f'<div class="behind">{_table(table)}<p class="files">{links} '
        f'<a href="#figure-{escape(name)}">Link to this figure</a></p></div></figure>',
    ]
    return raw("".join(parts))


def _picture(file: str, alt: str, sizes: Mapping[str, Any]) -> str:
    size = "".join(f' {side}="{int(sizes[side])}"' for side in ("width", "height") if side in sizes)
    return raw(
        f'<figure class="plot"><a href="{escape(file)}"><img src="{escape(file)}" '
        f'alt="{escape(alt)}"{size}></a></figure>'
    )


def _tame(svg: str, alt: str) -> ET.Element | None:
    """Return a drawing written anew of shapes and words; None where it is none."""
    if "<!" in svg:
        return None
    try:
        given = ET.fromstring(svg)
    except ET.ParseError:
        return None
    box = given.get("viewBox", "")
    if given.tag != f"{{{_SPACE}}}svg" or not re.fullmatch(r"0 0 [\d.]+ [\d.]+", box):
        return None
    drawn = ET.Element("svg", {"xmlns": _SPACE, "class": "chart", "role": "img", "viewBox": box})
    drawn.set("font-family", "DejaVu Sans, Verdana, sans-serif")
    drawn.set("aria-label", visible(alt))
    _copied(given, drawn)
    return drawn


def _copied(given: ET.Element, to: ET.Element) -> None:
    for child in given:
        tag = str(child.tag).removeprefix(f"{{{_SPACE}}}")
        if tag not in _SHAPES:
            continue
        kept = {k: v for k, v in child.attrib.items() if k in _SHAPES[tag] and _PLAIN.fullmatch(v)}
        mine = ET.SubElement(to, tag, kept)
        mine.text = visible(child.text) if child.text and tag in {"text", "title"} else None
        _copied(child, mine)


def _written(drawn: ET.Element) -> bytes:
    return ET.tostring(drawn, encoding="utf-8", short_empty_elements=True)


def _without_words(drawn: ET.Element, box: Any) -> None:
    """Leave title and note to the page, and show what is between them."""
    for part in [each for each in drawn if each.get("class") == "words"]:
        drawn.remove(part)
    x, y, width, height = (float(side) for side in box)
    drawn.set("viewBox", f"{x:g} {y - _MARGIN:g} {width:g} {height + 2 * _MARGIN:g}")


def _smallest(drawn: ET.Element) -> float:
    return min((float(one.get("font-size", 99)) for one in drawn), default=99)


def _table(text: str) -> str:
    """Return the table behind a chart, folded."""
    heads, *rows = csv.reader(io.StringIO(text)) if text.strip() else [[]]
    if not rows:
        return ""
    columns = list(zip(*rows, strict=True))
    styles = [_digits(head, column) for head, column in zip(heads, columns, strict=True)]
    body = "".join(f"<tr>{''.join(map(_cell, row, styles))}</tr>" for row in rows)
    top = "".join(
        f"<th{'' if style is None else _NUMBER}>{escape(visible(head))}</th>"
        for head, style in zip(heads, styles, strict=True)
    )
    return (
        '<details class="data"><summary>Data as a table</summary><div class="scroll long">'
        f'<table class="data"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
        "</div></details>"
    )


_NUMBER = ' class="n"'


def _digits(head: str, column: tuple[str, ...]) -> int | None:
    """Return how many decimals the numbers of a column need; None where it holds words."""
    told = [each for each in column if each]
    if "code" in head.lower() or not told or not all(map(_COUNT.fullmatch, told)):
        return None
    values = [float(each) for each in told]
    if all(value.is_integer() for value in values):
        return 0
    return 1 if max(map(abs, values)) >= 10 else 2


def _cell(text: str, digits: int | None) -> str:
    if digits is None:
        return f"<td>{escape(visible(text))}</td>"
    return f"<td{_NUMBER}>{f'{float(text):,.{digits}f}' if text else ''}</td>"
