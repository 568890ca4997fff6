"""A study read from its file of parameters, or from a notebook's cell, and checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from dme import paths, strict_yaml
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


def read(path: Path, *, content: bool = True) -> Study:
    """Read a study's parameters file; see `validate` for what is checked.

    Scalars are read as text and typed by `Study`: YAML alone would take the code 0640011 for
    an octal number. A study has its file's name, so that no file writes another's results.

    Raises
    ------
    DmeError
        If the file is absent, empty or no YAML; the message names the files there are.
    ParameterError
        See `validate`.
    """
    document = read_yaml(path, "parameters file")
    if document.root is None or document.root.value == []:
        # A full disk leaves such a file; it is not to be taken for the Hartford study.
        message = (
            f"{document.where} is empty. A study that is Hartford's in everything says so by its "
            f"name, in the line:  study: {path.stem}"
        )
        raise DmeError(message)
    if not isinstance(document.root, yaml.MappingNode):
        kind = document.root.id
        message = f"{document.where}: expected lines of the form key: value (found a {kind})."
        raise DmeError(message)
    lines = {key.value: strict_yaml.line_of(key) for key, _ in document.root.value}
    raw = {"study": path.stem} | strict_yaml.texts(document.root)
    study = validate(raw, document.where, lines, content=content)
    # What a run has kept of its parameters is read without: it lies in a folder of that name.
    if content and study.study != path.stem:
        text = (
            f'"{study.study}" is the study of {study.study}.yml, whose results this file would '
            f"overwrite. Write study: {path.stem}, or give the file the study's name."
        )
        raise ParameterError(document.where, [("study", text)], lines)
    return study


def read_yaml(path: Path, kind: str, room: str = "") -> strict_yaml.Document:
    """Read a YAML file of the folder ``params/``.

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
    try:
        return strict_yaml.read(path)
    except FileNotFoundError as error:
        others = sorted((paths.home() / "params" / room).glob("*.yml"))
        have = ", ".join(paths.relative(other) for other in others)
        message = f"There is no {kind} {paths.relative(path)}. There are: {have or 'none'}."
        raise DmeError(message) from error
