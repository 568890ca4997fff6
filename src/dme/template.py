"""A new study's parameters file: every key with its meaning, ready to run."""

import re
from pathlib import Path

import numpy as np

from dme import paths
from dme.errors import DmeError
from dme.measures.plan.redesign import default_schools
from dme.study import Study, unknown_district, validate
from dme.study.check import YEARS
from dme.tables import load
from dme.tables.facts import FIGURES
from dme.tables.holdings import districts

_PEERS, _WIDER = 9, 6
_KEYS = tuple(Study.model_fields)
_SCHOOL_YEAR = re.compile(r"\d{4}-\d\d")


def write(study: str, district: str, tables: str = "data/tables") -> Path:
    """Write ``params/STUDY.yml`` for a district, with values that the tables can serve.

    Peers are the districts nearest in enrollment, by the ratio of the two counts; the years
    are the Hartford study's where the tables hold them for the district, else the nearest.

    Parameters
    ----------
    study : str
        Name of the study and of the file.
    district : str
        The district's code.
    tables : str, optional
        Folder of the tables, in the project.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    DmeError
        If the file is there already, the district is not in the tables, or it has no schools
        with a count.
    ParameterError
        If the name of the study is no slug.
    """
    path = paths.home() / "params" / f"{study}.yml"
    if path.exists():
        message = (
            f"{paths.relative(path)} is there already: choose another name, or delete it first."
        )
        raise DmeError(message)
    values = proposed(study, district, tables)
    checked = validate(values, f"The new study {study}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(checked), encoding="utf-8", newline="\n")
    return path


def proposed(study: str, district: str, tables: str) -> dict[str, object]:
    """Return the values of a new study that differ from the Hartford study's.

    Raises
    ------
    DmeError
        If the district is not in the tables, or has no schools with a count.
    """
    folder = paths.home() / tables
    everything = districts(folder).set_index("district_code")
    if district not in everything.index:
        raise DmeError(unknown_district(district, everything["district"].to_dict()))
    own = everything.loc[district]
    if not own["schools"]:
        message = (
            f"The tables hold no enrollment by school of {own['district']} ({district}) in "
            f"{own['school_year']}, which every part of the study needs.\n"
            f"What they hold of it: dme districts {district}"
        )
        raise DmeError(message)
    others = everything[(everything["schools"] > 0) & (everything.index != district)]
    apart = np.log(others["students"].astype(float) / float(own["students"])).abs()
    near = list(apart.sort_values(kind="stable").index)
    return {
        "study": study,
        "tables": tables,
        "district": district,
        "peers": near[:_PEERS],
        "wider_peers": near[_PEERS : _PEERS + _WIDER],
        **_years(district, folder),
        # Neighborhoods of Hartford; the tables have none of any other district.
        "north": Study().north if district == Study().district else (),
        "region": Study().region if district in Study().region else (),
        "design_schools": _design_schools(district, folder),
    }


def _years(district: str, folder: Path) -> dict[str, str]:
    """Return the years of a new study, as near to the Hartford study's as the tables allow."""
    default = Study()
    years: dict[str, str] = {}
    for key, (_, tables) in YEARS.items():
        table = next((name for name in tables if (folder / f"{name}.csv").is_file()), None)
        if table is None:
            continue
        rows = load(table, folder).dropna(subset=[FIGURES[table]])
        # Without rows of its own, a year that the table has lets the study run and say so.
        own = rows[rows["district_code"] == district] if "district_code" in rows else rows
        held = sorted(set((own if len(own) else rows)["school_year"]))
        if key == "enrollment_year":
            # The first year of all can only be the trend's, which begins before it.
            held = held[1:] or held
        elif key == "before_plan":
            held = held[:-1]
        elif key == "plan_horizon":
            held = [year for year in held if year > years.get("before_plan", year)]
        if held:
            years[key] = _nearest(getattr(default, key), held)
    return years


def _design_schools(district: str, folder: Path) -> tuple[str, ...]:
    """Return the Hartford study's schools for Hartford, else the district's largest."""
    if district == Study().district:
        return Study().design_schools
    names = ("school_enrollment_by_grade", "school_enrollment")
    if not all((folder / f"{name}.csv").is_file() for name in names):
        return ()
    by_grade, schools = (load(name, folder) for name in names)
    return default_schools(by_grade, schools[schools["district_code"] == district])


def _nearest(year: str, held: list[str]) -> str:
    return min(held, key=lambda other: abs(int(other[:4]) - int(year[:4])))


def text(study: Study) -> str:
    """Return the text of a parameters file: each key under a comment that says what it is."""
    names = load("districts", study.folder).set_index("district_code")["district"].to_dict()
    blocks = [
        f"# A study of {names[study.district]}. Run it:  dme run params/{study.study}.yml",
        "# The peers are the districts nearest in enrollment: choose your own where you have a "
        "reason.",
    ]
    for key in _KEYS:
        meaning = Study.model_fields[key].description
        blocks.append(f"\n# {meaning}\n{_entry(key, getattr(study, key), names)}")
    return "\n".join(blocks) + "\n"


def _entry(key: str, value: object, names: dict[str, str]) -> str:
    if isinstance(value, tuple):
        items = "".join(f"\n  - {_item(item, names)}" for item in value)
        return f"{key}:{items or ' []'}"
    if key == "district":
        return f'{key}: "{value}"  # {names[str(value)]}'
    if isinstance(value, bool):
        return f"{key}: {'true' if value else 'false'}"
    if isinstance(value, float):
        return f"{key}: {value:g}"
    quoted = _SCHOOL_YEAR.fullmatch(str(value)) or value == ""
    return f'{key}: "{value}"' if quoted else f"{key}: {value}"


def _item(item: str, names: dict[str, str]) -> str:
    """Return an item of a list; a code is quoted, or YAML would read it as a number."""
    if item in names:
        return f'"{item}"  # {names[item]}'
    return f'"{item}"' if item.isdigit() else item
