"""The raw files behind the tables: who published them, where, and how to know them again."""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from dme import paths, strict_yaml
from dme.errors import DmeError
from dme.tables.licences import LICENCES
from dme.tables.refusal import refusal
from dme.text import shown

_ADVICE = "Correct the entry in data/sources.yml."

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
YEAR = "{year}"
_GROWS = "grows"
_OF_A_YEAR = re.compile(r"-\d{4}-\d{2}")
_TYPED = "data/typed/"

Kind = Literal["verbatim", "transcribed", "derived"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _inside(file: str) -> str:
    """Return a path that stays inside the folder that it is taken from."""
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or re.search(r"[\\\x00-\x1f]|^[A-Za-z]:", file):
        message = "expected a path inside the folder of raw files, without .."
        raise ValueError(message)
    return file


def _known(licence: str) -> str:
    """Return the name of a licence that is explained."""
    if licence not in LICENCES:
        message = f"expected one of {', '.join(LICENCES)}"
        raise ValueError(message)
    return licence


class Source(BaseModel):
    """One raw file.

    Attributes
    ----------
    id : str
        Short name by which tables refer to it.
    file : str
        Path in the folder of raw files.
    title, publisher : str
        What it is and who published the figures.
    page : str
        The publisher's public page.
    address : str
        The exact file, where it stands publicly, or the page it was typed from.
    licence : str
        As its publisher, or the repository that holds it, states it; see `LICENCES`.
    terms : str
        Who states it, and what is known of the figures themselves.
    kind : {"verbatim", "transcribed", "derived"}
        The publisher's file as it was; typed by hand; or cut or worked out from other files.
    sha256 : str
        Checksum of the raw file, unpacked where it stands gzipped.
    note : str
        How it was typed, converted or checked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=_ID)]
    file: Annotated[Words, AfterValidator(_inside)]
    title: Words
    publisher: Words
    page: Annotated[str, Field(pattern=r"^https?://")]
    address: Annotated[str, Field(pattern=r"^https?://")]
    licence: Annotated[str, AfterValidator(_known)]
    terms: str = ""
    kind: Kind
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    note: str = ""

    @property
    def ours(self) -> bool:
        """Whether the file was typed for this project, and is part of it."""
        return self.file.startswith(_TYPED)

    def file_in(self, folder: Path) -> Path:
        """Return the raw file in `folder`: as it is named, or gzipped with ``.gz`` added.

        What was typed for this project stands in it, and not in `folder`.
        """
        plain = paths.home() / self.file if self.ours else folder / self.file
        packed = plain.with_name(f"{plain.name}.gz")
        return packed if packed.is_file() and not plain.is_file() else plain

    def digest_in(self, folder: Path) -> str:
        """Return the sha256 of the raw file in `folder`."""
        path = self.file_in(folder)
        opener = gzip.open if path.name != Path(self.file).name else open
        with opener(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def read_sources(path: Path) -> dict[str, Source]:
    """Return the entries of ``data/sources.yml`` by id.

    An entry with ``files`` is a series, one file a school year: its texts hold ``{year}``, or
    its ``{start}`` and ``{end}``, and its ids end in the year.

    Raises
    ------
    TableError
        If the file is no list of entries, an entry lacks something, or an id stands twice.
    """
    found: dict[str, Source] = {}
    document = _document(path)
    for number, entry in _singles(document.typed()):
        try:
            source = Source.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            raise refusal(
                problem=f"Entry {number} of the sources is not complete.",
                file=path,
                line=document.line((number - 1, *first["loc"])),
                column=".".join(map(str, first["loc"])) or None,
                found=shown(first["input"]),
                expected=first["msg"],
                advice=_ADVICE,
            ) from None
        if source.id in found:
            raise refusal(
                problem=f"Entry {number} of the sources has another's id.",
                file=path,
                line=document.line((number - 1, "id")),
                column="id",
                found=source.id,
                expected="each id once",
                advice=_ADVICE,
            )
        found[source.id] = source
    return found


@dataclass(frozen=True)
class Series:
    """A series that later years' files join.

    Attributes
    ----------
    id, file : str
        As in the list; the file's path holds ``{year}``.
    group : str
        The series of one group have the same years.
    last : str
        The last school year that is listed.
    """

    id: str
    file: str
    group: str
    last: str
    shared: dict[str, object] = field(repr=False, hash=False)

    def of(self, year: str) -> Source:
        """Return the file of a year, without its checksum."""
        return Source.model_validate(_of_year(self.shared, year, "0" * 64))


def growing(path: Path) -> tuple[Series, ...]:
    """Return the series of ``data/sources.yml`` that grow."""
    found = []
    for entry in _document(path).typed():
        if isinstance(entry, dict) and _GROWS in entry and isinstance(entry.get("files"), dict):
            shared = _shared(entry)
            last = max(map(str, entry["files"]))
            group = str(entry[_GROWS])
            found.append(Series(str(entry["id"]), str(entry["file"]), group, last, shared))
    return tuple(found)


def listed(names: Iterable[str], ids: Iterable[str]) -> tuple[str, ...]:
    """Return those of `ids` that names stand for: of one file each, or of a series of years."""
    ids = tuple(ids)
    found = (one for name in names for one in ids if _is_of(name, one))
    return tuple(dict.fromkeys(found))


def _is_of(name: str, one: str) -> bool:
    return one == name or (
        one.startswith(name) and _OF_A_YEAR.fullmatch(one.removeprefix(name)) is not None
    )


def by_terms(sources: Iterable[Source]) -> dict[tuple[str, str, str], list[Source]]:
    """Return raw files by publisher, licence and who states it, the publishers as they come."""
    found: dict[tuple[str, str, str], list[Source]] = {}
    for source in sources:
        found.setdefault((source.publisher, source.licence, source.terms), []).append(source)
    publishers = list(dict.fromkeys(publisher for publisher, *_ in found))
    return dict(sorted(found.items(), key=lambda group: publishers.index(group[0][0])))


def verify(raw: Path, sources: Mapping[str, Source]) -> None:
    """Check that every raw file is the one that was described.

    Raises
    ------
    TableError
        If a file is missing or its checksum is another.
    """
    for source in sources.values():
        path = source.file_in(raw)
        if not path.is_file():
            raise refusal(
                problem=f'The raw file of the source "{source.id}" is missing.',
                file=path,
                found="no file",
                expected=source.title,
                advice=f"Fetch it from {source.address}",
            )
        try:
            digest = source.digest_in(raw)
        except (OSError, EOFError) as error:
            digest = f"that could not be taken ({error})"
        if digest != source.sha256:
            raise refusal(
                problem=f'The raw file of the source "{source.id}" is not the one described.',
                file=path,
                found=f"sha256 {digest}",
                expected=f"sha256 {source.sha256}",
                advice=(
                    f"Fetch it anew from {source.address}, or, if its publisher released a new "
                    "edition, look at what changed and then correct data/sources.yml."
                ),
            )


def _singles(entries: list[object]) -> Iterator[tuple[int, object]]:
    """Yield each file's entry with its number; a series has ``files``: a checksum by year."""
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("files"), dict):
            yield number, entry
            continue
        for year, digest in entry["files"].items():
            yield number, _of_year(_shared(entry), str(year), digest)


