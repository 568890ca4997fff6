"""Federal files damaged at random: read as they stand line by line, or refused with the place.

What a reader takes for the lines of a file is held against a parser that reads each line alone.
``DME_FUZZ=100`` tries a hundred times as many.
"""

import csv
import io
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dme.errors import DmeError
from dme.tables.federal import build_federal
from dme.tables.importers.federal import ccd, crdc, edge, f33, files
from dme.tables.importers.federal.folder import open_folder
from dme.tables.importers.federal.layouts import FederalFile
from tests.fuzzing import runs

from . import test_federal as sample
from .test_federal_elsi import _schools


def _times(number: int) -> settings:
    return settings(
        max_examples=runs(number),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


READERS: Mapping[str, Callable[..., object]] = {
    ccd.SCHOOL_DIRECTORY.key: ccd.school_directory,
    ccd.LEA_DIRECTORY.key: ccd.lea_directory,
    ccd.SCHOOL_MEMBERSHIP.key: ccd.school_membership,
    ccd.LEA_MEMBERSHIP.key: ccd.lea_membership,
    ccd.SCHOOL_STAFF.key: ccd.school_staff,
    ccd.LEA_STAFF.key: ccd.lea_staff,
    crdc.LAYOUTS[0].key: crdc.spending,
    edge.LAYOUTS[0].key: edge.places,
    f33.LAYOUT.key: f33.finances,
}
# Of these every line is a row; the others count some lines, and add up some.
EACH = {ccd.SCHOOL_DIRECTORY.key, ccd.LEA_DIRECTORY.key, crdc.LAYOUTS[0].key, edge.LAYOUTS[0].key}


def _staff(heading: str, codes: list[str], **cells: object) -> str:
    lines = [{**sample._school(code, sample.Y), "LEA_NAME": "Alder", **cells} for code in codes]
    return sample._text(heading, [{k: v for k, v in one.items() if k in heading} for one in lines])


def _samples() -> dict[str, bytes]:
    """Return a whole file of every layout, by a name."""
    spans = {sample.OAK: ("PK", "KG"), sample.ELM: ("09", "13"), sample.ASH: ("UG", "7")}
    schools = [sample._directory(code, sample.Y, *span) for code, span in spans.items()]
    places = [sample._place(sample.OAK), sample._place(sample.PINE, LAT="0", LOCALE="M")]
    counted = [
        sample._count(sample._district(code, sample.Y), sample.TOTAL, 5)
        for code in (sample.ALDER, sample.BIRCH)
    ]
    money = [sample._finances(sample.ALDER), sample._finances(sample.BIRCH, V33="-2")]
    told = {"TOTAL_INDICATOR": sample.TOTAL, "DMS_FLAG": "Reported"}
    texts = {
        "members": sample._text(sample.SCHOOL_MEMBERSHIP, sample._of_2016()),
        "schools": sample._text(sample.SCHOOL_DIRECTORY, schools),
        "districts": sample._text(sample.LEA_DIRECTORY, [sample._district(sample.ALDER, sample.Y)]),
        "counted": sample._text(sample.LEA_MEMBERSHIP, counted),
        "teachers": _staff(sample.SCHOOL_STAFF, [*sample.NAMES], TEACHERS="4.50", **told),
        "staff": _staff(
            sample.LEA_STAFF, [sample.OAK, sample.PINE], STAFF="Teachers", STAFF_COUNT=7, **told
        ),
        "spent": sample._text(sample.CRDC_2018, sample._of_crdc()),
        "money": sample._text(sample.F33, money, "\t"),
        "places": sample._text(sample.EDGE, places, "|", headed=False),
        "headed": sample._text(sample.EDGE, places),
        "export": _schools(),
    }
    return {name: text.encode() for name, text in texts.items()}


SAMPLES = _samples()
ODD = [
    *(b'"', b'""', b",", b"|", b"\t", b";", b"\n", b"\r", b"\r\n", b"\n\n", b"\0", b"\xef\xbb\xbf"),
    *(b"\xf1", b"\xc3\xb1", b"\x81", b"\x96", b"\xe2\x80\xa0", b"\xc3", b"\xff\xfe", b"\x0b"),
    *(b"=", b'="0"', b" ", b"-", b"0", b"7", b"-9", b"1e9", b"1e99", b"9" * 30, b"nan", b"N"),
    *("²".encode(), "٣".encode(), "\u2028".encode(), b"\xc2\x85", b"\xc2\xa0", b"<", b"CT", b"'"),
    b"Data Source",
]


def _damaged(content: bytes, seed: int, number: int) -> bytes:
    """Return a file after `number` accidents, which follow from `seed`; few in its first line."""
    chance = random.Random(seed)
    start = content.find(b"\n") + 1 if chance.random() < 0.9 else 0
    first, content = content[:start], content[start:]
    for _ in range(number):
        at = chance.randrange(len(content) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            content = content[:at] + chance.choice(ODD) + content[at:]
        elif kind == 1:
            content = content[:at] + content[at + chance.choice((1, 1, 2, 30)) :]
        elif kind == 2:
            content = content[:at] + chance.choice(ODD) + content[at + 1 :]
        elif kind == 3:
            lines = content.split(b"\n")
            one, other = (chance.randrange(len(lines)) for _ in range(2))
            lines[one] = lines[other] if chance.random() < 0.5 else b""
            content = b"\n".join(lines)
        elif kind == 4:
            # A cell of its line, or one that begins with what swallows those that follow.
            cells = re.split(rb"([,|\t\n])", content)
            one = 2 * chance.randrange((len(cells) + 1) // 2)
            cells[one] = chance.choice((chance.choice(ODD), b'"' + cells[one], b"", cells[one][1:]))
            content = b"".join(cells)
        else:
            content = content[:at] if chance.random() < 0.1 else content
    return first + content


def _alone(file: FederalFile) -> list[tuple[int, dict[str, str]]]:
    """Return what each line holds, read alone."""
    raw = file.path.read_bytes().decode(file.probe.encoding).removeprefix("\ufeff")
    lines = [line for line in re.split(r"\r\n|\n|\r", raw) if line][int(file.headed) :]
    found = []
    for number, line in enumerate(lines, start=1 + int(file.headed)):
        (cells,) = csv.reader(io.StringIO(line), delimiter=file.separator)
        told = dict(zip(file.heading, (cell.strip() for cell in cells), strict=True))
        if any(told[name] for name in file.layout.columns):
            found.append((number, {name: told[name] for name in file.layout.columns}))
    return found


def _lines(folder: Path) -> None:
    """Hold each line of every file of a folder against the line read alone."""
    for file in open_folder(folder).files:
        cells = files.whole_table(file, None).cells
        if not file.lines_of:
            cells = cells[list(file.layout.columns)]
            assert [*zip(cells.index, cells.to_dict("records"), strict=True)] == _alone(file)


def _rows(folder: Path) -> None:
    """Read every table of a folder; where each line is a row, there are as many."""
    for file in open_folder(folder).files:
        rows = READERS[file.layout.key](file, None)
        if file.layout.key in EACH and not file.lines_of:
            assert len(rows) == len(_alone(file))  # type: ignore[arg-type]


def _tables(folder: Path) -> None:
    build_federal(folder, folder.parent / "out" / "tables", None)


def _tried(folder: Path, content: bytes, check: Callable[[Path], None]) -> str:
    """Return the message where a file is refused; anything else than a refusal is raised."""
    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    (raw / "raw.csv").write_bytes(content)
    try:
        check(raw)
    except DmeError as error:
        message = str(error)
        assert "where:" in message, message
        assert "expected:" in message, message
        return message
    return ""


@pytest.mark.parametrize("name", SAMPLES)
def test_the_files_are_whole_before_the_damage(tmp_path: Path, name: str):
    for check in (_lines, _rows):
        assert not _tried(tmp_path, SAMPLES[name], check)


@pytest.mark.tried("Bad input", "federal files damaged at random: lines, rows, tables made of them")
@pytest.mark.parametrize(("check", "number"), [(_lines, 800), (_rows, 120), (_tables, 30)])
def test_damaged_files_are_read_as_they_stand_or_refused(
    tmp_path: Path, record_property: Callable, check: Callable, number: int
):
    count = [0]

    @_times(number)
    @given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 2**32), st.integers(1, 4))
    def damage(name: str, seed: int, accidents: int) -> None:
        count[0] += 1
        _tried(tmp_path, _damaged(SAMPLES[name], seed, accidents), check)

    damage()
    record_property("times", count[0])


@pytest.mark.tried("Bad input", "federal files of any bytes")
def test_any_bytes_are_read_or_refused(tmp_path: Path, record_property: Callable):
    count = [0]
    begins = st.sampled_from([b"", *(content[:300] for content in SAMPLES.values())])

    @_times(300)
    @given(begins, st.binary(max_size=60))
    def any_bytes(begin: bytes, content: bytes) -> None:
        count[0] += 1
        _tried(tmp_path, begin + content, _lines)

    any_bytes()
    record_property("times", count[0])
