"""The few verbs of a notebook, such as `begin`, `finding`, `show` and `answer`."""

import base64
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from dme import cards, findings, observe
from dme.claims import Basis, Claim, Verdict, judge, yardstick
from dme.errors import DmeError
from dme.evidence.result import Lacking, Result
from dme.figures.look import drawing
from dme.figures.picture import png
from dme.findings import Alternative, Finding
from dme.measures.estimate import Estimate
from dme.session import begin, current, load, note_told, supplied, swept
from dme.tables import told
from dme.tables.holdings import holding
from dme.tables.schemas import known, spec

__all__ = [
    "Alternative",
    "answer",
    "begin",
    "claimed",
    "finding",
    "inputs",
    "load",
    "missing",
    "needs",
    "record",
    "show",
    "supplied",
    "swept",
]

_PIXELS_PER_INCH = 120
_SHARPNESS = 2


def needs(*names: str) -> None:
    """Show which tables the notebook needs, what they hold of the district, and what lacks.

    Parameters
    ----------
    *names : str
        Tables that the notebook reads; see `dme.tables.names`.
    """
    study = current()
    observe.parameter("district", "tables")
    for name in names:
        note_told(name)
    held = [holding(name, study.district, study.folder) for name in names]
    _display({"text/html": cards.needs_html(held), "text/plain": cards.needs_text(held)})


def claimed(claim_id: str) -> tuple[float, float] | None:
    """Return the ends of a claim's published figure, to draw it beside the recomputed one.

    None where the study is of a district that the claims do not speak of.
    """
    claim = _claim(claim_id)
    return claim.published.ends if claim and claim.published else None


def _claim(claim_id: str | None) -> Claim | None:
    """Return the claim that a finding names; None where the claims are of another district."""
    claims = yardstick()
    observe.parameter("district")
    ours = claim_id is not None and current().district == claims.district
    return claims[claim_id] if ours else None


