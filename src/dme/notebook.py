"""The few verbs of a notebook: `begin` a study, declare a `finding`, `record` and `show` it."""

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from dme import cards, figures, findings, observe, paths
from dme.errors import DmeError, Lacking
from dme.figures import told
from dme.figures.look import drawing, framed, settings
from dme.figures.picture import png
from dme.figures.vector import svg
from dme.findings import Alternative, code, constants, functions, session, verdicts
from dme.findings.claims import yardstick
from dme.findings.declared import FindingFunction, finding
from dme.findings.functions import StudyFunction, evaluate, step
from dme.findings.memory import Kept
from dme.findings.place import district_names
from dme.findings.session import load, note_told, supplied, swept
from dme.findings.unseen import tables_warning, warnings
from dme.linked import plain, taken
from dme.measures.estimates.yard import Yard
from dme.study import Study
from dme.tables.holdings import holding
from dme.text import quantity, unit_head

__all__ = [
    "Lacking",
    "agreeing",
    "answer",
    "begin",
    "claimed",
    "district_names",
    "evaluate",
    "finding",
    "forest",
    "inputs",
    "load",
    "needs",
    "noted",
    "record",
    "show",
    "step",
    "supplied",
    "swept",
]

# What a notebook reads is noted from here on, before it begins its study too.
observe.watch()

_PIXELS_PER_INCH = 120
_SHARPNESS = 2


def begin(parameters: Mapping[str, Any]) -> Study:
    """Begin a study with the notebook's ``globals()``; see `dme.findings.session.begin`.

    Sets the figures' look too, and lets results be kept between runs.
    """
    study = session.begin(parameters)
    figures.set_look()
    functions.remember_on_disk()
    return study


def needs(*names: str) -> None:
    """Show which tables the notebook needs, what they hold of the district, and what lacks.

    Parameters
    ----------
    *names : str
        Tables that the notebook reads; see `dme.tables.names`.
    """
    study = session.current()
    session.note_parameters("district", "tables")
    for name in names:
        note_told(name)
    _warn(tables_warning(names))
    held = [holding(name, study.district, study.folder) for name in names]
    _display({"text/html": cards.needs_html(held), "text/plain": cards.needs_text(held)})


def claimed(claim_id: str) -> tuple[float, float] | None:
    """Return the ends of a claim's published figure, to draw it beside the recomputed one.

    None where the claims speak of no such study: of another district, or of another time.
    """
    claim = verdicts.claim_of(claim_id)
    return claim.published.ends if claim and claim.published else None


def agreeing(claim_id: str) -> Yard | None:
    """Return what agrees with a published figure.

    None where the claims speak of no such study: of another district, or of another time.
    """
    claim = verdicts.claim_of(claim_id)
    return yardstick().yard(claim) if claim else None


