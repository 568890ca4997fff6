"""The checker catches each kind of breach, planted one at a time into a week that is right."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

import dme.measures.schedule.check as checker
from dme.measures.schedule.check import specialist_days, violations
from dme.measures.schedule.week import make

from .samples import school


@pytest.fixture(scope="module")
def good():
    week = make(school(homeroom=(2, 3), subject=(3, 2)))
    assert violations(week.lessons, week.wish) == []
    return week


def rows(lessons, **where):
    found = lessons
    for column, value in where.items():
        found = found[found[column] == value]
    return found


def breaches(good, lessons=None, **changes):
    return violations(good.lessons if lessons is None else lessons, replace(good.wish, **changes))


def test_the_checker_shares_no_code_with_the_model():
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name.startswith("dme")} == {"dme.measures.schedule.wish"}
    wish = Path(checker.__file__).with_name("wish.py").read_text(encoding="utf-8")
    assert "ortools" not in wish


def test_a_class_too_large(good):
    first = good.wish.teams[0]
    large = replace(first.sections[0], students=26)
    teams = (replace(first, sections=(large, *first.sections[1:])), *good.wish.teams[1:])
    assert breaches(good, teams=teams) == ["1A has 26 students; 25 are allowed."]


def test_a_lesson_left_out_and_a_lesson_given_twice(good):
    lessons = good.lessons.drop(index=good.lessons.index[0])
    assert any("1A has 0 entries on day 0, period 0" in one for one in breaches(good, lessons))
    lessons = good.lessons.iloc[[0, *range(len(good.lessons))]]
    assert any("1A has 2 entries on day 0, period 0" in one for one in breaches(good, lessons))


def test_a_class_of_no_one(good):
    lessons = good.lessons.copy()
    lessons.loc[lessons["section"] == "1A", "section"] = "1Z"
    assert "1Z of Grade 1 is no class of this school." in breaches(good, lessons)


def test_a_teacher_in_two_places(good):
    lessons = good.lessons.copy()
    same = rows(lessons, activity="Class", day=0, period=0)
    same = same if len(same) > 1 else rows(lessons, activity="Class", day=0, period=1)
    lessons.loc[same.index, "teacher"] = same["teacher"].iloc[0]
    assert any("classes at once" in one for one in breaches(good, lessons))


def test_a_lesson_without_a_teacher(good):
    lessons = good.lessons.copy()
    lessons.loc[rows(lessons, activity="Class").index[0], "teacher"] = ""
    assert any("Nobody teaches" in one for one in breaches(good, lessons))


def test_a_teacher_of_another_team(good):
    lessons = good.lessons.copy()
    lessons.loc[rows(lessons, activity="Class").index[0], "teacher"] = "Teacher 9X"
    assert any("without being of its team" in one for one in breaches(good, lessons))


def test_a_planning_block_broken(good):
    block = good.blocks[good.blocks["team"] == "Grade 2"].iloc[0]
    lessons = good.lessons.copy()
    at = rows(lessons, section="2A", day=block["day"], period=block["period"]).index[0]
    lessons.loc[at, ["activity", "teacher"]] = ["Class", "Teacher 2A"]
    told = breaches(good, lessons)
    assert "Grade 2 shares 90 consecutive minutes on 0 days; 1 are wished." in told


def test_more_planning_than_there_is(good):
    longer = replace(good.wish.rules, planning_times=3)
    assert any("3 are wished" in one for one in breaches(good, rules=longer))
    longer = replace(good.wish.rules, planning_minutes=135)
    assert any("shares 135 consecutive minutes" in one for one in breaches(good, rules=longer))


def test_a_teacher_without_a_free_period(good):
    day = next(d for d in range(5) if d not in set(good.blocks["day"]))
    lessons = good.lessons.copy()
    out = lessons[(lessons["section"] == "1A") & (lessons["day"] == day)
                  & ~lessons["activity"].isin(["Lunch", "Class"])]  # fmt: skip
    lessons.loc[out.index, ["activity", "teacher"]] = ["Class", "Teacher 1A"]
    assert f"Teacher 1A has no free period on day {day}." in breaches(good, lessons)


def test_a_special_that_never_comes_and_one_that_comes_twice(good):
    lessons = good.lessons.copy()
    art = rows(lessons, section="1A", activity="Art")
    lessons.loc[art.index, ["activity", "teacher"]] = ["Music", "Music 9"]
    assert "1A has Art 0 times a week; 1 are due." in breaches(good, lessons)
    lessons = good.lessons.copy()
    day = rows(lessons, section="1A", activity="PE").iloc[0]
    taught = rows(lessons, section="1A", day=day["day"], activity="Class").index[0]
    lessons.loc[taught, ["activity", "teacher"]] = ["PE", "PE 9"]
    assert f"1A has PE twice on day {day['day']}." in breaches(good, lessons)


def test_too_little_time_with_own_teachers(good):
    lessons = good.lessons.copy()
    core = rows(lessons, section="1A", activity="Class").index[:10]
    lessons.loc[core, ["activity", "teacher"]] = ["Library", "Library 9"]
    assert any(
        "1A spends 19 periods with its own teachers" in one for one in breaches(good, lessons)
    )


def test_a_specialist_overloaded_hungry_or_of_two_trades(good):
    lessons = good.lessons.copy()
    day = rows(lessons, day=0, section="1A")
    lessons.loc[day.index, ["activity", "teacher"]] = ["Art", "Art 9"]
    told = breaches(good, lessons)
    assert "Art 9 teaches 8 lessons on day 0." in told
    assert "Art 9 has no lunch on day 0." in told
    lessons.loc[day.index[0], "activity"] = "Music"
    assert "Art 9 teaches Art, Music." in breaches(good, lessons)


def test_more_classes_than_rooms(good):
    none = dict.fromkeys(good.wish.rooms, 0)
    assert any("rooms: 0" in one for one in breaches(good, rooms=none))


def test_lunch_missed_moved_or_apart(good):
    lessons = good.lessons.copy()
    lunch = rows(lessons, section="1A", day=0, activity="Lunch").index[0]
    lessons.loc[lunch, ["activity", "teacher"]] = ["Class", "Teacher 1A"]
    assert "1A has 0 lunches on day 0." in breaches(good, lessons)
    lessons = good.lessons.copy()
    lunch = rows(lessons, section="1A", day=0, activity="Lunch").index[0]
    first = rows(lessons, section="1A", day=0, period=0).index[0]
    lessons.loc[[lunch, first], "period"] = lessons.loc[[first, lunch], "period"].to_numpy()
    told = breaches(good, lessons)
    assert "1A eats in period 0 of day 0." in told
    assert "Grade 1 does not eat together." in told


def test_specialists_days_are_counted_from_the_lessons(good):
    assert specialist_days(good.lessons) == good.specialist_days
    none = good.lessons[~good.lessons["teacher"].str.contains("PE")]
    assert specialist_days(none) < good.specialist_days