def _display(bundle: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
    display(bundle, raw=True, metadata=metadata or {})


def _answer(
    claim_id: str | None, estimate: Estimate, holds: Sequence[bool], basis: Basis
) -> dict[str, Any]:
    """Return the fields of a finding that say how it answers its claim."""
    claim = _claim(claim_id)
    if claim is None:
        return {}
    observe.parameter(*claim.terms)
    if departures := claim.departures(current().model_dump(mode="json")):
        reason = f"No verdict: this study departs from the claim ({'; '.join(departures)})."
        return _claim_fields(claim) | {"reason": reason}
    verdict, reason = judge(
        claim,
        yardstick().tolerance_of(claim),
        estimate.value,
        estimate.low,
        estimate.high,
        holds=holds,
        basis=basis,
    )
    return _claim_fields(claim) | {"verdict": verdict, "reason": reason}


def _claim_fields(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "statement": claim.statement,
        "published": claim.published_text,
    }


def finding(
    name: str,
    title: str,
    sentence: str,
    estimate: Estimate,
    unit: str,
    *,
    population: str,
    year: str,
    method: str,
    claim: str | None = None,
    holds: Sequence[bool] = (),
    basis: Literal["measured", "proxy", "modelled"] = "measured",
    caveat: str = "",
    alternatives: tuple[Alternative, ...] = (),
    tables: tuple[str, ...] = (),
) -> None:
    """Record a finding in the cell's output, and show it as a card.

    Parameters
    ----------
    name : str
        A slug, unique in the study: the finding's id and its address on the site.
    title, sentence : str
        A heading, and the finding in plain words.
    estimate : Estimate
        The figure with its interval, in `unit`.
    tables : tuple of str
        Tables that the figure rests on; ``name/edition`` for one edition of a table.
    unit, population, year, method, basis, caveat, alternatives
        See `dme.findings.Finding`.
    claim : str, optional
        The claim that it answers; the verdict is given only for the district that the claims
        speak of.
    holds : sequence of bool
        For a claim that is a statement: whether each of its criteria holds.

    Raises
    ------
    DmeError
        If no study has begun, or there is no such claim.
    """
    _store(
        Finding(
            id=name,
            title=title,
            sentence=sentence,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            interval=estimate.interval,
            unit=unit,
            population=population,
            year=year,
            method=method,
            basis=basis,
            caveat=caveat,
            alternatives=alternatives,
            tables=tables,
            typed=_typed(tables),
            **_answer(claim, estimate, holds, basis),
        )
    )


def _typed(names: Sequence[str]) -> tuple[str, ...]:
    """Return those of the tables, or editions of tables, whose figures were typed by hand."""
    package = told(current().folder)
    typed = []
    for whole in names:
        name, _, edition = whole.partition("/")
        if name not in package and name not in known():
            message = f'A finding names a table that there is not: "{name}".'
            raise DmeError(message)
        note_told(name)
        by_hand = name in package and package[name].kind == "transcribed"
        if by_hand and (not edition or edition in spec(name).typed_editions):
            typed.append(whole)
    return tuple(typed)


def missing(name: str, title: str, lacking: str, unit: str, claim: str | None = None) -> None:
    """Record that a finding can't be made, and say what it lacks.

    Parameters
    ----------
    name, title, unit
        See `finding`.
    lacking : str
        What is not there, in words: the data, or a group that the parameters leave empty.
    claim : str, optional
        The claim that could not be tested for lack of **data**; none where other parameters
        would do.
    """
    answers: dict[str, Any] = {}
    if untested := _claim(claim):
        reason = f"For this study, {lacking}."
        answers = _claim_fields(untested) | {"verdict": Verdict.NOT_TESTABLE, "reason": reason}
    _store(
        Finding(
            id=name,
            title=title,
            sentence=f"Not measured: {lacking}.",
            value=None,
            unit=unit,
            population="",
            year="",
            method="",
            **answers,
        )
    )


def record(*results: Result) -> None:
    """Record what a section found, or that it could not be measured, as findings.

    Parameters
    ----------
    *results : Measured or Lacking
        See `dme.evidence.result`.
    """
    for result in results:
        words = {item.name: getattr(result, item.name) for item in fields(result)}
        (missing if isinstance(result, Lacking) else finding)(**words)


def _store(found: Finding) -> None:
    _display(
        {
            findings.MIME: json.loads(json.dumps(found.to_json())),
            "text/html": cards.html(found),
            "text/plain": cards.text(found),
        }
    )


def show(thing: Figure | pd.DataFrame, alt: str) -> None:
    """Show a figure, or a small table, with the words that stand in for it.

    Parameters
    ----------
    thing : Figure or DataFrame
        A figure is closed after it is shown; a table is shown with its column names as they are.
        Where the environment variable ``DME_DRAW`` says ``no``, a figure is not drawn.
    alt : str
        What a reader who can't see it must know.
    """
    if isinstance(thing, pd.DataFrame):
        _display(
            {"text/html": cards.table_html(thing, alt), "text/plain": thing.to_string(index=False)}
        )
        return
    if not drawing():
        plt.close(thing)
        _display({"text/plain": alt})
        return
    picture = png(thing, _PIXELS_PER_INCH * _SHARPNESS)
    width, height = (round(side * _PIXELS_PER_INCH) for side in thing.get_size_inches())
    plt.close(thing)
    _display(
        {"image/png": base64.b64encode(picture).decode(), "text/plain": alt},
        {"image/png": {"width": width, "height": height}, "alt": alt},
    )


def answer(text: str) -> None:
    """Record what the notebook answers to its question; the page shows it first.

    Parameters
    ----------
    text : str
        A few sentences in plain words, as Markdown, with figures that were computed.
    """
    _display(
        {findings.ANSWER_MIME: {"text": text}, "text/markdown": text, "text/plain": text},
    )


def inputs() -> None:
    """Record in the cell's output which files of the project the notebook read, with sha256."""
    read = observe.inputs()
    rows = "".join(
        f"<tr><td>{cards.escape(name)}</td><td><code>{digest[:16]}</code></td></tr>"
        for name, digest in read.items()
    )
    _display(
        {
            findings.INPUTS_MIME: read,
            findings.PARAMETERS_MIME: observe.parameters(),
            "text/html": (
                '<table class="inputs"><thead><tr><th>File</th><th>sha256 (first 16)</th></tr>'
                f"</thead><tbody>{rows}</tbody></table>"
            ),
            "text/plain": "\n".join(f"{digest}  {name}" for name, digest in read.items()),
        }
    )
