"""A site on this machine's own address, and nothing else, to none but who asked for it."""

import http.client
import threading

import pytest

from dme.errors import DmeError
from dme.publish.serve import server


@pytest.fixture
def port(tmp_path):
    site = tmp_path / "site"
    (site / "figures").mkdir(parents=True)
    (site / ".git").mkdir()
    (site / "index.html").write_text("the page")
    (site / ".git" / "config").write_text("a secret")
    (site / ".dme-site").write_text("a list")
    (tmp_path / "secret.txt").write_text("a secret")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    with server(site, 0) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running.server_address[1]
        running.shutdown()
        thread.join()


def answer(port, path, host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.putrequest(method, path, skip_host=True)
    if host != "":
        connection.putheader("Host", host or f"127.0.0.1:{port}")
    connection.endheaders()
    got = connection.getresponse()
    told = got.status, got.read().decode(), dict(got.getheaders())
    connection.close()
    return told


@pytest.mark.parametrize("path", ["/", "/index.html", "/?x=1", "/figures/../index.html"])
def test_pages_are_served(port, path):
    status, text, headers = answer(port, path, f"localhost:{port}")
    assert (status, text) == (200, "the page")
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"


@pytest.mark.tried("Hostile text", "requests by another name, to a site that is shown here")
@pytest.mark.parametrize("host", ["example.org", "example.org:80", "127.0.0.1", "127.0.0.1:1", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_another_name_for_this_address_gets_nothing(port, host, method):
    status, text, _ = answer(port, "/index.html", host, method)
    assert status == 421
    assert "the page" not in text


@pytest.mark.tried("Hostile text", "paths out of a site that is shown here")
@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/figures/../../secret.txt",
        "//../secret.txt", "/..\\secret.txt", "/out.txt", "/.git/config", "/%2egit/config",
        "/.dme-site", "/figures/", "/secret.txt", "/%00",
    ],
)  # fmt: skip
def test_nothing_but_the_site_is_served(port, path):
    status, text, _ = answer(port, path)
    assert status in {400, 404}
    assert "secret" not in text
    assert "a list" not in text


def test_only_this_machine_reaches_it(tmp_path):
    with server(tmp_path, 0) as running:
        assert running.server_address[0] == "127.0.0.1"
        port = running.server_address[1]
        with pytest.raises(DmeError, match=rf"Port {port} can't be had .*\n.*--port {port + 1}"):
            server(tmp_path, port)
