"""A study read from its file of parameters, or from a notebook's cell, and checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dme import paths
from dme.errors import DmeError
from dme.study.check import contradictions, of_content
from dme.study.parameters import Study
from dme.study.problems import ParameterError, of_form


def validate(
    raw: Mapping[str, Any],
    where: str,
    lines: Mapping[str, int] | None = None,
    *,
    content: bool = True,
) -> Study:
    """Return the study that `raw` describes.

    Parameters
    ----------
    raw : mapping
        Parameters by key; what is not given takes the Hartford study's value.
    where : str
        What the errors call the place: a file, or a notebook's cell.
    lines : mapping, optional
        The line of each key in that file.
    content : bool
        Whether to hold the parameters against each other and against the tables, too.

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
        raise ParameterError(where, of_form(error), lines or {}) from error
    if content and (problems := contradictions(study) + of_content(study)):
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


def read(path: Path, *, content: bool = True) -> Study:
    """Read a study's parameters file; see `validate` for what is checked.

    Scalars are read as text and typed by `Study`: YAML alone would take the code 0640011 for
    an octal number. A study has its file's name, so that no file writes another's results.

    Raises
    ------
    DmeError
        If the file is absent or no YAML; the message names the files there are.
    ParameterError
        See `validate`.
    """
    where = paths.relative(path)
    try:
        raw, lines = _mapping(compose(path, "parameters file"), where)
    except yaml.YAMLError as error:
        raise _no_yaml(where, error) from error
    study = validate({"study": path.stem} | raw, where, lines, content=content)
    # What a run has kept of its parameters is read without: it lies in a folder of that name.
    if content and study.study != path.stem:
        text = (
            f'"{study.study}" is the study of {study.study}.yml, whose results this file would '
            f"overwrite. Write study: {path.stem}, or give the file the study's name."
        )
        raise ParameterError(where, [("study", text)], lines)
    return study


def compose(path: Path, kind: str, room: str = "") -> yaml.Node | None:
    """Read a YAML file as nodes, which know their lines and leave scalars text.

    Parameters
    ----------
    path : Path
        The file.
    kind, room : str
        What it is called where it is absent, and the folder of ``params/`` whose files are then
        named.

    Raises
    ------
    DmeError
        If the file is absent, no text in UTF-8, or no YAML.
    """
    where = paths.relative(path)
    try:
        return yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except FileNotFoundError as error:
        others = sorted((paths.home() / "params" / room).glob("*.yml"))
        have = ", ".join(paths.relative(other) for other in others)
        message = f"There is no {kind} {where}. There are: {have or 'none'}."
        raise DmeError(message) from error
    except (OSError, UnicodeDecodeError) as error:
        message = f"{where} can't be read as text in UTF-8: {error}"
        raise DmeError(message) from error
    except yaml.YAMLError as error:
        raise _no_yaml(where, error) from error


def _no_yaml(where: str, error: yaml.YAMLError) -> DmeError:
    said = str(error).replace('in "<unicode string>", ', "")
    return DmeError(f"{where} is no YAML file, with lines of the form key: value\n{said}")
