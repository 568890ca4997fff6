"""Executed notebooks as they are read back: plain objects, of which nothing is taken for granted.

What does not have the form that its readers rely on is refused where it is read.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError, model_validator

from dme import paths, records
from dme.errors import DmeError
from dme.linked import Place, marked, plain
from dme.strict_yaml import clipped_path

MIME = "application/vnd.dme.finding+json"
INPUTS_MIME = "application/vnd.dme.inputs+json"
WARNINGS_MIME = "application/vnd.dme.warnings+json"
PARAMETERS_MIME = "application/vnd.dme.parameters+json"
INJECTED = "injected-parameters"
"""Tag of the cell that papermill adds to a notebook, with the parameters that it ran with."""
ANSWER_MIME = "application/vnd.dme.answer+json"

Lines = str | list[str]
_LINES = TypeAdapter(dict[str, Lines])


def _shown(data: dict[str, Any]) -> dict[str, Any]:
    _LINES.validate_python({k: told for k, told in data.items() if not k.endswith("json")})
    return data


class _Metadata(BaseModel):
    tags: list[str] = []


class _Output(BaseModel):
    output_type: str
    data: Annotated[dict[str, Any], AfterValidator(_shown)] = {}
    text: Lines = ""


class _Cell(BaseModel):
    cell_type: Literal["code", "markdown", "raw"]
    source: Lines
    metadata: _Metadata
    id: str = ""
    outputs: list[_Output] = []


class _Notebook(BaseModel):
    """What is taken for granted of a notebook, by those who read one."""

    cells: list[_Cell]
    metadata: dict[str, Any]


class _Answer(BaseModel):
    text: str
    numbers: list[Place] = []

    @model_validator(mode="after")
    def _in_text(self) -> "_Answer":
        ends = [0, *(at for start, end, _ in self.numbers for at in (start, end)), len(self.text)]
        if ends != sorted(ends):
            message = "its numbers stand outside its text, or within one another"
            raise ValueError(message)
        return self


_kinds: dict[str, Any] = {
    INPUTS_MIME: dict[str, str],
    PARAMETERS_MIME: list[str],
    WARNINGS_MIME: list[str],
    ANSWER_MIME: _Answer,
}


def tells(mime: str, kind: Any) -> None:
    """Say what an output of a type of this program's is to be."""
    _kinds[mime] = kind


@cache
def _adapter(mime: str) -> TypeAdapter[Any]:
    return TypeAdapter(_kinds[mime])


def stored(mime: str, raw: object) -> Any:
    """Return what an output of one of this program's types holds, in the type it is to be.

    Raises
    ------
    DmeError
        If it is not that.
    """
    try:
        # As JSON, in which a list may be a tuple, and text is no number.
        return _adapter(mime).validate_json(json.dumps(raw), strict=True)
    except (ValidationError, ValueError, RecursionError) as error:
        what = mime.removeprefix("application/vnd.dme.").removesuffix("+json")
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        said = f"{clipped_path(first['loc'])}: {first['msg']}" if first else str(error)
        message = f"A stored {what} can't be read ({said}); run the study again."
        raise DmeError(message) from error


def numbered(cells: Sequence[Mapping[str, Any]]) -> Iterable[tuple[int, Mapping[str, Any]]]:
    """Yield each cell with its number, from 1, in the notebook that people edit.

    The cell of parameters that papermill adds is not in that one: it takes the number of the
    cell before it.
    """
    number = 0
    for cell in cells:
        number += INJECTED not in cell.get("metadata", {}).get("tags", [])
        yield number, cell


def bundles(notebook: Mapping[str, Any], mime: str) -> Iterable[tuple[int, str, Any]]:
    """Yield (cell number, cell id, object) for each output of the MIME type `mime`."""
    for number, cell in numbered(notebook["cells"]):
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                yield number, cell.get("id", str(number)), output["data"][mime]


def read_notebook(path: Path) -> dict[str, Any]:
    """Read an executed notebook as the plain objects of its JSON.

    Raises
    ------
    DmeError
        If the file is no notebook.
    """
    try:
        notebook: dict[str, Any] = records.parsed(path.read_bytes())
        _Notebook.model_validate(notebook, strict=True)
        for mime in _kinds:
            for _, _, raw in bundles(notebook, mime):
                stored(mime, raw)
    except (OSError, ValueError, DmeError) as error:
        said = str(error)
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            said = f"{clipped_path(first['loc']) or 'it'}: {first['msg']}"
        message = f"{paths.relative(path)} can't be read as a notebook: {said}"
        raise DmeError(message) from error
    return notebook


def answer_of(notebook: Mapping[str, Any]) -> str:
    """Return a notebook's answer in plain words, as Markdown; empty where it gives none."""
    return plain(marked_answer_of(notebook))


def marked_answer_of(notebook: Mapping[str, Any]) -> str:
    """Return the answer with the marks of each number's finding; see `dme.linked`."""
    answers = (told for _, _, told in bundles(notebook, ANSWER_MIME))
    return "\n\n".join(marked(told["text"], told.get("numbers", ())) for told in answers)
