"""Tables that know their rows: which of them an evaluation used is observed, not declared.

`traced` hands out a table whose rows can be selected, sorted, widened and compared without anything
being noted: of rows that a filter leaves out, no figure is made. What takes values out (a sum,
an array, a loop, a chart, all that is not listed here) notes the rows that the table holds at that
moment and turns the table, in place, into a plain one of pandas. So does the end of the
evaluation with what holds such tables. Where one is the very result of a step, it is remembered as
a plain one with where its rows are from, and traced again in the evaluation that asked for it.

A question whose answer hangs on few rows (is there any? which years are there?) notes that one row
of each answer is needed, whichever: mostly one that is used anyway.
"""

import functools
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from dme.findings import lineage

Places = npt.NDArray[np.int64]
_NDFrame: Any = pd.DataFrame.__mro__[1]
_MOST_ANSWERS = 40


@dataclass
class Used:
    """The rows that an evaluation used, by table.

    Attributes
    ----------
    rows : dict of str to int
        Sets of rows; see `dme.findings.lineage`.
    some : dict of (str, int) to None
        Sets of rows of a table of which one is needed, whichever.
    """

    rows: dict[str, int] = field(default_factory=dict)
    some: dict[tuple[str, int], None] = field(default_factory=dict)

    def __ior__(self, other: "Used") -> "Used":
        """Count what another evaluation used as used here."""
        for table, rows in other.rows.items():
            self.rows[table] = self.rows.get(table, 0) | rows
        self.some |= other.some
        return self

    def settled(self) -> list[tuple[str, int]]:
        """Return the rows by table, with one of each set of which one is needed."""
        found = dict(self.rows)
        for table, rows in self.some:
            if not rows & found.get(table, 0):
                found[table] = found.get(table, 0) | (rows & -rows)
        return sorted(found.items())


class Watch:
    """An evaluation that notes the rows that are used, and the traced tables that are alive."""

    def __init__(self) -> None:
        self.used = Used()
        self.alive: dict[int, weakref.ref[Any]] = {}

    def add(self, one: Any) -> None:
        """Take a traced table or column in."""
        key = id(one)
        self.alive[key] = weakref.ref(one, lambda _: self.alive.pop(key, None))

    def end(self) -> Used:
        """Turn what is left of traced tables into plain ones; return the rows that were used."""
        for one in list(self.alive.values()):
            if isinstance(kept := one(), _TYPES):
                _plain(kept)
        rows = self.used.rows
        self.used.some = {
            pair: None for pair in self.used.some if not pair[1] & rows.get(pair[0], 0)
        }
        return self.used


class Origin(NamedTuple):
    """Where rows are from: a table, and each row's place in it; -1 where a row has none there."""

    table: str
    at: Places


class _Rows(NamedTuple):
    """The rows of a traced table or column: who watches, and where they are from."""

    watch: Watch
    origins: tuple[Origin, ...]

    def take(self, places: Any) -> "_Rows":
        """Return those at some places; none stands at -1."""
        told = np.asarray(places)
        lost = None if told.dtype == bool or not (told < 0).any() else told < 0
        found = []
        for table, at in self.origins:
            picked = at[told]
            if lost is not None:
                picked[lost] = -1
            found.append(Origin(table, picked))
        return _Rows(self.watch, tuple(found))

    def beside(self, other: "_Rows") -> "_Rows":
        """Return the same rows with what else they are from."""
        more = (one for one in other.origins if not any(one is mine for mine in self.origins))
        return _Rows(self.watch, (*self.origins, *more))

    def same(self, other: "_Rows") -> bool:
        """Whether these are the same rows in the same order."""
        mine, theirs = self.origins[0], other.origins[0]
        return mine is theirs or (
            mine.table == theirs.table
            and np.array_equal(mine.at, theirs.at)
            and mine.at.min(initial=0) >= 0
        )

    def _sets(self) -> Iterable[tuple[str, int]]:
        for table, at in self.origins:
            if rows := lineage.of_places(at[at >= 0]):
                yield table, rows

    def use(self) -> None:
        """Note the rows as used."""
        self.watch.used |= Used(dict(self._sets()))

    def use_some(self) -> None:
        """Note that one of the rows is needed."""
        self.watch.used.some |= dict.fromkeys(self._sets())


