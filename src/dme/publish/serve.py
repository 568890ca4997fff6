"""A built site on this machine's own address, for those who look at it here."""

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

from dme.errors import DmeError
from dme.publish import not_found

_LOOPBACK = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Files of the site and nothing else, and only to who asked for this very address."""

    def send_head(self) -> Any:
        """Answer a request for a file; see `SimpleHTTPRequestHandler.send_head`."""
        port = self.server.server_address[1]
        if self.headers.get("Host") not in {f"{_LOOPBACK}:{port}", f"localhost:{port}"}:
            # A page of another site, whose name was made to lead here.
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        if not self._shown():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own page where there is none."""
        page = Path(self.directory) / not_found.FILE
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        told = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told)

    def _shown(self) -> bool:
        """Whether what is asked for lies in the site, and is not hidden."""
        site = Path(self.directory).resolve()
        try:
            inside = Path(self.translate_path(self.path)).resolve().relative_to(site)
        except ValueError:
            return False
        return not any(part.startswith(".") for part in inside.parts)

    def list_directory(self, _: Any) -> IO[bytes] | None:  # type: ignore[override]
        """Show no folder."""
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def end_headers(self) -> None:
        """Add what a page can't say of itself."""
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of a built site that only this machine reaches.

    Parameters
    ----------
    folder : Path
        The site.
    port : int
        Where it listens; 0 for any port that is free.

    Raises
    ------
    DmeError
        If something else listens there.
    """
    try:
        return ThreadingHTTPServer((_LOOPBACK, port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        message = f"Port {port} can't be had ({error.strerror}).\nName another: --port {port + 1}"
        raise DmeError(message) from error
