"""What is wrong with parameters, in words: all of it together, each with its key and line."""

from collections.abc import Mapping
from difflib import get_close_matches

from pydantic import ValidationError

from dme.errors import DmeError
from dme.study.parameters import Study
from dme.text import shown

SHOWN = 20
"""Problems that a message tells in full."""


class ParameterError(DmeError):
    """Parameters that can't be run: all their problems together, each with its key."""

    def __init__(
        self, where: str, problems: list[tuple[str, str]], lines: Mapping[str, int]
    ) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        rows = [
            f"  {f'line {lines[key]}, ' if key in lines else ''}{shown(key, bare=True)}: {text}"
            if key
            else f"  {text}"
            for key, text in problems[:SHOWN]
        ]
        more = [f"  and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
        super().__init__("\n".join([f"{where}: {count}", *rows, *more]))


_WORDS = {
    "too_short": "must name at least 1",
    "tuple_type": 'must be a list of codes, such as ["0930011", "0150011"]',
    "string_pattern_mismatch": "must be lower-case letters, digits and hyphens, such as my-study",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
}
"""What to say instead of pydantic's own words, by its type of error."""


def nearest(word: str, choices: list[str]) -> str:
    """Return in words which of the choices is nearest; nothing where none is near."""
    near = get_close_matches(word[:100], choices, n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else ""


def of_form(error: ValidationError) -> list[tuple[str, str]]:
    """Return the problems that pydantic found, each with its key."""
    problems = []
    for item in error.errors():
        key = str(item["loc"][0]) if item["loc"] else ""
        place = f" (entry {item['loc'][1] + 1})" if len(item["loc"]) > 1 else ""  # type: ignore[operator]
        if item["input"] is None:
            text = f"has no value{place}: give it one, or leave the key out"
        elif item["type"] == "extra_forbidden":
            text = "unknown key."
            if len(problems) < SHOWN:  # to look for the nearest of thousands takes minutes
                near = nearest(key, list(Study.model_fields))
                text += near or f" Keys are: {', '.join(Study.model_fields)}."
        else:
            said = item["msg"].removeprefix("Value error, ").replace("Input should", "must")
            text = f"{_WORDS.get(item['type'], said)}{place} (found {shown(item['input'])})"
        problems.append((key, text))
    return problems
