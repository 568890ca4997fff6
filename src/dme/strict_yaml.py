"""YAML that people write, read strictly: lists, mappings and scalars, each with its line.

What makes a small file large (aliases) or means something to Python alone (tags) is refused, as
are keys given twice and characters that no one sees. One place for all of it: parameters, sweeps,
claims, the list of raw files.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from dme import paths
from dme.errors import DmeError
from dme.text import shown, unseen

if TYPE_CHECKING:
    from pydantic import ValidationError

LARGEST = 1 << 20
"""Bytes of the largest file that is read: ten times the longest one that there is."""
DEEPEST = 20
"""Lists and mappings in each other."""
_MOST_FAULTS = 20
# The same parser, written in C: seven times as fast where it is there.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOTHING = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True)
class Document:
    """A file of YAML.

    Attributes
    ----------
    where : str
        The file as messages name it.
    root : yaml.Node or None
        What stands in it; None where nothing does. Keys are scalars, and each stands once.
    """

    where: str
    root: yaml.Node | None

    def typed(self) -> Any:
        """Return what stands in the file, scalars in the types that YAML reads in them."""
        return _value(self.where, self.root, yaml.SafeLoader(""))

    def line(self, place: Sequence[str | int]) -> int:
        """Return the line of a place: its keys and positions from the top, as far as they lead."""
        node, line = self.root, 1
        for step in place:
            if isinstance(node, yaml.MappingNode):
                inner = next((pair for pair in node.value if pair[0].value == str(step)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                inner = (node.value[step], node.value[step]) if step < len(node.value) else None
            else:
                inner = None
            if inner is None:
                break
            line, node = line_of(inner[0]), inner[1]
        return line

    def faults(self, error: "ValidationError") -> str:
        """Return what pydantic says against the file, a row for each fault, with its line."""
        found = error.errors()
        rows = [
            f"  line {self.line(one['loc'])}, {clipped_path(one['loc'])}: "
            f"{one['msg']} (found {shown(one['input'])})"
            for one in found[:_MOST_FAULTS]
        ]
        more = len(found) - _MOST_FAULTS
        return "\n".join([*rows, *([f"  and {more} more"] if more > 0 else [])])


def clipped_path(place: Sequence[str | int]) -> str:
    """Return keys and positions from the top of a file as one word."""
    return ".".join(
        str(step) if isinstance(step, int) else shown(step, bare=True) for step in place
    )


def read(path: Path, largest: int = LARGEST) -> Document:
    """Read a file of YAML.

    Parameters
    ----------
    path : Path
        The file.
    largest : int, optional
        Bytes of the largest that is read.

    Raises
    ------
    FileNotFoundError
        If there is none.
    DmeError
        If it is no text in UTF-8, no YAML, or holds what is not read.
    """
    where = paths.relative(path)
    try:
        if path.exists() and not path.is_file():
            message = f"{where} is no file."
            raise DmeError(message)
        if path.stat().st_size > largest:
            message = f"{where} is too long: at most {largest:,} bytes are read."
            raise DmeError(message)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        message = f"{where} can't be read as text in UTF-8: {error}"
        raise DmeError(message) from error
    return parsed(text, where)


def parsed(text: str, where: str) -> Document:
    """Read a text in YAML; see `read`."""
    try:
        events = yaml.parse(text, Loader=_Loader)
        next(events)  # the stream begins
        if isinstance(next(events), yaml.StreamEndEvent):
            return Document(where, None)
        root = _node(where, events, next(events), 0)
        next(events)  # the document ends
        if not isinstance(after := next(events), yaml.StreamEndEvent):
            refuse(where, after, "", "a second document begins here, and one is read")
    except yaml.YAMLError as error:
        said = re.sub('in "<(unicode string|byte string|file)>", ', "", str(error))
        message = f"{where} is no YAML file, with lines of the form key: value\n{said}"
        raise DmeError(message) from error
    nothing = isinstance(root, yaml.ScalarNode) and texts(root) is None
    return Document(where, None if nothing else root)


def line_of(node: yaml.Node | yaml.Event) -> int:
    """Return the line in which a node begins, from 1."""
    return int(node.start_mark.line) + 1


def refuse(where: str, node: yaml.Node | yaml.Event, key: str, text: str) -> NoReturn:
    """Raise the error that names one line of a file.

    Raises
    ------
    DmeError
        Always.
    """
    named = f"{shown(key, bare=True)}: " if key else ""
    message = f"{where}: 1 problem\n  line {line_of(node)}, {named}{text}"
    raise DmeError(message)


def _node(where: str, events: Iterator[yaml.Event], event: yaml.Event, depth: int) -> yaml.Node:
    """Return the node that begins with an event."""
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        refuse(where, event, "", "& and * (names for parts of a file) are not read: write it out, "
               "or put it in quotes where it is text")  # fmt: skip
    if event.tag is not None:
        refuse(where, event, "", f"the tag {shown(event.tag)} is not read: leave it out, or put it "
               "in quotes where it is text")  # fmt: skip
    if depth > DEEPEST:
        refuse(where, event, "", f"more than {DEEPEST} lists or mappings in each other")
    if isinstance(event, yaml.ScalarEvent):
        if found := unseen(event.value):
            refuse(where, event, "", f"holds the character {found!a}, which is not read")
        return yaml.ScalarNode(None, event.value, event.start_mark, event.end_mark, event.style)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_node(where, events, inner, depth + 1))
        return yaml.SequenceNode(None, items, event.start_mark, inner.end_mark)
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    lines: dict[str, int] = {}
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(where, events, inner, depth + 1)
        if not isinstance(key, yaml.ScalarNode):
            refuse(where, key, "", "a key is a word, and no list or mapping")
        if key.value in lines:
            refuse(where, key, key.value, f"given before, in line {lines[key.value]}")
        lines[key.value] = line_of(key)
        pairs.append((key, _node(where, events, next(events), depth + 1)))
    return yaml.MappingNode(None, pairs, event.start_mark, inner.end_mark)


def texts(node: yaml.Node) -> Any:
    """Return what stands at a node, scalars as the text that they are; None for YAML's null."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: texts(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [texts(item) for item in node.value]
    return None if not node.style and node.value in _NOTHING else node.value


def _value(where: str, node: yaml.Node | None, loader: yaml.SafeLoader) -> Any:
    """Return what stands at a node, scalars typed and keys as text."""
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(where, value, loader) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(where, item, loader) for item in node.value]
    if node.style:
        return node.value
    node.tag = loader.resolve(yaml.ScalarNode, node.value, (True, False))
    try:
        return loader.construct_object(node)
    except (ValueError, OverflowError, yaml.YAMLError):
        kind = node.tag.rpartition(":")[2]
        refuse(where, node, "", f"{shown(node.value)} is no {kind}: put it in quotes where it is "
               "text")  # fmt: skip
