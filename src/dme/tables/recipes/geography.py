"""The state's directory of schools, and the map of Hartford: outlines and people."""

import pandas as pd

from dme.tables.importers import census, directory, geography, outlines
from dme.tables.recipe import Frames, RawFolder, Recipe

_ZONES, _TRACT_OUTLINES = "hartford-zones-2010", "hartford-tracts-2010"


def _directory(raw: RawFolder, made: Frames) -> Frames:
    known = set(made["districts"]["district_code"])
    editions = [
        directory.schools(raw.path(f"state-directory-{edition}"), edition, known)
        for edition in directory.EDITIONS
    ]
    return {"school_directory": pd.concat(editions, ignore_index=True)}


def _tracts(raw: RawFolder, _: Frames) -> Frames:
    people = census.tracts(raw.path("hartford-tract-ages-2011-15"))
    shapes = dict(geography.outlines(raw.path(_TRACT_OUTLINES), "name"))
    centers = {name: outlines.centroid(shape) for (name,), shape in shapes.items()}
    found = [centers.get(tract, (None, None)) for tract in people["tract"]]
    places = pd.DataFrame(found, columns=["longitude", "latitude"], dtype="float64")
    return {"tracts": people.join(places)}


def _neighborhoods(raw: RawFolder, _: Frames) -> Frames:
    return {
        "neighborhoods": census.neighborhoods(raw.path("hartford-neighborhood-acs-2015-19")),
        "neighborhood_tracts": census.tract_weights(raw.path("hartford-neighborhood-tracts")),
    }


def _areas(raw: RawFolder, made: Frames) -> Frames:
    found = outlines.areas(
        raw.path(_ZONES),
        raw.path("hartford-neighborhood-outlines"),
        raw.path(_TRACT_OUTLINES),
        set(made["tracts"]["tract"]),
    )
    return {"areas": found}


RECIPES = (
    Recipe(("school_directory",), _directory),
    Recipe(("tracts",), _tracts),
    Recipe(("neighborhoods", "neighborhood_tracts"), _neighborhoods),
    Recipe(("areas",), _areas),
)