def _display(bundle: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> None:
    display(dict(bundle), raw=True, metadata=dict(metadata or {}))


def record(
    one: FindingFunction,
    sentence: str = "",
    *,
    population: str = "",
    year: str = "",
    caveat: str = "",
) -> None:
    """Record a finding in the cell's output, with its other choices, and show it as a card.

    What can't be made is recorded with what it lacks; what no study can make needs no words.

    Parameters
    ----------
    one : FindingFunction
        The finding.
    sentence, population, year, caveat : str
        The finding in plain words; who is counted under which filter; when; what it leaves out.
        Each is filled with the finding's facts: see `FindingFunction.says`.

    Raises
    ------
    DmeError
        If `one` is no finding.
    """
    if not isinstance(one, FindingFunction):
        message = f"record takes a finding, and {one!r} is none: declare it with @finding(...)."
        raise DmeError(message)
    found = one.told(sentence, population, year, caveat)
    _display(
        {
            findings.MIME: json.loads(json.dumps(found.to_json())),
            "text/html": cards.html(found),
            "text/plain": cards.text(found),
        }
    )


Pictured = tuple[Figure | pd.DataFrame, str]
"""What is shown, and the words that stand in for it."""


class _Shown(StudyFunction[Any]):
    """A function of the study that is remembered as what a cell displays of it."""

    def code(self) -> str:
        """Return the digest of what is drawn, and of how it is turned into what is displayed."""
        return f"{super().code()} {_display_digest()}"

    def _evaluated(self, study: Study, options: Mapping[str, Any]) -> Kept:
        kept = super()._evaluated(study, options)
        return (
            kept
            if isinstance(kept.value, Lacking)
            else kept._replace(value=_bundle(*kept.value, self.__name__))
        )


def show(thing: Callable[[Any], Pictured] | Figure | pd.DataFrame, alt: str = "") -> Any:
    """Show a chart, or a small table, with the words that stand in for it.

    As a decorator, ``@show`` shows what a function of the study returns, and remembers it: a chart
    is drawn anew only when something that it rests on has changed. Where the study lacks
    what it takes, nothing is shown.

    Parameters
    ----------
    thing : function of the study, Figure or DataFrame
        A function returns the figure or table together with its `alt`. A figure is closed after
        it is shown; a table is shown with its column names as they are. Where the environment
        variable ``DME_DRAW`` says ``no``, no chart is drawn.
    alt : str
        What a reader who can't see it must know.
    """
    if isinstance(thing, Figure | pd.DataFrame):
        _display(*_bundle(thing, alt))
        return None
    shown = _Shown(thing)
    if drawing():
        # What the study lacks, the finding beside it says.
        with contextlib.suppress(Lacking):
            _display(*shown(session.current()))
    return shown


def _display_digest() -> str:
    modules = (code.module_digest(name) for name in ("dme.figures", "dme.cards"))
    return "".join((*modules, hashlib.sha256(settings().encode()).hexdigest()))


def _bundle(
    thing: Figure | pd.DataFrame, alt: str, name: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a cell displays of a figure or table, and the display's metadata.

    A chart is a picture for whatever shows notebooks, shapes and words for the page, and the table
    of what it shows.
    """
    alt = plain(alt)
    if isinstance(thing, pd.DataFrame):
        html = cards.table_html(thing, alt)
        return {"text/html": html, "text/plain": thing.to_string(index=False)}, {}
    if not drawing():
        plt.close(thing)
        return {"text/plain": alt}, {}
    frame, titles, table = framed(thing), told.titles(thing), told.table(thing)
    picture = png(thing, _PIXELS_PER_INCH * _SHARPNESS)
    drawn = svg(thing, alt, titles)
    width, height = (round(side * _PIXELS_PER_INCH) for side in thing.get_size_inches())
    plt.close(thing)
    return (
        {
            "image/png": base64.b64encode(picture).decode(),
            "image/svg+xml": drawn,
            "text/csv": table.to_csv(index=False, lineterminator="\n", float_format="%.10g"),
            "text/plain": alt,
        },
        {"image/png": {"width": width, "height": height}, "alt": alt, "name": name, **frame},
    )


def forest(
    one: FindingFunction, title: str, note: str = "", primary: str = "the study's own choice"
) -> None:
    """Show a finding under every choice as estimates with their intervals, one below the other.

    Beside them stands the published figure, where there is one. Nothing is shown where the
    finding can't be made.

    Parameters
    ----------
    one : FindingFunction
        The finding, with its other choices declared.
    title, note : str
        What is seen; who is counted, and the source. Both are filled with the finding's facts.
    primary : str
        What the finding's own choice is called.
    """
    if not drawing() or one.lacking():
        return
    choices = (Alternative.of(primary, one.estimate), *one.alternatives)
    ends = claimed(one.claim) if one.claim else None
    heading, words = one.worded(title), one.worded(note)
    head = unit_head(one.unit)
    listed = "; ".join(f"{each.label} {quantity(each.value, one.unit)}" for each in choices)
    alt = f"{heading}. {listed}."
    drawn = [(each.label, each.value, each.low, each.high) for each in choices]
    told = [one.id, head, drawn, ends, heading, words, alt, _display_digest()]
    stamp = hashlib.sha256(json.dumps(told).encode())
    study, memory = session.current(), functions.remembered()
    kept = memory.recall(stamp.hexdigest(), study)
    if kept is None:
        figure = figures.forest(choices, ends, head, title=heading, note=words)
        kept = Kept(_bundle(figure, alt, f"{one.id}-choices"), session.Reading())
        memory.keep(stamp.hexdigest(), study, kept)
    _display(*kept.value)


def answer(*texts: str) -> None:
    """Record what the notebook answers to its question; the page shows it first.

    Parameters
    ----------
    *texts : str
        A few sentences in plain words, as Markdown, with figures that were computed, such as
        `FindingFunction.says` returns; empty ones are left out. Which number came from which
        finding is stored beside them, and the page makes links of it.
    """
    text, numbers = taken("\n".join(filter(None, texts)))
    stored = {"text": text, "numbers": numbers}
    _display({findings.ANSWER_MIME: stored, "text/markdown": text, "text/plain": text})


def _warn(told: Sequence[str]) -> None:
    for text in told:
        html = f'<p class="warning">{cards.escape(text)}</p>'
        _display({"text/html": html, "text/plain": text})


def noted(path: str) -> str:
    """Note a file of the project as read, and return its path for a reader outside Python.

    What Python opens is noted by itself; what pyarrow, polars or DuckDB open is not.

    Parameters
    ----------
    path : str
        The file, as seen from the project's folder.
    """
    whole = paths.home() / path
    whole.open("rb").close()
    return str(whole)


def inputs() -> None:
    """Record in the cell's output which files of the project the notebook read, with sha256."""
    told = warnings((*constants.cells_run(), *observe.sources()), observe.inputs())
    _warn(told)
    read = observe.inputs()
    rows = "".join(
        f"<tr><td>{cards.escape(name)}</td><td><code>{digest[:16]}</code></td></tr>"
        for name, digest in read.items()
    )
    _display(
        {
            findings.INPUTS_MIME: read,
            findings.PARAMETERS_MIME: session.parameters_read(),
            findings.WARNINGS_MIME: told,
            "text/html": (
                '<table class="inputs"><thead><tr><th>File</th><th>sha256 (first 16)</th></tr>'
                f"</thead><tbody>{rows}</tbody></table>"
            ),
            "text/plain": "\n".join(f"{digest}  {name}" for name, digest in read.items()),
        }
    )
