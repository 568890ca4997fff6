"""Which of the district's priorities its partners serve (claim F2), and the coders' agreement."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.measures.estimates.estimate import Estimate
from dme.measures.partnerships import coder_agreement, partner_record
from dme.study import Study
from dme.text import plural, quantity

NONE = ("partners-serving-none", "Partnerships that serve none of the district's priorities")
AGREED = ("inventory-agreement", "Agreement of two coders on the partners' priorities")
UNIT = "percent of partnerships"
KAPPA = "percent of the agreement beyond chance"
LINE = 50
"""Percent of partnerships: above it most serve no priority (the claim's criterion)."""

_WORDS = {partner_record.YES: "serves", partner_record.NO: "", partner_record.UNTOLD: "?"}
_SHADES = {partner_record.YES: 1.0, partner_record.NO: 0.0, partner_record.UNTOLD: None}
_MOST_ROWS = 30
"""A picture of more partners can't be read; the table beside it tells all."""


@dataclass(frozen=True)
class Tiles:
    """A matrix to draw: the words of each tile, its shade from 0 to 1, and the figure's words.

    Attributes
    ----------
    words, shades : DataFrame
        Rows by columns; a missing shade is drawn as unknown.
    picture : Picture
        The figure's words.
    """

    words: pd.DataFrame
    shades: pd.DataFrame
    picture: Picture


@dataclass(frozen=True)
class Alignment:
    """Partners by priority.

    Attributes
    ----------
    none : Measured or Lacking
        The share of partnerships that serve no priority.
    agreed : Measured, Lacking or None
        Cohen's kappa of two coders over all priorities; None without an inventory, as what
        public pages tell was coded once.
    by_code : DataFrame
        Agreement on each priority, to show; empty where only one coder coded.
    tiles : Tiles or None
        The matrix of partners and priorities.
    """

    none: Result
    agreed: Result | None
    by_code: pd.DataFrame
    tiles: Tiles | None

    @property
    def results(self) -> tuple[Result, ...]:
        """What there is to record."""
        return (self.none, self.agreed) if self.agreed else (self.none,)


def alignment(
    study: Study,
    place: Place,
    coded: tuple[pd.DataFrame, pd.DataFrame],
    inventory: pd.DataFrame | None,
    *,
    public: bool,
) -> Alignment:
    """Return which priorities partners serve, by public pages or by the district's inventory.

    Parameters
    ----------
    coded : tuple of DataFrame
        ``codings`` and ``codebook``.
    inventory : DataFrame or None
        The district's own file, which then takes the pages' place.
    public : bool
        Whether the public pages are of this district.
    """
    codings, codebook = coded
    labels = priorities(codebook)
    if inventory is not None:
        return _of_inventory(study, place, inventory, labels if public else {})
    if not public:
        lacking = f"no page and no inventory tells the purpose of a partner of {place.own}"
        return Alignment(
            Lacking(*NONE, lacking, UNIT, "F2"),
            None,
            pd.DataFrame(),
            None,
        )
    partners = codings[codings["kind"] == "partner"].sort_values("position")
    told = partners["priorities_1"].notna()
    lacking = (
        "no inventory of partners with their purposes is public: pages tell what "
        f"{int(told.sum())} of the {len(partners)} partners that they name do, and pages tell of "
        "what works. The district's inventory would settle it (parameter partner_inventory)"
    )
    return Alignment(
        Lacking(*NONE, lacking, UNIT, "F2"),
        None,
        pd.DataFrame(),
        _tiles(
            place,
            partner_record.matrix(partners["subject"], partners["priorities_1"], list(labels)),
            labels,
            "Coded once by this project from what a page says a partner does. ?: no page that was "
            "read says. Source: published pages, as far as found.",
        ),
    )


def priorities(codebook: pd.DataFrame, scheme: str = "priorities") -> dict[str, str]:
    """Return the labels of a scheme's codes, in the study's order of the areas."""
    rows = codebook[codebook["scheme"] == scheme]
    order = {code: at for at, code in enumerate(("TL", "FC", "CC", "OE"))}
    found = dict(zip(rows["code"], rows["label"], strict=True))
    return dict(sorted(found.items(), key=lambda pair: order.get(pair[0], len(order))))


def shown_codebook(codebook: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Return a scheme of the codebook as a table to show."""
    rows = codebook[codebook["scheme"] == scheme].set_index("code")
    rows = rows.loc[list(priorities(codebook, scheme))].reset_index()
    heads = {"code": "Code", "label": "Means", "include": "Counts", "exclude": "Does not count"}
    return rows[list(heads)].rename(columns=heads)


def shown_agreement(found: tuple[coder_agreement.Agreement, ...]) -> pd.DataFrame:
    """Return agreement code by code as a table to show."""
    return pd.DataFrame(
        [
            {
                "Code": each.code,
                "Units": each.units,
                "Both": each.both,
                "One alone": each.first + each.second,
                "Agreement": quantity(round(each.percent, 1), "percent"),
                "Kappa": _kappa(each.kappa),
                "If evenly spread": f"{each.pabak:.2f}",
                "Caution": "rare code" if each.rare else "",
            }
            for each in found
        ]
    )


def _kappa(kappa: Estimate | None) -> str:
    if kappa is None:
        return "–"
    return f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})"


def agreed(
    place: Place,
    words: tuple[str, str],
    columns: tuple[pd.Series, pd.Series],
    codes: tuple[str, ...],
    what: str,
) -> tuple[Result, pd.DataFrame]:
    """Return two coders' agreement over all codes as a finding, and code by code as a table.

    Parameters
    ----------
    words : tuple of str
        The finding's name and title.
    columns : tuple of Series
        The two coders' codes.
    codes : tuple of str
        The scheme.
    what : str
        What was coded, in words.
    """
    first, second = columns
    twice = int(coder_agreement.coded_twice(first, second).sum())
    if not twice:
        return Lacking(*words, f"no {what} was coded by two coders", KAPPA), pd.DataFrame()
    each = coder_agreement.by_code(first, second, codes, place.resampling.confidence)
    kappa = coder_agreement.overall(first, second, codes, place.resampling)
    shown = shown_agreement(each)
    if kappa is None:
        lacking = "both coders decided alike everywhere, so that chance leaves nothing to explain"
        return Lacking(*words, lacking, KAPPA), shown
    same = sum(one.both + one.neither for one in each) / sum(one.units for one in each)
    rare = [one.code for one in each if one.rare]
    found = Measured(
        *words,
        f"Two coders agreed in {quantity(round(100 * same, 1), 'percent')} of decisions on "
        f"{plural(twice, what)}.",
        _in_percent(kappa),
        KAPPA,
        population=f"every {what} that both coders coded, {plural(len(codes), 'code')} each",
        year="as the file stands",
        method="Cohen's kappa in percent; each code of each row is one decision.",
        caveat=f"Rare codes, on which kappa hangs on single rows: {', '.join(rare)}."
        if rare
        else "",
        alternatives=alternatives(
            {f"{one.code} alone": _in_percent(one.kappa) for one in each if one.kappa}
        ),
    )
    return found, shown


def _in_percent(kappa: Estimate) -> Estimate:
    low, high = (None if end is None else 100 * end for end in (kappa.low, kappa.high))
    return Estimate(100 * kappa.value, low, high, kappa.interval)


def _of_inventory(
    study: Study, place: Place, inventory: pd.DataFrame, labels: dict[str, str]
) -> Alignment:
    given = coder_agreement.scheme_of(inventory["priorities_1"], inventory["priorities_2"])
    labels = labels or {code: code for code in given}
    none = partner_record.serving_none(inventory["priorities_1"], set(labels), study.confidence)
    second = partner_record.serving_none(inventory["priorities_2"], set(labels), study.confidence)
    agreement_found, by_code = agreed(
        place,
        AGREED,
        (inventory["priorities_1"], inventory["priorities_2"]),
        tuple(labels),
        "partnership",
    )
    if none is None:  # the layout asks for the first coder's codes
        message = "The inventory has no codes of the first coder."
        raise ValueError(message)
    matrix = partner_record.matrix(inventory["partner"], inventory["priorities_1"], list(labels))
    found = Measured(
        *NONE,
        f"{quantity(round(none.value, 1), 'percent')} of {plural(len(inventory), 'partnership')} "
        f"in {place.own}'s inventory serve none of its priorities.",
        none,
        UNIT,
        population=f"rows of {place.own}'s own inventory",
        year="as the inventory stands",
        method="Rows to which the first coder gave none of the priorities' codes.",
        claim="F2",
        holds=(none.value > LINE,),
        caveat="The inventory is the district's own and was not checked.",
        alternatives=alternatives({"by the second coder": second} if second else {}),
    )
    note = "By the first coder. Source: the district's own inventory, as supplied."
    tiles = _tiles(place, matrix, labels, note) if len(matrix) <= _MOST_ROWS else None
    return Alignment(found, agreement_found, by_code, tiles)


def _tiles(place: Place, matrix: pd.DataFrame, labels: dict[str, str], note: str) -> Tiles:
    told = matrix[~matrix.eq(partner_record.UNTOLD).all(axis=1)]
    serving = {labels[code]: int(matrix[code].eq(partner_record.YES).sum()) for code in labels}
    counts = "; ".join(f"{label} {count}" for label, count in serving.items())
    named = matrix.rename(columns=labels)
    picture = Picture(
        f"What the partners of {place.own}'s schools do, by the district's priorities",
        note,
        f"Matrix of {len(matrix)} partners and {len(labels)} priorities; of the {len(told)} "
        f"whose purpose is told serve: {counts}.",
    )
    return Tiles(named.replace(_WORDS), named.apply(lambda column: column.map(_SHADES)), picture)
