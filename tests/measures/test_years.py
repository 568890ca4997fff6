from dme.measures.years import lacking_in
from dme.text import years_held


def test_years_are_told_in_runs():
    assert (
        years_held(["2014-15", "2005-06", "2006-07", "2007-08"]) == "2005-06 to 2007-08 and 2014-15"
    )
    assert years_held(["1999-00", "2000-01", "2003-04", "2005-06"]) == (
        "1999-00 to 2000-01, 2003-04 and 2005-06"
    )
    assert years_held([]) == ""


def test_the_choice_is_the_cause_only_where_the_record_has_other_years():
    other = lacking_in(["2013-14", "2014-15"], "staff of Avon", "in 2015-16")
    assert str(other) == "the tables hold no staff of Avon in 2015-16; they have 2013-14 to 2014-15"
    assert other.by_choice
    none = lacking_in([], "staff of Avon", "in 2015-16")
    assert (str(none), none.by_choice) == ("the tables hold no staff of Avon", False)
