"""Imports go one way, as the table of rooms in ARCHITECTURE.md has it."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

# What a room may import of the others, where that is little: all else is above it.
ONLY = {
    "errors": set(),
    "linked": set(),
    "text": {"errors", "linked"},
    "paths": {"errors"},
    "replace": set(),
    "tabled": set(),
    "warm": set(),
    "records": set(),
    "lasted": {"records"},
    "strict_yaml": {"errors", "paths", "text"},
    "tables": {"errors", "paths", "records", "replace", "strict_yaml", "text"},
    "measures": {"errors", "text"},
    "figures": {"measures", "text"},
    "study": {"errors", "paths", "strict_yaml", "tables", "text"},
    "findings": {
        "errors",
        "linked",
        "up_to_date",
        "measures",
        "observe",
        "paths",
        "records",
        "strict_yaml",
        "study",
        "sweeps",
        "tables",
        "text",
    },
    "observe": {"paths", "up_to_date"},
    "up_to_date": {"paths", "records"},
}
# What a room may not reach by any chain of imports.
NEVER = {
    "findings": {"notebook", "figures", "cards", "execute", "publish"},
    "notebook": {"execute", "publish"},
    "execute": {"notebook", "publish", "bench"},
    "audit": {"notebook", "publish", "bench"},
    "publish": {"notebook", "execute", "bench"},
    "bench": {"publish"},
    "tables.load": {"tables.importers", "tables.recipes"},
}
TABLES_FOR_STUDY = {"tables.facts", "tables.own"}


def cases(*names):
    """Return parameters with their names."""
    return [pytest.param(*name.split("-"), id=name) for name in names]


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("dme", cache_dir=None)


def room(module):
    """Return the room of a module: the part after the package's name, or none for its top."""
    return module.split(".")[1] if "." in module else None


def between(graph):
    """Yield each import from one room into another, by module."""
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            if None not in (rooms := (room(importer), room(imported))) and rooms[0] != rooms[1]:
                yield importer, imported


def test_rooms_import_each_other_in_no_circle(graph):
    imports = {}
    for importer, imported in between(graph):
        imports.setdefault(room(importer), set()).add(room(imported))
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("name", cases(*ONLY))
def test_a_low_room_imports_only_what_is_below(graph, name):
    assert f"dme.{name}" in graph.modules
    above = [
        f"{importer} imports {imported}"
        for importer, imported in between(graph)
        if room(importer) == name and room(imported) not in ONLY[name]
    ]
    assert not above


@pytest.mark.parametrize(
    ("name", "other"), cases(*(f"{name}-{one}" for name in NEVER for one in sorted(NEVER[name])))
)
def test_a_room_does_not_reach_another_by_any_way(graph, name, other):
    if f"dme.{other}" not in graph.modules:
        return
    chains = graph.find_shortest_chains(f"dme.{name}", f"dme.{other}", as_packages=True)
    assert not [" imports ".join(chain) for chain in chains]


def test_nothing_imports_the_command_line(graph):
    assert not [f"{one} imports {other}" for one, other in between(graph) if room(other) == "cli"]


def test_a_study_asks_the_tables_for_facts_alone(graph):
    asked = {
        imported.removeprefix("dme.")
        for importer, imported in between(graph)
        if room(importer) == "study" and room(imported) == "tables"
    }
    assert asked <= TABLES_FOR_STUDY
