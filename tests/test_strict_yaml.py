"""What people's YAML may hold, and what is refused: in time, with file and line."""

import os
import re
import resource
import time

import pytest

from dme import strict_yaml
from dme.errors import DmeError

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(9 * [f'*{before}'])}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "mine.yml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return strict_yaml.read(path)

    return read_text


@pytest.mark.tried("Bad input", "YAML that grows, hides or runs something")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "line 1, & and * "),
        ("a: 1\nb: *a\n", "line 2, & and * "),
        ("a: &x 1\n", "line 1, & and * "),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1, the tag "),
        ("a: !!str 1\n", "line 1, the tag "),
        ("a: ! 1\n", "line 1, the tag "),
        ("%TAG ! tag:x,2000:\n--- !y\na: 1\n", "the tag "),
        ("a: 1\nb: {c: 1, c: 2}\n", "line 2, c: given before, in line 2"),
        ("a: 1\n'a': 2\n", "line 2, a: given before, in line 1"),
        ("[a]: 1\n", "line 1, a key is a word"),
        ("{a: 1}: 1\n", "line 1, a key is a word"),
        (500 * "[" + 500 * "]", "line 1, more than 20 lists or mappings in each other"),
        ("a:\n" + "".join(f"{n * ' '}- \n" for n in range(1, 500)), "more than 20 lists"),
        (100_000 * "{a: ", "more than 20 lists"),
        (100_000 * "? ", "more than 20 lists"),
        ('a: "\\0"\n', "line 1, holds the character '\\x00'"),
        ('a: "\\x07"\n', "holds the character '\\x07'"),
        ('"\\x1b[31m": 1\n', "holds the character '\\x1b'"),
        (b"a: \x00\n", "no YAML file"),
        (b"a: \xff\n", "no text in UTF-8|can't be read as text in UTF-8"),
        (b"\xff\xfea\x00:\x00 \x001\x00", "can't be read as text in UTF-8"),
        ("a: 1\n---\na: 2\n", "line 2, a second document begins here"),
        ("a: 1\n...\nb: 2\n", "line 3, a second document|no YAML file"),
        ("a: [\n", "no YAML file"),
        ("a: 1\n\tb: 2\n", "no YAML file"),
        ("a: " + (1 << 20) * "x", "too long"),
    ],
)
def test_what_is_not_read_is_refused_at_once(read, text, said):
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DmeError, match=said.replace("*", r"\*").replace("\\x", r"\\x")) as caught:
        read(text)
    assert "mine.yml" in str(caught.value)
    assert len(str(caught.value)) < 1_000
    assert time.process_time() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


@pytest.mark.tried("Bad input", "YAML that grows, hides or runs something")
def test_what_never_ends_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.yml")
    (tmp_path / "zero.yml").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe.yml", tmp_path / "zero.yml", tmp_path):
        with pytest.raises(DmeError, match="is no file"):
            strict_yaml.read(path)


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\ud83d\\ude00"])
def test_half_a_character_is_refused(read, escape):
    with pytest.raises(DmeError, match=r"holds the character|no YAML file"):
        read(f'a: "{escape}"\n')


@pytest.mark.parametrize("text", [f"a: {5000 * '9'}", "a: 2001-99-99", "a: 2001-02-30", "a: 0x"])
def test_a_scalar_that_yaml_can_not_make_is_text_or_refused_with_its_line(read, text):
    document = read(f"b: 1\n{text}\n")
    try:
        said = document.typed()["a"]
    except DmeError as error:
        said = str(error)
    assert said == text[3:] or re.search(r"line 2, .{0,200}: put it in quotes", said)


def test_a_file_is_read_as_yaml_reads_it(read):
    document = read("a: [1, 0.5, yes, null, 'x']\nb: {1: 2016-11-22}\nc: |\n  two\n  lines\n")
    typed = document.typed()
    assert typed["a"] == [1, 0.5, True, None, "x"]
    assert str(typed["b"]["1"]) == "2016-11-22"
    assert typed["c"] == "two\nlines\n"
    assert strict_yaml.texts(document.root)["a"] == ["1", "0.5", "yes", None, "x"]


def test_a_place_has_a_line(read):
    document = read("a:\n  - b: 1\n    c: 2\n  - d\n")
    assert [document.line(place) for place in ((), ("a",), ("a", 0, "c"), ("a", 1), ("a", 9))] == [
        1, 1, 3, 4, 1,
    ]  # fmt: skip
