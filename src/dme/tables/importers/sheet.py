"""Raw files as columns that know their file and lines, so that every refusal can name them."""

import csv
import gzip
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from dme.tables.columns import GRADES
from dme.tables.refusal import FETCH_ANEW, TableError, refusal

_STATE_DIGITS = 7
_NUMBER = r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?"
# Beyond, whole numbers are no longer told apart; no count or amount is near.
_MOST = 2.0**53
# EdSight prints ="0640011" so that spreadsheets keep the zero; a comma may stand inside.
_MARKED = re.compile(r'(^|,)="(?!")', re.MULTILINE)

# What a refusal prints: the same for every line, or a value for each.
Told = object


@dataclass(frozen=True)
class Sheet:
    """Lines of one raw file.

    Every method that returns a column refuses the first cell that is none of its kind.

    Attributes
    ----------
    file : Path
        The raw file.
    cells : DataFrame
        The cells as printed, without blanks around them; the index is the line in the file.
    advice : str
        What a refusal says is to be done.
    """

    file: Path
    cells: pd.DataFrame
    advice: str = FETCH_ANEW

    def __getitem__(self, column: str) -> pd.Series:
        """Return a column as printed."""
        return self.cells[column]

    def only(self, kept: pd.Series) -> "Sheet":
        """Return the lines that are `kept`."""
        return replace(self, cells=self.cells[kept])

    def put(self, column: str, cells: pd.Series) -> "Sheet":
        """Return the sheet with other cells in one column."""
        return replace(self, cells=self.cells.assign(**{column: cells}))

    def fault(
        self, line: int | None, problem: str, column: str, expected: Told, found: Told = None
    ) -> TableError:
        """Return the error to raise for what stands in `column` of a line, or of no one line."""
        return refusal(
            problem=problem,
            file=self.file,
            line=None if line is None else int(line),
            column=column,
            found=self._cell(line, column) if found is None else _at(found, line),
            expected=_at(expected, line),
            advice=self.advice,
        )

    def _cell(self, line: int, column: str) -> str:
        return repr(str(self.cells.at[line, column]))

    def refuse(
        self, wrong: pd.Series, problem: str, column: str, expected: Told, found: Told = None
    ) -> None:
        """Refuse the first line that is `wrong`; where that is unknown, it is not.

        What is expected and, unless it is the cell of `column`, what is found is told for every
        line or, as a series, by line.
        """
        lines = wrong.index[wrong.fillna(value=False).astype("bool")]
        if len(lines):
            if found is None:
                more = f" (and {len(lines) - 1} more such lines)" if len(lines) > 1 else ""
                found = self._cell(lines[0], column) + more
            raise self.fault(lines[0], problem, column, expected, found)

    def text(self, column: str) -> pd.Series:
        """Return words; an empty cell is refused."""
        cells = self[column]
        self.refuse(cells == "", "A cell is empty that names something.", column, "a name")
        return cells

    def blank(self, column: str) -> pd.Series:
        """Return words, missing where a cell is empty."""
        return self[column].where(self[column] != "")

    def word(
        self, column: str, words: Mapping[str, object] | Collection[str], problem: str
    ) -> pd.Series:
        """Return what stands for each word, or the words; any other is refused."""
        cells = self[column]
        told = ", ".join(word or "nothing" for word in words)
        self.refuse(~cells.isin([*words]), problem, column, f"one of {told}")
        return cells.map(words) if isinstance(words, Mapping) else cells

    def flag(self, column: str) -> pd.Series:
        """Return what is printed as true or false."""
        truth = {"true": True, "false": False}
        return self.word(column, truth, "A mark is neither.").astype("bool")

    def grade(self, column: str) -> pd.Series:
        """Return a grade of PK, K and 1 to 12."""
        return self.word(column, GRADES, "A grade is none.")

    def code(self, column: str) -> pd.Series:
        """Return state codes of seven digits."""
        expected = "seven digits, such as 0640011"
        short = self[column].str.fullmatch(rf"\d{{1,{_STATE_DIGITS - 1}}}")
        problem = "A code has lost its leading zero (a spreadsheet drops it)."
        self.refuse(short, problem, column, expected)
        whole = self[column].str.fullmatch(rf"\d{{{_STATE_DIGITS}}}")
        self.refuse(~whole, "A code is not seven digits.", column, expected)
        return self[column]

    def number(self, column: str, missing: Collection[str] = (), sign: str = "") -> pd.Series:
        """Return numbers with `sign` behind each, missing where one of the marks is printed."""
        hidden = self[column].isin([*missing])
        wrong = ~hidden & ~self[column].str.fullmatch(_NUMBER + re.escape(sign))
        expected = f"a number{sign and f' such as 43.9{sign}'}{_or(missing)}"
        self.refuse(wrong, "A cell is no number.", column, expected)
        found = self[column].mask(hidden).str.removesuffix(sign).astype("float64")
        self.refuse(found.abs() > _MOST, "A number is larger than any is.", column, expected)
        return found

    def within(
        self,
        column: str,
        ends: tuple[float, float],
        problem: str,
        missing: Collection[str] = (),
        sign: str = "",
    ) -> pd.Series:
        """Return numbers from the first to the second of `ends`; see `number`."""
        found = self.number(column, missing, sign)
        wrong = found.notna() & ~found.between(*ends)
        self.refuse(wrong, problem, column, "{:g} to {:g}".format(*ends))
        return found

    def percent(self, column: str, missing: Collection[str] = (), sign: str = "") -> pd.Series:
        """Return percentages; see `number`."""
        problem = "A percentage is not between 0 and 100."
        return self.within(column, (0, 100), problem, missing, sign)

    def amount(self, column: str, missing: Collection[str] = ()) -> pd.Series:
        """Return numbers of 0 or more; see `number`."""
        found = self.number(column, missing)
        expected = f"a number of 0 or more{_or(missing)}"
        self.refuse(found < 0, "A number is negative.", column, expected)
        return found

    def count(self, column: str, missing: Collection[str] = ()) -> pd.Series:
        """Return whole numbers of 0 or more; see `number`."""
        found = self.number(column, missing)
        expected = f"a whole number of 0 or more{_or(missing)}"
        self.refuse(found < 0, "A count is negative.", column, expected)
        broken = found.notna() & ~self[column].str.fullmatch(r"[0-9]+(\.0*)?")
        self.refuse(broken, "A count is no whole number.", column, expected)
        return found.astype("Int64")

    def counts(self, columns: Mapping[str, str], missing: Collection[str] = ()) -> pd.DataFrame:
        """Return counts by the names that `columns` gives to headings; see `count`."""
        found = {name: self.count(heading, missing) for heading, name in columns.items()}
        return pd.DataFrame(found, index=self.cells.index)

    def once(self, keys: pd.DataFrame | pd.Series, column: str, what: str) -> None:
        """Refuse lines, not all need be given, with the same `keys` as an earlier one."""
        keys = pd.DataFrame(keys)
        again = keys.duplicated()
        if again.any():
            key = keys[again].iloc[0]
            earlier = (keys == key).all(axis=1).idxmax()
            found = f"{' / '.join(map(str, key))}, also in line {earlier}"
            self.refuse(again, f"A {what} stands twice.", column, f"each {what} once", found)

    def add_up(
        self,
        column: str,
        total: pd.Series,
        parts: pd.DataFrame,
        problem: str = "A printed total differs from the sum of its parts.",
    ) -> None:
        """Refuse printed totals that their `parts` contradict; see `across` and `below`.

        Missing parts leave room above the sum of the others.
        """
        added = parts["added"]
        self.refuse((parts["hidden"] == 0) & (added != total), problem, column, added)
        smaller = "A printed total is smaller than its printed parts."
        self.refuse(added > total, smaller, column, added.map("{} or more".format))

    def near(
        self,
        column: str,
        printed: pd.Series,
        computed: pd.Series,
        within: float,
        problem: str = "A printed share is not that of its counts.",
    ) -> None:
        """Refuse printed figures that are further than `within` from what they should be."""
        wrong = (printed - computed).abs() > within
        self.refuse(wrong, problem, column, computed.map("{:.2f}".format))


def lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each non-empty line of a CSV file (also gzipped) with its number."""
    text = _MARKED.sub(r'\1"', _decoded(path))
    reader = csv.reader(io.StringIO(text, newline=""))
    for cells in reader:
        plain = [_unmarked(cell.strip()) for cell in cells]
        if any(plain):
            yield reader.line_num, plain


def table(path: Path, columns: Iterable[str]) -> Sheet:
    """Read a plain CSV file whose heading holds at least `columns`."""
    numbered = lines(path)
    line, heading = next(numbered, (1, []))
    return body(path, line, heading, numbered, columns)


def body(
    path: Path,
    line: int,
    heading: list[str],
    numbered: Iterable[tuple[int, list[str]]],
    columns: Iterable[str],
) -> Sheet:
    """Return what stands below a heading, which must hold `columns`."""
    columns = [*columns]
    require(path, line, heading, columns)
    found: dict[int, list[str]] = {}
    for at, cells in numbered:
        if len(cells) != len(heading):
            raise refusal(
                problem="A line has not as many cells as the heading.",
                file=path,
                line=at,
                found=f"{len(cells)} cells",
                expected=f"{len(heading)} cells",
                advice=FETCH_ANEW,
            )
        found[at] = cells
    places = {name: at for at, name in enumerate(heading)}
    cells = {name: [row[places[name]] for row in found.values()] for name in columns}
    return Sheet(path, pd.DataFrame(cells, index=[*found], columns=columns, dtype="str"))


def across(parts: pd.DataFrame) -> pd.DataFrame:
    """Return what the columns of each line add up to, and how many are missing."""
    added = parts.sum(axis=1).astype("Int64")
    return pd.DataFrame({"added": added, "hidden": parts.isna().sum(axis=1)})


def below(parts: pd.DataFrame, count: str, key: list[str], whole: pd.DataFrame) -> pd.DataFrame:
    """Return what the lines of `parts` add up to for each line of `whole`, by their `key`."""
    by_key = parts.assign(hidden=parts[count].isna()).groupby(key, as_index=False)
    found = by_key.agg(added=(count, "sum"), hidden=("hidden", "sum"))
    return whole[key].merge(found, on=key, how="left").set_axis(whole.index)


def require(path: Path, line: int, heading: list[str], columns: Iterable[str]) -> None:
    """Refuse a heading that lacks one of `columns`."""
    for column in columns:
        if column not in heading:
            raise refusal(
                problem="A column is missing.",
                file=path,
                line=line,
                column=column,
                found=", ".join(heading) or "no heading",
                expected=f'a column "{column}"',
                advice=FETCH_ANEW,
            )


def _at(told: Told, line: int | None) -> str:
    return str(told.loc[line] if isinstance(told, pd.Series) else told)


def _or(missing: Collection[str]) -> str:
    return "".join(f' or "{mark}"' for mark in missing)


def _unmarked(cell: str) -> str:
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise refusal(
            problem="A raw file is missing.",
            file=path,
            found="no file",
            expected="the publisher's file",
            advice=FETCH_ANEW,
        ) from None
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    if raw.lstrip()[:1] == b"<":
        raise refusal(
            problem="The file is a web page, saved under the name of a table.",
            file=path,
            line=1,
            found=repr(raw.lstrip()[:40].decode("utf-8", "replace")),
            expected="a CSV file",
            advice=FETCH_ANEW,
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(
            problem="The file is not UTF-8.",
            file=path,
            line=raw[: error.start].count(b"\n") + 1,
            found=repr(raw[error.start : error.start + 8]),
            expected="text in UTF-8",
            advice=FETCH_ANEW,
        ) from None
