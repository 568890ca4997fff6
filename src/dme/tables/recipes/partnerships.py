"""Partners that pages name, and what was coded of them."""

from dme.tables.importers import partnerships
from dme.tables.recipe import Frames, RawFolder, Recipe


def _named(raw: RawFolder, made: Frames) -> Frames:
    return {
        "school_partnerships": partnerships.school_partnerships(
            raw.path("school-partnerships"), made["school_enrollment"]
        ),
        "partnership_programs": partnerships.partnership_programs(raw.path("partnership-programs")),
    }


def _coded(raw: RawFolder, _: Frames) -> Frames:
    codebook = partnerships.codebook(raw.path("codebook"))
    return {
        "codebook": codebook,
        "codings": partnerships.codings(raw.path("codings"), codebook),
    }


RECIPES = (
    Recipe(("school_partnerships", "partnership_programs"), _named),
    Recipe(("codings", "codebook"), _coded),
)
