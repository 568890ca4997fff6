"""The published facts, and the plan with the register of the places that it names."""

from dme.tables.importers import class_sizes, facts, plan
from dme.tables.recipe import Frames, RawFolder, Recipe

_FACTS = "hartford-published-facts"


def _facts(raw: RawFolder, _: Frames) -> Frames:
    found = facts.facts(raw.path(_FACTS))
    return {"published_facts": facts.published(found), "bus_rules": facts.bus_rules(found)}


def _plan(raw: RawFolder, made: Frames) -> Frames:
    places = plan.places(raw.path("plan-places-register"), made["school_enrollment"])
    actions = plan.actions(
        raw.path("hartford-plan-actions-2018-2020"), facts.facts(raw.path(_FACTS))
    )
    known = places.set_index("place")
    return {
        "plan_places": places,
        "plan_actions": actions.assign(
            school_code=actions["place"].map(known["school_code"]),
            # A place that the register lacks is refused by the table's reference to it.
            code_doubtful=actions["place"].map(known["doubtful"]).eq(True),
        ),
    }


def _class_sizes(raw: RawFolder, _: Frames) -> Frames:
    return {"class_size_maxima": class_sizes.class_size_maxima(raw.path("class-size-maxima"))}


RECIPES = (
    Recipe(("published_facts", "bus_rules"), _facts),
    Recipe(("plan_places", "plan_actions"), _plan),
    Recipe(("class_size_maxima",), _class_sizes),
)
