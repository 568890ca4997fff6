"""A study: the parameters that the notebooks run with, and the errors they can hold.

The defaults are the Hartford study's values. Each field says what it means; the site's table of
parameters is made of the same texts, so that they can't drift apart.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from dme import paths
from dme.errors import DmeError
from dme.text import first_year

_URBAN_PEERS = (
    "0150011",  # Bridgeport
    "0340011",  # Danbury
    "0430011",  # East Hartford
    "0800011",  # Meriden
    "0890011",  # New Britain
    "0930011",  # New Haven
    "1030011",  # Norwalk
    "1350011",  # Stamford
    "1510011",  # Waterbury
)
_SMALLER_CITIES = (
    "0020011",  # Ansonia
    "0370011",  # Derby
    "0950011",  # New London
    "1040011",  # Norwich
    "1560011",  # West Haven
    "1630011",  # Windham
)


def _code(raw: object) -> object:
    if isinstance(raw, int | float):
        message = 'a district code is text: seven digits in quotes, such as "0640011"'
        raise ValueError(message)
    return raw


def _year(raw: object) -> object:
    if isinstance(raw, str):
        try:
            first_year(raw)
        except DmeError as error:
            raise ValueError(str(error)) from error
    return raw


DistrictCode = Annotated[str, BeforeValidator(_code)]
SchoolYear = Annotated[str, BeforeValidator(_year)]


class Study(BaseModel):
    """The parameters of one study."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    study: str = Field(
        "hartford-2017",
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        description="Name of the study: its results stand in results/<study>/.",
    )
    tables: str = Field(
        "data/tables", description="Folder of the tables that the study reads, in the project."
    )
    district: DistrictCode = Field(
        "0640011", description="State code of the district that is studied (in quotes)."
    )
    peers: tuple[DistrictCode, ...] = Field(
        _URBAN_PEERS,
        min_length=1,
        description="State codes of the districts that it is compared with.",
    )
    wider_peers: tuple[DistrictCode, ...] = Field(
        _SMALLER_CITIES,
        description="State codes of districts that join the peers in an alternative comparison.",
    )
    enrollment_year: SchoolYear = Field(
        "2016-17", description="School year of the enrollment by school (October count)."
    )
    trend_start: SchoolYear = Field(
        "2007-08", description="First school year of the enrollment trend."
    )
    spending_year: SchoolYear = Field(
        "2017-18", description="School year of the spending by school."
    )
    smallest_school: int = Field(
        100,
        ge=0,
        description="Fewest students that make a row of the state's files a school of its own.",
    )
    small_school: int = Field(
        350, ge=1, description="Schools with fewer students than this are small."
    )
    full_utilization: float = Field(
        85, gt=0, le=200, description="Utilization in percent from which a building is full enough."
    )
    weighting: Literal["students", "schools"] = Field(
        "students",
        description=(
            "What an average of spending per pupil weights: students (all dollars over all "
            "pupils) or schools (each school alike)."
        ),
    )
    plant_cost: bool = Field(
        True, description="Whether operation and maintenance of plant counts as spending."
    )
    confidence: float = Field(95, gt=50, lt=100, description="Level of the intervals, in percent.")
    resamples: int = Field(
        4000, ge=200, le=100_000, description="Bootstrap resamples behind an interval."
    )
    seed: int = Field(2017, ge=0, description="Seed of the random numbers.")

    @property
    def folder(self) -> Path:
        """Where the study's tables are."""
        return paths.home() / self.tables


class ParameterError(DmeError):
    """Parameters that can't be run: all their problems together, each with its key."""

    def __init__(
        self, where: str, problems: list[tuple[str, str]], lines: Mapping[str, int]
    ) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        rows = [
            f"  {f'line {lines[key]}, ' if key in lines else ''}{key}: {text}"
            if key
            else f"  {text}"
            for key, text in problems
        ]
        super().__init__("\n".join([f"{where}: {count}", *rows]))


_WORDS = {
    "tuple_type": 'must be a list of codes, such as ["0930011", "0150011"]',
    "string_pattern_mismatch": "must be lower-case letters, digits and hyphens, such as my-study",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
}
"""What to say instead of pydantic's own words, by its type of error."""


