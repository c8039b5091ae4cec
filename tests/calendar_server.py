"""Somebody's calendar on the web: https on loopback, with a certificate of its own, answering as it is told."""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from oncall.leave.fetching import Fetcher


class CalendarServer:
    """Serves `body` at every path, unless told otherwise."""

    def __init__(self, folder: Path) -> None:
        self.body = b""
        self.status = 200
        self.etag = ""
        self.location = ""
        self.pause = 0.0
        """Seconds between the bytes of the answer."""
        self.asked: list[dict[str, str]] = []
        self.certificate = _certificate(folder)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/calendar/secret-letters.ics"

    @property
    def fetcher(self) -> Fetcher:
        """One that trusts this server and goes to loopback, which the product never does."""
        return Fetcher(may_reach=lambda _address: True, trusts=str(self.certificate))

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def a_calendar_server(folder: Path) -> Iterator[CalendarServer]:
    server = CalendarServer(folder)
    try:
        yield server
    finally:
        server.stop()


def _handler(server: CalendarServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(dict(self.headers))
            if server.etag and self.headers.get("If-None-Match") == server.etag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(302 if server.location else server.status)
            if server.location:
                self.send_header("Location", server.location)
            if server.etag:
                self.send_header("ETag", server.etag)
            self.send_header("Content-Length", str(len(server.body)))
            self.end_headers()
            if not server.pause:
                self.wfile.write(server.body)
                return
            with suppress(OSError):
                for byte in server.body:
                    self.wfile.write(bytes([byte]))
                    time.sleep(server.pause)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as the library names it)
            return

    return Handler


def _certificate(folder: Path) -> Path:
    key, chain = folder / "key.pem", folder / "chain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", key, "-out", chain, "-days", "2", "-subj", "/CN=calendar",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    chain.write_text(key.read_text() + chain.read_text())
    return chain
