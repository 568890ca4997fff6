"""The texts of a folder: plain, gzipped, or in an archive as the publisher packs it."""

import gzip
import hashlib
import re
import zipfile
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from dme.tables.refusal import TableError, refusal

FETCH = "Fetch the file anew from its publisher's page, and leave it as it comes."
PIECE = 1 << 25
# The largest file that is read has a little more than two billion bytes.
LIMIT = 1 << 34

TEXT = (".csv", ".txt", ".tsv")
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)
_UNPACK = "Unpack it with your system's own program, and put the text files in its place."

# What no name in Windows-1252 holds: a byte without meaning, two that are a letter of UTF-8, and
# a sign between two letters, where MS-DOS has its accented ones.
_NO_LETTER = re.compile(
    rb"[\x81\x8d\x8f\x90\x9d]|[\xc2-\xc5][\x80-\xbf]|\xe2\x80"
    rb"|(?<=[A-Za-z])[\x80-\x90\x98-\x9f\xa1-\xb3\xb5\xb6\xb8-\xbf](?=[A-Za-z])"
)
_SAVE = "Save it as CSV in UTF-8 (in a spreadsheet: Save As, CSV UTF-8), or fetch it anew."


@dataclass(frozen=True)
class Content:
    """One text.

    Attributes
    ----------
    file : Path
        The file that holds it.
    member : str
        Its name in that file, where it is an archive.
    """

    file: Path
    member: str = ""

    @property
    def path(self) -> Path:
        """Where it is, for people."""
        return self.file / self.member

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open it, unpacked."""
        if self.member:
            with zipfile.ZipFile(self.file) as archive, archive.open(self.member) as text:
                yield text  # type: ignore[misc]
            return
        opener = gzip.open if self.file.suffix.lower() == ".gz" else open
        with opener(self.file, "rb") as text:
            yield text  # type: ignore[misc]

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes; a file that can't be read, or unpacks to too much, is refused."""
        size = 0
        try:
            with self.open() as text:
                while piece := text.read(PIECE):
                    size += len(piece)
                    if size > LIMIT:
                        raise _too_large(self.path, "more")
                    yield piece
        except _BROKEN as error:
            raise refusal(
                problem="The file can't be read.",
                file=self.path,
                found=str(error) or type(error).__name__,
                expected="a file that is whole",
                advice=FETCH,
            ) from None


@dataclass(frozen=True)
class Probe:
    """What a text is, as its bytes tell.

    Attributes
    ----------
    start : str
        Its beginning, without a byte order mark.
    encoding : str
        ``utf-8`` or ``cp1252``.
    lines : int
        How many of its lines are not empty.
    sha256 : str
        Of the text; of the archive where it stands in one.
    """

    start: str
    encoding: str
    lines: int
    sha256: str


def contents(folder: Path) -> tuple[list[Content], list[str]]:
    """Return the texts of a folder and of the folders in it, and the names of the other files."""
    found, others = [], []
    for file in sorted(folder.rglob("*")):
        # Archives leave folders such as __MACOSX, and systems leave hidden files.
        name = file.relative_to(folder)
        if any(part.startswith((".", "__")) for part in name.parts) or not file.is_file():
            continue
        suffix = Path(file.name.removesuffix(".gz")).suffix.lower()
        if suffix == ".zip":
            found += _members(file)
        elif suffix in TEXT:
            found.append(Content(file))
        else:
            others.append(name.as_posix())
    return found, others


