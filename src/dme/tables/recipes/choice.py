"""Magnet schools, the schools of the desegregation order, and seats in other districts."""

import pandas as pd

from dme.tables import choice_codes
from dme.tables.importers import magnets, sheff
from dme.tables.recipe import Frames, RawFolder, Recipe
from dme.tables.specs.choice import SHEFF_YEARS


def _magnets(raw: RawFolder, made: Frames) -> Frames:
    found = magnets.magnets(raw.path("magnet-enrollment-since-1990"))
    known = _state(made)
    rows = choice_codes.named(found, {})
    told = choice_codes.evidence(rows, choice_codes.magnet_codes(rows, known), known)
    told["doubtful"] = choice_codes.doubtful_magnets(told)
    return {"magnet_enrollment": found.join(told)}


def _sheff(raw: RawFolder, made: Frames) -> Frames:
    found = pd.concat(
        [sheff.schools(raw.path(f"sheff-schools-{year}"), year) for year in SHEFF_YEARS],
        ignore_index=True,
    )
    known = _state(made)
    rows = choice_codes.named(found, sheff.RUNNERS)
    told = choice_codes.evidence(rows, choice_codes.sheff_codes(rows, known), known)
    told["doubtful"] = choice_codes.doubtful_sheff(rows, told)
    return {
        "sheff_schools": found.join(told),
        "sheff_progress": sheff.progress(raw.path("sheff-progress-2019-20")),
    }


def _open_choice(raw: RawFolder, made: Frames) -> Frames:
    found = sheff.open_choice(raw.path("open-choice-2014-15"))
    # A name that the state's files lack stays without a code, which the schema refuses.
    codes = made["districts"].set_index("district")["district_code"]
    coded = found.assign(school_year="2014-15", district_code=found["district"].map(codes))
    return {"open_choice": coded}


def _state(made: Frames) -> choice_codes.State:
    return choice_codes.state(
        made["school_enrollment"], made["school_directory"], made["districts"]
    )


RECIPES = (
    Recipe(("magnet_enrollment",), _magnets),
    Recipe(("sheff_schools", "sheff_progress"), _sheff),
    Recipe(("open_choice",), _open_choice),
)