def _nearest(word: str, choices: list[str]) -> str:
    near = get_close_matches(word, choices, n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else ""


def _form_problems(error: ValidationError) -> list[tuple[str, str]]:
    problems = []
    for item in error.errors():
        key = str(item["loc"][0]) if item["loc"] else ""
        place = f" (entry {item['loc'][1] + 1})" if len(item["loc"]) > 1 else ""  # type: ignore[operator]
        if item["type"] == "extra_forbidden":
            text = f"unknown key.{_nearest(key, list(Study.model_fields))}"
            if text.endswith("."):
                text += f" Keys are: {', '.join(Study.model_fields)}."
        else:
            said = item["msg"].removeprefix("Value error, ").replace("Input should", "must")
            text = f"{_WORDS.get(item['type'], said)}{place} (found {item['input']!r})"
        problems.append((key, text))
    return problems


def _shared(one: str, other: str) -> int:
    """Return how many digits two codes share from the left."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def unknown_district(code: str, names: Mapping[str, str]) -> str:
    """Return the refusal of a code, with the nearest code, or the code of the nearest name."""
    if code.isdigit():
        near = max(names, key=lambda other: (_shared(code, other), -abs(int(other) - int(code))))
    else:
        by_name = {name: known for known, name in names.items()}
        title = get_close_matches(f"{code} School District", list(by_name), n=1, cutoff=0)[0]
        near = by_name[title]
    return f'"{code}" is no district in the tables. The nearest is "{near}" ({names[near]}).'


def _missing_year(year: str, years: list[str], what: str) -> str:
    nearest = min(years, key=lambda other: abs(first_year(other) - first_year(year)))
    return (
        f'no {what} for "{year}"; the tables hold {years[0]} to {years[-1]}. '
        f'The nearest is "{nearest}".'
    )


def _contradictions(study: Study) -> list[tuple[str, str]]:
    """Return where parameters that are fine by themselves contradict each other."""
    found = []
    if study.study == paths.SWEEPS:
        found.append(
            ("study", f"results/{paths.SWEEPS}/ is the place of sweeps: name it otherwise")
        )
    if study.district in study.peers:
        found.append(("peers", f'district "{study.district}" can\'t be its own peer: take it out'))
    if repeated := sorted({code for code in study.peers if study.peers.count(code) > 1}):
        found.append(("peers", f"named twice: {', '.join(repeated)}"))
    if first_year(study.trend_start) >= first_year(study.enrollment_year):
        found.append(
            ("trend_start", f'must lie before enrollment_year ("{study.enrollment_year}")')
        )
    if study.smallest_school >= study.small_school:
        found.append(("smallest_school", f"must be below small_school ({study.small_school})"))
    return found


def _content_problems(study: Study) -> list[tuple[str, str]]:
    """Return what the tables say against the study: unknown districts, years without data."""
    from dme.tables.facts import facts  # noqa: PLC0415 - pandas stays off the path of --help

    if not (study.folder / "districts.csv").is_file():
        return [("tables", f'"{study.tables}" holds no tables (no districts.csv is in it)')]
    names, years, counted = facts(study.folder)
    problems = [
        (key, unknown_district(code, names))
        for key, codes in (
            ("district", (study.district,)),
            ("peers", study.peers),
            ("wider_peers", study.wider_peers),
        )
        for code in codes
        if code not in names
    ]
    wanted = (
        ("enrollment_year", "school_enrollment", "enrollment by school"),
        ("trend_start", "district_enrollment", "district enrollment"),
        ("spending_year", "spending_schools", "spending by school"),
    )
    # A package of another state may lack a table: the notebooks say what is missing.
    problems += [
        (key, _missing_year(year, years[table], what))
        for key, table, what in wanted
        if table in years and (year := getattr(study, key)) not in years[table]
    ]
    return problems or _no_schools(study, names[study.district], counted.get(study.district, []))


def _no_schools(study: Study, name: str, years: list[str]) -> list[tuple[str, str]]:
    """Return the problem of a district without a count of any school in the year."""
    if study.enrollment_year in years:
        return []
    held = f"they hold it for {', '.join(years)}" if years else "nor for any other year"
    text = f"the tables hold no enrollment by school of {name} in {study.enrollment_year}; {held}"
    return [("district", f"{text}. What they hold of it: dme districts {study.district}")]


def validate(raw: Mapping[str, Any], where: str, lines: Mapping[str, int] | None = None) -> Study:
    """Return the study that `raw` describes.

    Parameters
    ----------
    raw : mapping
        Parameters by key; what is not given takes the Hartford study's value.
    where : str
        What the errors call the place: a file, or a notebook's cell.
    lines : mapping, optional
        The line of each key in that file.

    Raises
    ------
    ParameterError
        With all problems of form at once (unknown keys, wrong types, values out of range); or
        else with all of content (values that contradict each other, unknown districts, years
        that the tables don't hold), each with the nearest valid value.
    """
    try:
        study = Study.model_validate(raw)
    except ValidationError as error:
        raise ParameterError(where, _form_problems(error), lines or {}) from error
    if problems := _contradictions(study) + _content_problems(study):
        raise ParameterError(where, problems, lines or {})
    return study


def _mapping(node: yaml.Node | None, where: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Return a YAML document's keys with their values and lines; scalars stay text."""
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        message = f"{where}: expected lines of the form key: value (found a {node.id})."
        raise DmeError(message)
    lines: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines:
            raise ParameterError(
                where, [(name, f"given before, in line {lines[name]}")], {name: line}
            )
        lines[name] = line
    loader = yaml.BaseLoader("")
    return loader.construct_document(node), lines


def read(path: Path) -> Study:
    """Read a study's parameters file.

    Scalars are read as text and typed by `Study`: YAML alone would take the code 0640011 for
    an octal number. A study without a name takes the file's.

    Raises
    ------
    DmeError
        If the file is absent or no YAML; the message names the files there are.
    ParameterError
        See `validate`.
    """
    where = paths.relative(path)
    try:
        text = path.read_text(encoding="utf-8")
        document = yaml.compose(text, Loader=yaml.BaseLoader)
        raw, lines = _mapping(document, where)
    except FileNotFoundError as error:
        have = ", ".join(paths.relative(p) for p in sorted((paths.home() / "params").glob("*.yml")))
        message = f"There is no parameters file {where}. There are: {have or 'none'}."
        raise DmeError(message) from error
    except (OSError, UnicodeDecodeError) as error:
        message = f"{where} can't be read as text in UTF-8: {error}"
        raise DmeError(message) from error
    except yaml.YAMLError as error:
        said = str(error).replace('in "<unicode string>", ', "")
        message = f"{where} is no YAML file, with lines of the form key: value\n{said}"
        raise DmeError(message) from error
    return validate({"study": path.stem} | raw, where, lines)
