"""Which rows a function of the study used: observed, and nothing about the figures is changed."""

import copy
import pickle
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from dme import paths
from dme.errors import Lacking
from dme.findings import functions, lineage, session
from dme.findings.functions import step
from dme.findings.memory import Disk, Memory
from dme.findings.session import load
from dme.study import Study
from dme.tables import load as plain_table

OWN = "0640011"
LINES = pd.read_csv(paths.tables() / "school_enrollment.csv", dtype=str)
ZONES = pd.read_csv(paths.tables() / "school_zones.csv", dtype=str)


@pytest.fixture(autouse=True)
def afresh(monkeypatch):
    monkeypatch.setattr(functions, "_remembered", Memory())
    monkeypatch.setattr(session, "_frames", [])


def observed(function):
    """Return what a function gives, and the numbers of the rows that it used, by table."""
    with session.evaluating(Study()) as reading:
        value = function()
    return value, {
        table: lineage.numbers_of(lineage.written(rows)) for table, rows in reading.used.settled()
    }


def numbers(mask):
    """Return the numbers of the lines of the file in which something holds."""
    return [int(line) + 1 for line in mask.index[mask]]


YEAR, OF_OWN = LINES["school_year"] == "2016-17", LINES["district_code"] == OWN
MINE = numbers(YEAR & OF_OWN)
COUNTED = numbers(YEAR & OF_OWN & (LINES["students"].astype(float) >= 100))


def mine():
    rows = load("school_enrollment")
    rows = rows[rows["school_year"] == "2016-17"]
    return rows[rows["district_code"].isin([OWN])]


def large(rows):
    return rows[rows["students"].ge(100).fillna(False).astype(bool)]


def every():
    return load("school_enrollment")


TAKES = {
    "a sum": lambda rows: rows["students"].sum(),
    "an array": lambda rows: rows["students"].to_numpy(float).tolist(),
    "numpy's function": lambda rows: np.asarray(rows["students"], float).sum(),
    "a loop": lambda rows: [row.students for row in rows.itertuples()],
    "how many": len,
    "its shape": lambda rows: rows.shape,
    "groups": lambda rows: rows.groupby("district_code")["students"].mean().to_dict(),
    "arithmetic": lambda rows: (rows["students"] * 2 + 1).sum(),
    "pandas' function": lambda rows: pd.to_numeric(rows["students"]).sum(),
    "text": lambda rows: ",".join(rows["school"]),
    "part of a text": lambda rows: rows["school"].str[:3].tolist(),
    "a new column, another name, type and order": lambda rows: (
        rows.assign(twice=lambda some: some["students"] * 2)
        .rename(columns={"twice": "x"})
        .astype({"x": float})
        .sort_values("x")
        .reset_index(drop=True)
        .drop(columns="school")["x"]
        .sum()
    ),
    "a column that is set": lambda rows: with_column(rows)["x"].sum(),
    "what is set in place": lambda rows: with_cap(rows)["students"].sum(),
}


def last_two(rows):
    return rows[rows["school_year"] == rows["school_year"].max()].tail(2)["students"].sum()


ALL_YEARS = numbers(~LINES["school_year"].duplicated())
OF_LAST = numbers(LINES["school_year"] == LINES["school_year"].max())
CAPITAL = numbers(YEAR & (LINES["school_code"] == "0640111"))
SELECTS = {
    "a query": (
        every,
        lambda rows: rows.query("school_year == '2016-17' and district_code == @OWN").shape,
        MINE,
    ),
    "some of them first": (mine, lambda rows: rows.head(3)["students"].sum(), MINE[:3]),
    "the first and the last": (
        mine, lambda rows: (rows["school"].iloc[0], rows["school"].iloc[-1]), [MINE[0], MINE[-1]],
    ),
    "the third, which hangs on those before": (mine, lambda rows: rows["school"].iloc[2], MINE),
    "one by its code": (
        mine, lambda rows: rows.set_index("school_code")["students"].loc["0640111"], CAPITAL,
    ),
    "one by its code, or another": (
        mine, lambda rows: rows.set_index("school_code")["students"].get("0640111", 0), CAPITAL,
    ),
    "some by their codes": (
        mine, lambda rows: rows.set_index("school_code").reindex(["0640111", "none"]).to_dict(),
        CAPITAL,
    ),
    "nothing but the columns' names": (every, lambda rows: list(rows.columns), []),
    # The answer hangs on one row, whichever; the first is as good as any.
    "whether there is any": (mine, lambda rows: rows.empty, MINE[:1]),
    "whether there is any such": (
        every, lambda rows: bool((rows["school_year"] == "2016-17").any()), numbers(YEAR)[:1],
    ),
    "whether there is any of no year": (
        every, lambda rows: bool((rows["school_year"] == "1816-17").any()), [],
    ),
    "the last year": (every, lambda rows: rows["school_year"].max(), OF_LAST[:1]),
    "the years": (every, lambda rows: sorted(rows["school_year"].unique()), ALL_YEARS),
    "the last year, and two rows of it": (every, last_two, OF_LAST[-2:]),
    "rows of years that another table lacks": (
        every, lambda rows: rows[~rows["school_year"].isin(rows["school_year"])]["students"].sum(),
        ALL_YEARS,
    ),
}  # fmt: skip


def with_column(rows):
    rows = rows.copy()
    rows["x"] = rows["students"].astype(float) / 2
    return rows


def with_cap(rows):
    rows = rows.copy()
    rows.loc[rows["students"] > 300, "students"] = 300
    return rows


def in_a_cell(function):
    """Return what a function gives where tables are plain."""
    session._frames.append(session._Frame(Study(), session.Reading()))
    return function()


