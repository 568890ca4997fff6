"""The schools of the desegregation order for the Hartford region."""

import pandas as pd

from dme.tables import choice_codes
from dme.tables.importers import sheff
from dme.tables.recipe import Frames, RawFolder, Recipe

_YEARS = ("2014-15", "2015-16", "2016-17", "2017-18")


def _sheff(raw: RawFolder, made: Frames) -> Frames:
    found = pd.concat(
        [sheff.schools(raw.path(f"sheff-schools-{year}"), year) for year in _YEARS],
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


def _state(made: Frames) -> choice_codes.State:
    return choice_codes.state(
        made["school_enrollment"], made["school_directory"], made["districts"]
    )


RECIPES = (Recipe(("sheff_schools", "sheff_progress"), _sheff),)
