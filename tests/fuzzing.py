"""A small fuzzer: valid files, mutated; what reaches lines that nothing reached before breeds on.

``DME_FUZZ`` multiplies how many inputs a test tries (see `runs`).
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from dme.errors import DmeError

SOURCE = str(Path(__file__).parents[1] / "src" / "dme")
CPU_SECONDS = 5.0
LONGEST_MESSAGE = 20_000
_TRACED = 6
"""One input of so many is watched: to watch takes several times as long as to read."""

NASTY = [
    b"", b"0", b"-1", b"1e400", b"-1e-400", b".nan", b"NaN", b"inf", b"Infinity", b"null", b"~",
    b"true", b"[]", b"{}", b"[[[[[[[[[[[[[[[[[[[[[[[[[[", b"{a: {a: {a: {a: ", b"&a [*a]", b"*a",
    b"!!python/name:os.system", b"!!binary aaaa", b"<<: {a: 1}", b"? a", b"- - - -", b"|", b">-",
    b"'", b'"', b'""', b"\\", b"\\ud800", b"\\u0000", b"\x00", b"\xff\xfe", b"\xc3\x28",
    b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n", b"\t", b"\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae",
    "²".encode(), "٣".encode(),
    "ı".encode(), b"99999999999999999999999", b"9" * 400, b"9" * 5000, b"x" * 3000, b"2001-02-30",
    b"2016-17", b"1999-00", b"0001-01-01", b"1:30:00", b"0x1F", b"0o17", b"1_000", b"#", b",", b";",
    b":", b"--- ", b"...", b"%YAML 9.9", b"../../x", b"/etc/passwd", b"<script>", b"=cmd|' /C'!A0",
    b"0640011", b"640011", b"none", b"TL;TL", b"PK-K", b"12-1", b"close", b"open",
]  # fmt: skip

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, 10**400, 0.5, -0.0, 1e308, float("nan"),
    float("inf"), "", " ", "x", "x" * 3000, "\x00", "\ud800", "²", "0640011", "2016-17", "ı",
    [], {}, [[]], [{}], {"": None}, [None], ["a", 1], {"a": {"b": [1]}}, "nan", "-", "{}", "[1]",
    "\u202e",
]  # fmt: skip


class Hang(Exception):
    """An input took more seconds of the processor than any may."""


def runs(times: int) -> int:
    """Return how many inputs to try."""
    return max(1, int(times * float(os.environ.get("DME_FUZZ", "0.5"))))


@contextmanager
def limited() -> Iterator[None]:
    """Raise `Hang` where the block computes too long; a busy machine is no hang."""

    def stop(*_: object) -> None:
        raise Hang

    former = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def attempt(read: Callable[[bytes], object], content: bytes, named: str) -> bool:
    """Try one input; whether it was accepted. Any other end than a clear refusal fails.

    Parameters
    ----------
    read : callable
        Reads a file of these bytes, and holds what it accepts against an oracle.
    content : bytes
        The input.
    named : str
        What the refusal must name: the file.
    """
    try:
        with limited():
            read(content)
    except DmeError as error:
        said = str(error)
        assert named in said, f"refused without its file: {said[:300]!r}"
        assert len(said) < LONGEST_MESSAGE, f"{len(said)} characters are told"
        said.encode()  # what is told can be printed
        return False
    return True


class _Watch:
    """The lines of this program that inputs have reached."""

    def __init__(self) -> None:
        self.lines: set[tuple[str, int]] = set()
        self._now: set[tuple[str, int]] = set()

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            self._now.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def _call(self, frame: FrameType, _event: str, _: object) -> Any:
        return self._line if frame.f_code.co_filename.startswith(SOURCE) else None

    @contextmanager
    def watching(self) -> Iterator[None]:
        self._now, former = set(), sys.gettrace()
        sys.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(former)

    def new(self) -> bool:
        """Whether the last input reached a line that none had reached."""
        fresh = self._now - self.lines
        self.lines |= self._now
        return bool(fresh)


def fuzz(
    read: Callable[[bytes], object],
    seeds: Sequence[bytes],
    times: int,
    named: str,
    *,
    known: Sequence[bytes] = (),
    mutate: Callable[[random.Random, bytes], bytes] | None = None,
    seed: int | None = None,
) -> tuple[int, int]:
    """Try many inputs; how many were tried, and how many accepted.

    The first failure ends it, with the input in the message.

    Parameters
    ----------
    read, named
        See `attempt`.
    seeds : sequence of bytes
        Valid files.
    times : int
        How many inputs to try.
    known : sequence of bytes
        Inputs that found something once; they are tried first.
    mutate : callable, optional
        One more way to change an input, that knows its form.
    seed : int, optional
        Of the draw; ``DME_FUZZ_SEED`` or 0 unless given.
    """
    rng = random.Random(int(os.environ.get("DME_FUZZ_SEED", "0")) if seed is None else seed)
    corpus, watch, accepted = list(seeds), _Watch(), 0
    fixed = [*seeds, *known]
    for number in range(max(times, len(fixed))):
        content = fixed[number] if number < len(fixed) else _child(rng, corpus, mutate)
        traced = number < len(seeds) or rng.randrange(_TRACED) == 0
        try:
            if traced:
                with watch.watching():
                    accepted += attempt(read, content, named)
                if watch.new() and len(content) < 200_000:
                    corpus.append(content)
            else:
                accepted += attempt(read, content, named)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            shown = content if len(content) < 3_000 else content[:1_500] + b" ... " + content[-300:]
            message = f"input {number}: {type(error).__name__}: {error}\n{shown!r}"
            if keep := os.environ.get("DME_FUZZ_KEEP"):
                (Path(keep) / f"{named}-{number}").write_bytes(content)
            raise AssertionError(message) from error
    return max(times, len(fixed)), accepted


def _child(
    rng: random.Random,
    corpus: Sequence[bytes],
    mutate: Callable[[random.Random, bytes], bytes] | None,
) -> bytes:
    content = rng.choice(corpus)
    if mutate and rng.random() < 0.6:
        content = mutate(rng, content)
        if rng.random() < 0.7:
            return content
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        content = _changed(rng, content, corpus)
    return content


def _changed(rng: random.Random, content: bytes, corpus: Sequence[bytes]) -> bytes:
    """Return an input with one change that knows nothing of its form."""
    at, end = sorted((rng.randrange(len(content) + 1), rng.randrange(len(content) + 1)))
    end = min(end, at + rng.choice((1, 1, 2, 5, 20)))
    head, middle, tail = content[:at], content[at:end], content[end:]
    nasty, cut = rng.choice(NASTY), rng.choice(corpus)
    lines = content.splitlines(keepends=True) or [b""]
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    # What follows a colon, or stands between commas.
    mark = rng.choice((b": ", b",", b"- "))
    parts = lines[one].split(mark)
    parts[rng.randrange(len(parts))] = nasty
    swapped = list(lines)
    swapped[one], swapped[other] = lines[other], lines[one]
    return rng.choice(
        [
            head + bytes([rng.randrange(256)]) + tail,
            head + tail,
            head + middle * rng.choice((2, 3, 50)) + tail,
            head + nasty + tail,
            head + nasty + middle + tail,
            head,
            head + cut[rng.randrange(len(cut) + 1) :],
            b"".join([*lines[:one], *lines[one + 1 :]]),
            b"".join([*lines[:one], lines[one], *lines[one:]]),
            b"".join([*lines[:one], mark.join(parts), b"\n", *lines[one + 1 :]]),
            b"".join(swapped),
        ]
    )


def json_mutation(rng: random.Random, content: bytes) -> bytes:
    """Return JSON with a value of another kind at one place, or as it is where it is none."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        return content
    return json.dumps(replaced(rng, whole)).encode()


def replaced(rng: random.Random, whole: Any) -> Any:
    """Return an object with one value replaced, left out, doubled or under another key."""
    places = list(_places(whole))
    if not places or rng.random() < 0.02:
        return rng.choice(VALUES)
    parent, key = rng.choice(places)
    match rng.randrange(5):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, list):
            parent.insert(key, parent[key])
        case 1:
            parent[str(rng.choice(VALUES))] = parent.pop(key)
        case 2:
            parent[key] = rng.choice(places)[0]
            try:
                return json.loads(json.dumps(whole))
            except (ValueError, RecursionError):  # it would hold itself
                parent[key] = None
        case _:
            parent[key] = rng.choice(VALUES)
    return whole


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield value, key
            yield from _places(inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield value, number
            yield from _places(inner)
