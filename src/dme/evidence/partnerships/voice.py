"""Which of the plan's areas the published wishes of the community call for (claim V1)."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.partnerships.alignment import Tiles, priorities
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.measures.estimates.estimate import Estimate
from dme.measures.partnerships import coder_agreement, partner_record

AREAS = ("wishes-and-areas", "Priority areas that the community's wishes call for")
AREAS_UNIT = "areas"


@dataclass(frozen=True)
class Voice:
    """The published wishes by priority area.

    Attributes
    ----------
    areas : Measured or Lacking
        How many areas a wish calls for.
    tiles : Tiles or None
        Wishes, and the characteristics that participants weighed, by area.
    attended : DataFrame
        What pages tell of who came, to show.
    """

    areas: Result
    tiles: Tiles | None
    attended: pd.DataFrame


def wishes(
    place: Place,
    coded: tuple[pd.DataFrame, pd.DataFrame],
    facts: pd.DataFrame,
    *,
    public: bool,
) -> Voice:
    """Return which of the plan's areas the published wishes of the community call for.

    Parameters
    ----------
    coded : tuple of DataFrame
        ``codings`` and ``codebook``.
    facts : DataFrame
        ``published_facts``.
    public : bool
        Whether the public pages are of this district.
    """
    if not public:
        lacking = f"no published wishes of the community of {place.own} are in the tables"
        return Voice(Lacking(*AREAS, lacking, AREAS_UNIT, "V1"), None, pd.DataFrame())
    codings, codebook = coded
    labels = priorities(codebook)
    wished = codings[codings["kind"] == "wish"].sort_values("position")
    weighed = codings[codings["kind"] == "characteristic"].sort_values("position")
    return Voice(
        _areas(wished, weighed, labels),
        _wish_tiles(place, wished, weighed, labels),
        _attended(facts),
    )


def _count(value: float, words: str) -> Estimate:
    return Estimate(float(value), None, None, words)


def _areas(wished: pd.DataFrame, weighed: pd.DataFrame, labels: dict[str, str]) -> Measured:
    none = "none: a count of areas, not a sample"
    codes = wished["priorities_1"]
    found = partner_record.reached(codes) & set(labels)
    fewest = partner_record.fewest_reached(codes)
    alone = [
        labels[code]
        for code in labels
        if sum(code in coder_agreement.split(cell) for cell in codes.dropna()) == 1
    ]
    others = {
        "without the wish that most hangs on": _count(fewest, none),
        "by the characteristics of a great school weighed on 12 June 2017": _count(
            len(partner_record.reached(weighed["priorities_1"]) & set(labels)), none
        ),
    }
    return Measured(
        *AREAS,
        f"The {len(wished)} wishes that the study names call for {len(found)} of the "
        f"{len(labels)} areas; {', '.join(alone) or 'no area'} "
        f"{'rest' if len(alone) != 1 else 'rests'} on a single wish each.",
        _count(len(found), none),
        AREAS_UNIT,
        population="wishes of families, students, staff and civic leaders, as the study sums them "
        "up",
        year="2017",
        method="Wishes coded to areas by the codebook, once, by this project; areas with at least "
        "one wish counted.",
        claim="V1",
        basis="proxy",
        caveat="That wishes match areas does not show that they shaped them: the study itself "
        "sums up the wishes, after it had the areas. The comments are not public.",
        alternatives=alternatives(others),
        tables=("codings", "codebook"),
    )


def _wish_tiles(
    place: Place, wished: pd.DataFrame, weighed: pd.DataFrame, labels: dict[str, str]
) -> Tiles:
    rows = pd.concat([wished, weighed])
    subjects = [
        *(f"Wish: {name}" for name in wished["subject"]),
        *(f"Weighed: {name}" for name in weighed["subject"]),
    ]
    matrix = partner_record.matrix(pd.Series(subjects), rows["priorities_1"], list(labels))
    named = matrix.rename(columns=labels)
    told = "; ".join(
        f"{labels[code]} {int(matrix[code].eq(partner_record.YES).sum())}" for code in labels
    )
    picture = Picture(
        f"What the community of {place.own} asked for, by the plan's four areas",
        "Wishes as the study sums them up, and characteristics of a great school that "
        f"participants weighed on 12 June 2017 ({len(weighed)} of 15 could be read). Coded once "
        "by this project. Source: the case study; Achieve Hartford.",
        f"Matrix of {len(wished)} wishes and {len(weighed)} characteristics by area: {told}.",
    )
    words = named.replace(
        {partner_record.YES: "yes", partner_record.NO: "", partner_record.UNTOLD: "?"}
    )
    return Tiles(words, named.eq(partner_record.YES).astype(float), picture)


def _attended(facts: pd.DataFrame) -> pd.DataFrame:
    rows = facts[facts["topic"] == "voice"].sort_values("period")
    return pd.DataFrame(
        {
            "Event": rows["subject"],
            "People": [
                f"{value} ({unit})" for value, unit in zip(rows["value"], rows["unit"], strict=True)
            ],
            "What else the page tells": rows["note"],
        }
    )