def traced(rows: Any, origins: tuple[Origin, ...], watch: Watch) -> Any:
    """Return a table or column whose rows are watched; `origins` tell where they are from."""
    return _again(rows, _Rows(watch, origins))


def released(value: Any) -> tuple[Origin, ...]:
    """Turn a traced table or column into a plain one, and return where its rows are from.

    They are not used yet; there are none of what is not traced.
    """
    if not isinstance(value, _TYPES):
        return ()
    origins: tuple[Origin, ...] = value._rows.origins
    _plain(value, used=False)
    return origins


def _made(cls: Any, kept: Any, rows: _Rows) -> Any:
    one = object.__new__(cls)
    one.__dict__.update(_kept=kept, _rows=rows, _attrs={}, _flags=kept._flags)
    rows.watch.add(one)
    return one


def _frame(kept: pd.DataFrame, rows: _Rows) -> Any:
    return _made(_TracedFrame, kept, rows)


def _column(kept: pd.Series, rows: _Rows) -> Any:
    return _made(_TracedColumn, kept, rows)


def _again(found: Any, rows: _Rows) -> Any:
    """Return what an operation gave, with its rows."""
    return _frame(found, rows) if isinstance(found, pd.DataFrame) else _column(found, rows)


def _plain(one: Any, *, used: bool = True) -> Any:
    """Note the rows of a table or column as used, and turn it into a plain one, in place."""
    if isinstance(one, _TYPES):
        kept, rows = one.__dict__["_kept"], one.__dict__["_rows"]
        if used:
            rows.use()
        rows.watch.alive.pop(id(one), None)
        one.__dict__.clear()
        one.__class__ = pd.DataFrame if isinstance(kept, pd.DataFrame) else pd.Series
        _NDFrame.__init__(one, kept._mgr)
        if isinstance(one, pd.Series):
            one.__dict__["_name"] = kept.name
    return one


def _all_plain(value: Any) -> Any:
    """Turn what is handed to an operation into plain tables, also where it stands in a list."""
    if isinstance(value, _TYPES):
        return _plain(value)
    if isinstance(value, list | tuple):
        for each in value:
            _all_plain(each)
    elif isinstance(value, dict):
        for each in value.values():
            _all_plain(each)
    return value


class _Unknown(Exception):
    """An operation is used in a way whose rows are not known."""