@pytest.mark.parametrize("how", TAKES)
def test_the_rows_whose_values_are_taken_out_are_used(how):
    def taken():
        return TAKES[how](large(mine()))

    value, used = observed(taken)
    assert used == {"school_enrollment": COUNTED}
    assert repr(value) == repr(in_a_cell(taken))


@pytest.mark.parametrize("how", SELECTS)
def test_the_rows_that_are_selected_are_used(how):
    held, taken, rows = SELECTS[how]
    value, used = observed(lambda: taken(held()))
    assert used.get("school_enrollment", []) == rows
    assert repr(value) == repr(in_a_cell(lambda: taken(held())))


def test_of_a_table_that_is_joined_the_rows_that_match_are_used():
    def joined():
        return large(mine()).merge(load("school_zones"), on="school_code")["zone"].tolist()

    _, used = observed(joined)
    codes = LINES["school_code"].iloc[[number - 1 for number in COUNTED]]
    assert used["school_zones"] == numbers(ZONES["school_code"].isin(codes))
    placed = numbers(LINES.index.isin([n - 1 for n in COUNTED]) & LINES["school_code"].isin(
        ZONES["school_code"]))  # fmt: skip
    assert used["school_enrollment"] == placed


def test_of_a_table_of_names_those_that_are_looked_up_are_used():
    def named():
        names = load("school_zones").set_index("school_code")["zone"]
        return large(mine())["school_code"].map(names).dropna().tolist()

    value, used = observed(named)
    assert len(value) == len(used["school_zones"]) < len(ZONES)


@dataclass
class Held:
    rows: pd.DataFrame
    codes: pd.Series


def test_what_leaves_a_function_is_plain_and_its_rows_are_used():
    def leaving(_):
        rows = mine()
        return {"held": [Held(rows, rows["school_code"])], "copy": rows.head(2)}

    value, used = observed(lambda: step(leaving)(Study()))
    held = value["held"][0]
    kept = (held.rows, held.codes, value["copy"])
    assert [type(one) for one in kept] == [pd.DataFrame, pd.Series, pd.DataFrame]
    assert used == {"school_enrollment": MINE}
    for again in (pickle.loads(pickle.dumps(held)), copy.deepcopy(held)):
        assert again.rows.equals(mine_plain())
        assert type(again.rows) is pd.DataFrame
    assert held.codes.name == "school_code"


def mine_plain():
    rows = plain_table("school_enrollment")
    return rows[(rows["school_year"] == "2016-17") & (rows["district_code"] == OWN)]


def test_of_a_table_that_a_step_returns_the_rows_that_its_caller_uses_are_used(tmp_path):
    listed = step(lambda _: load("school_enrollment").query("school_year == '2016-17'"))
    for disk in (None, Disk(tmp_path / "memory.sqlite"), Disk(tmp_path / "memory.sqlite")):
        functions._remembered = Memory(disk)
        for _ in range(2):
            value, used = observed(
                lambda: (rows := listed(Study()))[rows["district_code"] == OWN].shape
            )
            assert (value[0], used) == (len(MINE), {"school_enrollment": MINE})
    # What is remembered, and what a cell has, is plain.
    (kept,) = [k for known in functions._remembered._known.values()
               for results in known.values() for k in results.values()]  # fmt: skip
    assert type(kept.value) is type(in_a_cell(lambda: listed(Study()))) is pd.DataFrame


def test_a_traced_table_is_pickled_and_copied_as_a_plain_one():
    def copies():
        return pickle.loads(pickle.dumps(mine())), copy.copy(mine()), copy.deepcopy(mine())

    value, used = observed(copies)
    assert all(type(one) is pd.DataFrame and one.equals(mine_plain()) for one in value)
    assert used["school_enrollment"] == MINE


def test_rows_are_remembered_with_the_result(tmp_path):
    summed = step(total)
    for disk in (None, Disk(tmp_path / "memory.sqlite"), Disk(tmp_path / "memory.sqlite")):
        if disk:
            functions._remembered = Memory(disk)
        for _ in range(2):
            assert observed(lambda: summed(Study()))[1] == {"school_enrollment": COUNTED}


def total(_):
    return int(large(mine())["students"].sum())


def test_rows_that_were_used_until_something_lacked_are_told():
    def lacking(_):
        rows = mine()
        if len(rows):
            what = "nothing of it is printed"
            raise Lacking(what)

    def asking():
        with pytest.raises(Lacking):
            step(lacking)(Study())

    assert observed(asking)[1] == {"school_enrollment": MINE}


def test_where_tracing_fails_all_rows_count_and_the_figure_stands(monkeypatch):
    def broken(*_):
        message = "unforeseen"
        raise RuntimeError(message)

    monkeypatch.setattr("dme.findings.traced._Rows.take", broken)
    value, used = observed(lambda: total(None))
    assert value == sum(LINES["students"].iloc[[n - 1 for n in COUNTED]].astype(int))
    assert used == {"school_enrollment": list(range(1, len(LINES) + 1))}


def test_what_is_wrong_is_told_as_pandas_tells_it():
    for ask in (
        lambda: mine()["pupils"],
        lambda: mine().loc["none"],
        lambda: mine().drop(columns="x"),
    ):
        with pytest.raises(KeyError, match=r"pupils|none|x"):
            observed(ask)


def test_rows_of_a_district_s_own_file_are_told_by_its_path(monkeypatch):
    held = pd.DataFrame({"school_code": ["0640411", "0643811"], "condition": [1.0, 2.5]})
    monkeypatch.setattr(session, "read_own", lambda *_: held)
    with session.evaluating(Study(buildings="data/own/mine.csv")) as reading:
        assert session.supplied("buildings").query("condition > 2")["condition"].sum() == 2.5
    assert lineage.written(dict(reading.used.settled())["data/own/mine.csv"]) == "2"
