"""A figure as the bytes of a PNG file, drawn once."""

import io
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from dme.measures.estimates.estimate import places

# More takes twice the time, for files a twentieth smaller.
_LEVEL = 3


def png(figure: Figure, dpi: int) -> bytes:
    """Draw a figure and return it as a PNG file; the same figure gives the same bytes.

    `Figure.savefig` would lay out and draw a figure with a layout engine twice, and keep the
    transparency that no figure here has.

    Parameters
    ----------
    figure : Figure
        Without transparent parts. It is left with the new resolution.
    dpi : int
        Dots per inch.
    """
    for axes in figure.axes:
        for line in axes.lines:
            line.set_xdata(_steady(line.get_xdata()))
            line.set_ydata(_steady(line.get_ydata()))
    figure.set_dpi(dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    with io.BytesIO() as file:
        drawn.save(file, "PNG", dpi=(dpi, dpi), compress_level=_LEVEL)
        return file.getvalue()


def _steady(drawn: Any) -> Any:
    """Return a line's coordinates without the digits that are other on another processor.

    Of a straight line that was fitted, those decide which of its points are left out as needless.
    """
    at = np.asarray(drawn)
    known = at[np.isfinite(at)] if at.dtype.kind == "f" else at[:0]
    return np.round(at, places(np.abs(known).max())) if known.size else drawn