def _known(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Let an operation be what pandas makes of the plain table, where its rows are not known."""
    name = operation.__name__

    @functools.wraps(operation)
    def tried(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return operation(self, *args, **kwargs)
        except Exception:  # what is wrong, pandas says of the plain table
            _plain(self)
        _all_plain(args)
        _all_plain(kwargs)
        return getattr(type(self), name)(self, *args, **kwargs)

    return tried


def _alike(one: Any, value: Any) -> tuple[Any, _Rows]:
    """Return a value of the same rows, and what these rest on with it; any other as a plain one."""
    rows: _Rows = one._rows
    if isinstance(value, _TYPES):
        if rows.same(value._rows) and one._kept.index.equals(value._kept.index):
            return value._kept, rows.beside(value._rows)
        _plain(value)
    return _all_plain(value), rows


def _same_rows(name: str) -> Callable[..., Any]:
    """Return an operation that gives each row something of its own."""

    def operation(self: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("inplace"):
            raise _Unknown
        rows, given, named = self._rows, [], {}
        for value in args:
            plain, beside = _alike(self, value)
            rows = rows.beside(beside)
            given.append(plain)
        for key, value in kwargs.items():
            named[key], beside = _alike(self, value)
            rows = rows.beside(beside)
        found = getattr(self._kept, name)(*given, **named)
        if not isinstance(found, _PANDAS) or len(found) != len(self._kept):
            raise _Unknown
        if name not in _OTHER_INDEX and not found.index.equals(self._kept.index):
            raise _Unknown
        return _again(found, rows)

    operation.__name__ = name
    return _known(operation)


def _some_rows(name: str) -> Callable[..., Any]:
    """Return an operation that selects or sorts rows, each for itself or by comparing them."""

    def operation(self: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("inplace") or kwargs.get("axis", 0) not in (0, "index"):
            raise _Unknown
        kept = self._kept
        again = kwargs.pop("ignore_index", False)
        numbered = kept.set_axis(pd.RangeIndex(len(kept)))
        found = getattr(numbered, name)(*_all_plain(args), **_all_plain(kwargs))
        if isinstance(found, pd.DataFrame) and len(found.columns) != len(kept.columns):
            raise _Unknown
        places = found.index.to_numpy()
        found.index = pd.RangeIndex(len(found)) if again else kept.index.take(places)
        return _again(found, self._rows.take(places))

    operation.__name__ = name
    return _known(operation)


def _selected(self: Any, key: Any, beside: _Rows, found: Any) -> Any:
    """Return rows that were selected by their labels; a value or row that was taken out is used."""
    index, rows = self._kept.index, self._rows.beside(beside)
    if isinstance(key, str) and index.is_unique:
        places: Any = index.get_loc(key)
    else:
        places = pd.Series(np.arange(len(index)), index=index).loc[key]
    if not isinstance(places, pd.Series):
        rows.take(np.array([places])).use()
        return found
    if not isinstance(found, _PANDAS) or len(found) != len(places):
        raise _Unknown
    return _again(found, rows.take(places.to_numpy()))


class _Loc:
    """Selects rows by label, mask or slice, and columns: ``.loc``."""

    def __init__(self, of: Any) -> None:
        self._of = of

    def __getitem__(self, key: Any) -> Any:
        of = self._of
        try:
            kept, frame = of._kept, isinstance(of._kept, pd.DataFrame)
            which, *columns = key if frame and isinstance(key, tuple) else (key,)
            which, beside = _alike(of, which)
            if callable(which) or isinstance(which, tuple) or any(map(_is_traced, columns)):
                raise _Unknown
            found = kept.loc[(which, *columns) if columns else which]
            return _selected(of, which, beside, found)
        except Exception:  # see _known
            _plain(of)
        return of.loc[_all_plain(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        _plain(self._of).loc[_all_plain(key)] = _all_plain(value)


def _is_traced(value: Any) -> bool:
    return isinstance(value, _TYPES)


def _is_end(key: Any) -> bool:
    return isinstance(key, int) and key in (0, -1)


def _from_an_end(key: slice) -> bool:
    first = key.start is None and (key.stop or 0) >= 0
    last = key.stop is None and (key.start or -1) < 0
    return key.step is None and (first or last)


class _Iloc:
    """Selects rows by place from either end: ``.iloc``."""

    def __init__(self, of: Any) -> None:
        self._of = of

    def __getitem__(self, key: Any) -> Any:
        of = self._of
        # Which row stands at another place hangs on those before it.
        if not (_from_an_end(key) if isinstance(key, slice) else _is_end(key)):
            return _plain(of).iloc[_all_plain(key)]
        found, places = of._kept.iloc[key], np.arange(len(of._kept))[key]
        if isinstance(key, slice):
            return _again(found, of._rows.take(places))
        of._rows.take(np.array([places])).use()
        return found

    def __setitem__(self, key: Any, value: Any) -> None:
        _plain(self._of).iloc[_all_plain(key)] = _all_plain(value)


class _Text:
    """What ``.str`` gives of each row."""

    def __init__(self, of: Any) -> None:
        self._of = of

    def __getattr__(self, name: str) -> Any:
        of = self._of
        operation = getattr(of._kept.str, name)
        if not callable(operation):
            return getattr(_plain(of).str, name)

        def called(*args: Any, **kwargs: Any) -> Any:
            found = operation(*_all_plain(args), **_all_plain(kwargs))
            if isinstance(found, _PANDAS) and found.index.equals(of._kept.index):
                return _again(found, of._rows)
            _plain(of)
            return found

        return called

    def __getitem__(self, key: Any) -> Any:
        return self.__getattr__("__getitem__")(key)


class _Traced:
    """What tables and columns share: where their rows are, and what tells nothing of them."""

    __dict__: dict[str, Any]

    @property
    def _mgr(self) -> Any:
        # All of pandas gets at the values here, unless an operation is listed below.
        return _plain(self)._mgr

    @_mgr.setter
    def _mgr(self, value: Any) -> None:
        _plain(self).__dict__["_mgr"] = value

    @property
    def loc(self) -> Any:
        return _Loc(self)

    @property
    def iloc(self) -> Any:
        return _Iloc(self)

    @property
    def index(self) -> Any:
        return _plain(self).index

    @index.setter
    def index(self, value: Any) -> None:
        _plain(self).index = _all_plain(value)

    @property
    def empty(self) -> bool:
        if not self._kept.empty:
            self._rows.use_some()
        return bool(self._kept.empty)

    @property
    def dtypes(self) -> Any:
        return self._kept.dtypes

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _plain(self).__reduce_ex__(protocol)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and not kwargs:
            one = next(each for each in inputs if isinstance(each, _TYPES))
            pairs = [_alike(one, each) for each in inputs]
            rows = functools.reduce(_Rows.beside, (beside for _, beside in pairs), one._rows)
            found = ufunc(*(plain for plain, _ in pairs))
            if isinstance(found, _PANDAS) and found.index.equals(one._kept.index):
                return _again(found, rows)
        return getattr(ufunc, method)(*map(_all_plain, inputs), **_all_plain(kwargs))

    @_known
    def reindex(self, *args: Any, **kwargs: Any) -> Any:
        """Look rows up by their labels."""
        kept = self._kept
        if set(kwargs) == {"columns"} and not args:
            return _again(kept.reindex(columns=_all_plain(kwargs["columns"])), self._rows)
        if args:
            (wanted,) = args
        else:
            wanted = kwargs.pop("index")
        if set(kwargs) - {"fill_value"} or not kept.index.is_unique:
            raise _Unknown
        found = kept.reindex(_all_plain(wanted), **kwargs)
        return _again(found, self._rows.take(kept.index.get_indexer(found.index)))


class _TracedFrame(_Traced, pd.DataFrame):
    """A table whose rows are watched."""

    ndim = 2

    @property
    def columns(self) -> Any:
        return self._kept.columns

    @columns.setter
    def columns(self, value: Any) -> None:
        self._kept.columns = value

    def __contains__(self, key: object) -> bool:
        return key in self._kept.columns

    def __iter__(self) -> Any:
        return iter(self._kept.columns)

    def keys(self) -> Any:
        return self._kept.columns

    @_known
    def __getitem__(self, key: Any) -> Any:
        kept, rows = self._kept, self._rows
        mask, beside = _alike(self, key)
        if isinstance(mask, pd.Series) and pd.api.types.is_bool_dtype(mask.dtype):
            places = mask.to_numpy(bool, na_value=False)
            if not mask.index.equals(kept.index):
                raise _Unknown
            return _frame(kept[mask], rows.beside(beside).take(places))
        if isinstance(mask, np.ndarray) and mask.dtype == bool:
            return _frame(kept[mask], rows.take(mask))
        if isinstance(mask, slice):
            return self.iloc[mask]
        found = kept[mask]
        if isinstance(mask, str) or _are_names(mask, kept):
            return _again(found, rows)
        raise _Unknown

    def __setitem__(self, key: Any, value: Any) -> None:
        if not isinstance(key, str):
            _plain(self)[_all_plain(key)] = _all_plain(value)
            return
        value, rows = _alike(self, value)
        self._kept[key] = value
        self.__dict__["_rows"] = rows

    def __delitem__(self, key: Any) -> None:
        del self._kept[key]

    def insert(self, loc: Any, column: Any, value: Any, **kwargs: Any) -> None:
        value, rows = _alike(self, value)
        self._kept.insert(loc, column, value, **kwargs)
        self.__dict__["_rows"] = rows

    def pop(self, item: Any) -> Any:
        return _again(self._kept.pop(item), self._rows)

    @_known
    def drop(self, *args: Any, **kwargs: Any) -> Any:
        if args or set(kwargs) != {"columns"}:
            raise _Unknown
        return _frame(self._kept.drop(columns=_all_plain(kwargs["columns"])), self._rows)

    def query(self, expr: str, **kwargs: Any) -> Any:
        # Names of the caller's stand one call further up.
        level = kwargs.pop("level", 0) + 1
        with suppress(_Unknown):
            if set(kwargs):
                raise _Unknown
            mask = self._kept.eval(expr, level=level)
            if not isinstance(mask, pd.Series) or not pd.api.types.is_bool_dtype(mask.dtype):
                raise _Unknown
            return self.loc[mask]
        return _plain(self).query(expr, level=level, **kwargs)

    @_known
    def merge(self, right: Any, how: str = "inner", **kwargs: Any) -> Any:
        """Join another table: rows without a match are not used."""
        if how not in ("inner", "left") or set(kwargs) & {"left_index", "indicator", "copy"}:
            raise _Unknown
        left, known = self._kept, [self._rows]
        left = left.assign(**{_LEFT: np.arange(len(left))})
        if isinstance(right, _TracedFrame):
            known.append(right._rows)
            right = right._kept.assign(**{_RIGHT: np.arange(len(right._kept))})
        both = left.merge(right, how=how, **_all_plain(kwargs))
        rows = self._rows.take(both.pop(_LEFT).to_numpy(int))
        if len(known) > 1:
            matched = known[1].take(both.pop(_RIGHT).fillna(-1).to_numpy(int))
            if how == "left":
                matched.use()  # see map
            else:
                rows = rows.beside(matched)
        return _frame(both, rows)

    @_known
    def all(self, *args: Any, **kwargs: Any) -> Any:
        return self._of_each("all", args, kwargs)

    @_known
    def any(self, *args: Any, **kwargs: Any) -> Any:
        return self._of_each("any", args, kwargs)

    @_known
    def sum(self, *args: Any, **kwargs: Any) -> Any:
        return self._of_each("sum", args, kwargs)

    def _of_each(self, name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        if args or kwargs.get("axis") not in (1, "columns"):
            raise _Unknown
        return _column(getattr(self._kept, name)(**kwargs), self._rows)


class _TracedColumn(_Traced, pd.Series):
    """A column whose rows are watched."""

    ndim = 1

    @property
    def dtype(self) -> Any:
        return self._kept.dtype

    @property
    def name(self) -> Any:
        return self._kept.name

    _name = name

    @name.setter
    def name(self, value: Any) -> None:
        self._kept.name = value

    @property
    def str(self) -> Any:
        return _Text(self)

    @_known
    def __getitem__(self, key: Any) -> Any:
        kept = self._kept
        mask, beside = _alike(self, key)
        if isinstance(mask, slice):
            return self.iloc[mask]
        return _selected(self, mask, beside, kept[mask])

    def get(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            return default
        return self[key]

    def __contains__(self, key: object) -> bool:
        held = key in self._kept.index
        if held:
            self._rows.take(self._kept.index.get_indexer_for([key])).use_some()
        return held

    @_known
    def map(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        """Look each value up; entries of another traced table that none asks for are not used."""
        kept = self._kept
        if isinstance(func, _TracedColumn) and func._kept.index.is_unique:
            # A value that none is found for is missing, and a filter may ask for that: all that are
            # found are used.
            places = func._kept.index.get_indexer(pd.Index(kept))
            func._rows.take(np.unique(places[places >= 0])).use()
            func = func._kept
        if not isinstance(func, Mapping | pd.Series):
            raise _Unknown
        return _column(kept.map(_all_plain(func), *args, **kwargs), self._rows)

    @_known
    def isin(self, values: Any) -> Any:
        """Whether each value is among others: of a traced column, one row of each is needed."""
        if isinstance(values, _TracedColumn):
            codes, known = pd.factorize(values._kept, use_na_sentinel=False)
            asked = pd.Series(known).isin(self._kept.unique())
            _answers(codes, np.flatnonzero(asked), values._rows)
            values = known
        return _column(self._kept.isin(_all_plain(values)), self._rows)

    @_known
    def any(self, *args: Any, **kwargs: Any) -> Any:
        return self._whether("any", args, kwargs, at=True)

    @_known
    def all(self, *args: Any, **kwargs: Any) -> Any:
        return self._whether("all", args, kwargs, at=False)

    def _whether(self, name: str, args: Any, kwargs: Any, *, at: bool) -> Any:
        if args or kwargs or not pd.api.types.is_bool_dtype(self._kept.dtype):
            raise _Unknown
        here = self._kept.to_numpy(bool, na_value=not at) == at
        if here.any():
            self._rows.take(here).use_some()
        return getattr(self._kept, name)()

    @_known
    def sum(self, *args: Any, **kwargs: Any) -> Any:
        """Add up; rows that are only counted are used where they are."""
        if args or kwargs or not pd.api.types.is_bool_dtype(self._kept.dtype):
            raise _Unknown
        self._rows.take(self._kept.to_numpy(bool, na_value=False)).use()
        return self._kept.sum()

    @_known
    def unique(self) -> Any:
        return self._of_text("unique")

    @_known
    def nunique(self) -> Any:
        return self._of_text("nunique")

    @_known
    def max(self) -> Any:
        return self._of_text("max")

    @_known
    def min(self) -> Any:
        return self._of_text("min")

    def _of_text(self, name: str) -> Any:
        """Return what keys such as years there are: one row of each is needed."""
        kept, rows = self._kept, self._rows
        if not pd.api.types.is_string_dtype(kept.dtype):
            raise _Unknown
        found = getattr(kept, name)()
        if name in ("min", "max"):
            rows.take((kept == found).to_numpy(bool, na_value=False)).use_some()
        else:
            codes, known = pd.factorize(kept, use_na_sentinel=False)
            _answers(codes, range(len(known)), rows)
        return found


def _answers(codes: Places, asked: Sequence[int], rows: _Rows) -> None:
    """Note that one row of each code that was asked for is needed."""
    if len(asked) > _MOST_ANSWERS:
        _, first = np.unique(codes, return_index=True)
        rows.take(first[np.asarray(asked)]).use()
        return
    for code in asked:
        rows.take(codes == code).use_some()


def _are_names(key: Any, kept: pd.DataFrame) -> bool:
    return isinstance(key, list | pd.Index) and all(
        isinstance(each, str) and each in kept.columns for each in key
    )


_TYPES = (_TracedFrame, _TracedColumn)
_PANDAS = (pd.DataFrame, pd.Series)
_LEFT, _RIGHT = "\0left", "\0right"
_OTHER_INDEX = ("set_index", "reset_index", "set_axis", "rename", "add_suffix", "add_prefix")
_COMPARED = ("eq", "ne", "lt", "le", "gt", "ge")
_REACHED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
_JOINED = ("and", "or", "xor")
_DUNDERS = tuple(
    f"__{name}__"
    for name in (
        *_COMPARED,
        *(side + name for name in (*_REACHED, *_JOINED) for side in ("", "r")),
        "neg",
        "invert",
        "abs",
    )
)
_BOTH = (
    *_DUNDERS, *_COMPARED, "add", "sub", "mul", "div", "truediv", "rsub", "rdiv",
    "abs", "astype", "copy", "fillna", "isna", "isnull", "notna", "notnull", "rename",
    "rename_axis", "replace", "round", "set_axis", "clip", "where", "mask", "infer_objects",
)  # fmt: skip
_OF_FRAMES = ("set_index", "add_prefix", "add_suffix", "select_dtypes", "filter")
_OF_COLUMNS = ("between", "to_frame")
_SELECTING = ("dropna", "drop_duplicates", "head", "tail", "sort_values", "nlargest", "nsmallest")

for _class, _names in (
    (_TracedFrame, (*_BOTH, *_OF_FRAMES)),
    (_TracedColumn, (*_BOTH, *_OF_COLUMNS)),
):
    for _name in _names:
        setattr(_class, _name, _same_rows(_name))
    for _name in _SELECTING:
        setattr(_class, _name, _some_rows(_name))
    # What is compared by value has no hash, as in pandas.
    _class.__hash__ = cast("Any", None)


def _reset_index(self: Any, *args: Any, **kwargs: Any) -> Any:
    if kwargs.get("inplace"):
        raise _Unknown
    found = self._kept.reset_index(*args, **kwargs)
    return _again(found, self._rows)


for _class in _TYPES:
    _reset_index.__name__ = "reset_index"
    _class.reset_index = _known(_reset_index)  # type: ignore[method-assign]