def _members(file: Path) -> list[Content]:
    """Return the texts of an archive; one that can't be unpacked here is refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except _BROKEN as error:
        raise _no_archive(file, "The archive can't be read.", str(error), FETCH) from None
    for one in members:
        if one.filename.lower().endswith(".zip"):
            problem = "An archive in an archive is not unpacked."
            raise _no_archive(file, problem, one.filename, _UNPACK)
    texts = [one for one in members if _is_text(one.filename)]
    if not texts:
        held = ", ".join(one.filename for one in members[:6]) or "nothing"
        raise _no_archive(file, "The archive holds no text file.", held, FETCH)
    for one in texts:
        where = f"{one.filename}, packed with {_method(one.compress_type)}"
        if one.compress_type not in _PACKED:
            problem = "An archive is packed in a way that is not unpacked here."
            raise _no_archive(file, problem, where, _UNPACK)
        if one.flag_bits & 1:
            raise _no_archive(file, "An archive has a password.", one.filename, _UNPACK)
        if one.file_size > LIMIT:
            raise _too_large(file / one.filename, f"{one.file_size:,} bytes")
    return [Content(file, one.filename) for one in texts]


def _is_text(member: str) -> bool:
    parts = Path(member).parts
    hidden = any(part.startswith((".", "__")) for part in parts)
    return not hidden and member.lower().endswith(TEXT)


def _method(number: int) -> str:
    return {9: "Deflate64", 12: "bzip2", 14: "LZMA"}.get(number, f"method {number}")


def _no_archive(file: Path, problem: str, found: str, advice: str) -> TableError:
    expected = "an archive (.zip, Deflate) with a text file (.csv, .txt, .tsv) in it"
    return refusal(problem=problem, file=file, found=found, expected=expected, advice=advice)


def _too_large(path: Path, found: str) -> TableError:
    return refusal(
        problem="The file unpacks to more than any federal file holds.",
        file=path,
        found=found,
        expected=f"{LIMIT:,} bytes or fewer",
        advice=FETCH,
    )


def probe(content: Content) -> Probe:
    """Read a text once, and refuse one whose letters can't be told for certain."""
    digest, decoder, encoding = hashlib.sha256(), getincrementaldecoder("utf-8")(), "utf-8"
    start, lines, ended = b"", 0, True
    for piece in content.pieces():
        start = start or piece[: 1 << 17]
        if b"\0" in piece or start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise _no_text(content, start)
        digest.update(piece)
        letters = np.frombuffer(piece, np.uint8)
        breaks = (letters == 10) | (letters == 13)
        lines += int(np.count_nonzero(~breaks & np.concatenate(([ended], breaks[:-1]))))
        ended = bool(breaks[-1])
        try:
            if encoding == "utf-8":
                decoder.decode(piece)
        except UnicodeDecodeError:
            encoding = "cp1252"
    if encoding == "cp1252":
        _refuse_letters(content, start)
    elif decoder.getstate()[0]:
        raise _no_letter(content, lines, "half a letter at its end")
    if content.member:
        with content.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
    text = start.decode(encoding, "replace").removeprefix("\ufeff")
    return Probe(text, encoding, lines, digest.hexdigest())


def _no_text(content: Content, start: bytes) -> TableError:
    wide = start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in start[1:4]
    return refusal(
        problem="The file is in UTF-16, which is not read." if wide else "The file is no text.",
        file=content.path,
        line=1,
        found=repr(start[:16]),
        expected="text in UTF-8 or Windows-1252",
        advice=_SAVE,
    )


def _refuse_letters(content: Content, start: bytes) -> None:
    """Refuse a text that is neither UTF-8 nor, for certain, Windows-1252."""
    before, macintosh = 0, b"\r" in start and b"\n" not in start
    for piece in content.pieces():
        strange = re.search(rb"[\x80-\xff]", piece) if macintosh else _NO_LETTER.search(piece)
        if strange:
            at = strange.start()
            line = before + piece[:at].count(b"\r" if macintosh else b"\n") + 1
            told = f"the byte {piece[at]:#04x} in {piece[max(at - 12, 0) : at + 12]!r}"
            writer = ", with the line ends of an old Macintosh" if macintosh else ""
            raise _no_letter(content, line, told + writer)
        before += piece.count(b"\n")


def _no_letter(content: Content, line: int, found: str) -> TableError:
    return refusal(
        problem="The file is not UTF-8, and its letters can't be told for certain.",
        file=content.path,
        line=line,
        found=found,
        expected="text in UTF-8, or in Windows-1252",
        advice=_SAVE,
    )
