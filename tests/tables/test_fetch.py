import contextlib
import gzip
import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from pydantic import ValidationError

from dme.errors import DmeError
from dme.tables.fetch import fetch
from dme.tables.sources import Source

TEXT = b"a,b\n1,2\n"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path):
    """Serve a folder on the loopback address; return it with its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def _source(address: str, name: str = "a", kind: str = "verbatim", content: bytes = TEXT) -> Source:
    return Source(
        id=name,
        file=f"folder/{name}.csv",
        title=name,
        publisher="Somebody",
        page="https://example.org/",
        address=f"{address}/{name}.csv",
        licence="PDDL-1.0",
        kind=kind,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _ignore(*_: object) -> None:
    pass


def test_files_come_once_and_are_known_again(served, tmp_path: Path):
    folder, address = served
    (folder / "a.csv").write_bytes(TEXT)
    told: list[tuple[str, int, int]] = []
    sources = {"a": _source(address), "typed": _source(address, "typed", kind="transcribed")}
    lacking = fetch(sources, tmp_path / "raw", lambda *said: told.append(said))
    assert lacking == ("typed",)
    assert (tmp_path / "raw/folder/a.csv").read_bytes() == TEXT
    assert told == [("a", 1, 1)]
    (folder / "a.csv").unlink()
    assert fetch(sources, tmp_path / "raw", _ignore) == ("typed",)


def test_another_checksum_is_refused_and_leaves_no_file(served, tmp_path: Path):
    folder, address = served
    (folder / "a.csv").write_bytes(b"<html>moved</html>")
    with pytest.raises(DmeError, match="its sha256 is another") as caught:
        fetch({"a": _source(address)}, tmp_path / "raw", _ignore)
    assert f"{address}/a.csv" in str(caught.value)
    assert not (tmp_path / "raw/folder/a.csv").exists()


def test_what_came_before_a_failure_is_kept(served, tmp_path: Path):
    folder, address = served
    (folder / "b.csv").write_bytes(TEXT)
    sources = {"a": _source(address), "b": _source(address, "b")}
    with pytest.raises(DmeError, match="1 of 2 raw files could not be fetched"):
        fetch(sources, tmp_path / "raw", _ignore)
    assert (tmp_path / "raw/folder/b.csv").read_bytes() == TEXT


def test_packed_file_is_known_by_what_is_in_it(tmp_path: Path):
    source = _source("http://127.0.0.1")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/a.csv.gz").write_bytes(gzip.compress(TEXT))
    assert source.file_in(tmp_path).name == "a.csv.gz"
    assert source.digest_in(tmp_path) == source.sha256


class _Leading(_Quiet):
    """Leads on to another address, or says endless things."""

    def do_GET(self) -> None:
        if self.path == "/on.csv":
            self.send_response(302)
            self.send_header("Location", "https://127.0.0.1:9/b.csv")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100):
                self.wfile.write(bytes(1000))


@pytest.fixture
def leading():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Leading)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.tried("Hostile text", "downloads without an end")
def test_a_download_without_an_end_is_ended(leading, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("dme.tables.fetch._LARGEST", 50_000)
    with pytest.raises(DmeError, match="larger than 50,000 bytes"):
        fetch({"a": _source(leading)}, tmp_path / "raw", _ignore)
    assert not list((tmp_path / "raw/folder").iterdir())


@pytest.mark.tried("Hostile text", "downloads that lead on to another scheme")
def test_an_address_that_leads_on_to_another_scheme_is_refused(
    leading, tmp_path: Path, monkeypatch
):
    get = requests.get

    def led(address: str, **options):
        answer = get(address, allow_redirects=False, **options)
        before, answer.history = answer, [answer]
        answer.url = before.headers["Location"]
        answer.status_code = 200
        return answer

    monkeypatch.setattr("dme.tables.fetch.requests.get", led)
    with pytest.raises(DmeError, match=r"leads on to https://127\.0\.0\.1:9/b\.csv, by another"):
        fetch({"on": _source(leading, "on")}, tmp_path / "raw", _ignore)
    assert not list((tmp_path / "raw/folder").iterdir())


@pytest.mark.tried("Hostile text", "paths of raw files that lead out of their folder")
@pytest.mark.parametrize(
    "file", ["../../x", "/etc/x", "a/../../x", "..", "C:x", "a\\..\\x", "a\nb"]
)
def test_a_path_that_leaves_the_folder_is_refused(file):
    with pytest.raises(ValidationError, match=r"inside the folder of raw files"):
        Source.model_validate(_source("https://example.org").model_dump() | {"file": file})