def _shared(entry: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in entry.items() if key not in ("files", _GROWS)}


def _of_year(shared: Mapping[str, object], year: str, digest: object) -> dict[str, object]:
    told = {
        key: _filled(value, year) if isinstance(value, str) else value
        for key, value in shared.items()
    }
    return told | {"id": f"{shared.get('id')}-{year}", "sha256": digest}


def _filled(text: str, year: str) -> str:
    """Return a text with ``2016-17`` for ``{year}``, ``2016`` for ``{start}``, 17 for ``{end}``."""
    start, _, end = year.partition("-")
    told = {YEAR: year, "{start}": start, "{end}": end}
    return re.sub("|".join(map(re.escape, told)), lambda found: told[found[0]], text)


def _document(path: Path) -> strict_yaml.Document:
    try:
        document = strict_yaml.read(path)
        entries = document.typed()
    except (FileNotFoundError, DmeError) as error:
        raise refusal(
            problem="The list of sources could not be read.",
            file=path,
            found=str(error),
            expected="a YAML list of entries",
            advice=_ADVICE,
        ) from None
    if not isinstance(entries, list):
        raise refusal(
            problem="The list of sources is none.",
            file=path,
            found=type(entries).__name__,
            expected="a YAML list of entries",
            advice=_ADVICE,
        )
    return document
