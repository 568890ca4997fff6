"""Themes of a district's own comments, by zone, and how far two coders agree on them."""

from dataclasses import dataclass

import pandas as pd

from dme.evidence.partnerships.alignment import Tiles, agreed, priorities
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured, Picture, Result, alternatives
from dme.measures.estimates.estimate import Estimate
from dme.measures.partnerships import coder_agreement, partner_record
from dme.study import Study
from dme.text import plural, quantity

THEME = ("comment-themes", "The theme that most comments raise")
AGREED = ("comment-agreement", "Agreement of two coders on the comments' themes")
THEME_UNIT = "percent of comments"


@dataclass(frozen=True)
class Comments:
    """A district's own comments.

    Attributes
    ----------
    themes : Measured or Lacking
        The most frequent theme.
    agreed : Measured, Lacking or None
        The coders' agreement; None without comments.
    by_code : DataFrame
        Agreement theme by theme, to show.
    shares : DataFrame or None
        Themes over all comments: see `dme.measures.partnerships.partner_record.themes`, with
        ``label``.
    shares_picture : Picture or None
        The words of its figure.
    tiles : Tiles or None
        Themes by zone.
    by_zone : DataFrame or None
        The same with intervals, to show.
    """

    themes: Result
    agreed: Result | None
    by_code: pd.DataFrame
    shares: pd.DataFrame | None = None
    shares_picture: Picture | None = None
    tiles: Tiles | None = None
    by_zone: pd.DataFrame | None = None

    @property
    def results(self) -> tuple[Result, ...]:
        """What there is to record."""
        return (self.themes, self.agreed) if self.agreed else (self.themes,)


def comments(
    study: Study,
    place: Place,
    codebook: pd.DataFrame,
    own: pd.DataFrame | None,
) -> Comments:
    """Return the themes of a district's own comments, and how far two coders agree.

    The first coder's codes are the themes; the second's tell how firm they are.

    Parameters
    ----------
    codebook : DataFrame
        ``codebook``: its labels serve where the file uses its codes.
    own : DataFrame or None
        The district's file; None where the study names none.
    """
    if own is None:
        lacking = (
            f"no comments of the community of {place.own} are public, and the study names no file "
            "of them (parameter comments; begin one with: dme template comments)"
        )
        return Comments(Lacking(*THEME, lacking, THEME_UNIT), None, pd.DataFrame())
    codes = coder_agreement.scheme_of(own["themes_1"], own["themes_2"])
    kappa, by_code = agreed(place, AGREED, (own["themes_1"], own["themes_2"]), codes, "comment")
    shares = partner_record.themes(own["themes_1"], codes, study.confidence)
    if shares.empty:
        lacking = "no comment in the file has a theme"
        return Comments(Lacking(*THEME, lacking, THEME_UNIT), kappa, by_code)
    labels = priorities(codebook, "themes")
    shares["label"] = [labels.get(code, code) for code in shares["code"]]
    zoned = partner_record.themes_by(own, "zone", "themes_1", codes, study.confidence)
    return Comments(
        _themes(study, place, shares, own),
        kappa,
        by_code,
        shares,
        Picture(
            f"Themes of the comments of {place.own}'s community",
            f"Dot: share of {plural(len(own), 'comment')}; bar: {study.confidence:g}% interval "
            "(Wilson). A comment may have several themes. First coder. Source: the district's own "
            "file, as supplied.",
            "Share of comments by theme: "
            + "; ".join(f"{row.label} {row.percent:.0f}%" for row in shares.itertuples())
            + ".",
        ),
        _zone_tiles(place, zoned, list(shares["code"]), labels),
        _shown_zones(zoned, labels) if len(zoned) else None,
    )


def _themes(study: Study, place: Place, shares: pd.DataFrame, own: pd.DataFrame) -> Measured:
    first = shares.iloc[0]
    second = partner_record.themes(own["themes_2"], (first["code"],), study.confidence)
    beside = {} if second.empty else {"by the second coder": _share_of(second.iloc[0], study)}
    return Measured(
        *THEME,
        f"{first['label']}: {first['comments']} of {first['of']} comments.",
        _share_of(first, study),
        THEME_UNIT,
        population=f"comments in {place.own}'s own file",
        year="as the file stands",
        method="Comments to which the first coder gave the theme.",
        caveat="Who comments is not a sample of the community.",
        alternatives=alternatives(beside),
    )


def _share_of(row: pd.Series, study: Study) -> Estimate:
    words = f"{study.confidence:g}% interval (Wilson 1927), {row['of']} comments"
    return Estimate(float(row["percent"]), float(row["low"]), float(row["high"]), words)


def _zone_tiles(
    place: Place, zoned: pd.DataFrame, codes: list[str], labels: dict[str, str]
) -> Tiles | None:
    if zoned.empty:
        return None
    wide = zoned.pivot(index="zone", columns="code", values="percent").reindex(columns=codes)
    of = zoned.groupby("zone")["of"].first()
    wide.index = [f"{zone} ({of[zone]})" for zone in wide.index]
    named = wide.rename(columns=labels)
    words = named.map(lambda value: quantity(round(value), "percent"))
    picture = Picture(
        f"Themes of comments by zone of {place.own}",
        "Share of the zone's comments with the theme; in brackets its comments. Few comments say "
        "little: the table has intervals. Source: the district's own file, as supplied.",
        f"Matrix of {len(named)} zones and {len(codes)} themes; the table beside it has all.",
    )
    return Tiles(words, named / 100, picture)


def _shown_zones(zoned: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Zone": zoned["zone"],
            "Theme": [labels.get(code, code) for code in zoned["code"]],
            "Comments": [
                f"{n} of {of}" for n, of in zip(zoned["comments"], zoned["of"], strict=True)
            ],
            "Share": [f"{value:.0f}%" for value in zoned["percent"]],
            "Interval": [
                f"{low:.0f}% to {high:.0f}%"
                for low, high in zip(zoned["low"], zoned["high"], strict=True)
            ],
        }
    )
