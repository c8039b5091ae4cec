"""The API on a loopback port, over lines that stay open as Twilio's do. Decides nothing."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.twilio_stand_in.api import Answer, Api
from tests.twilio_stand_in.judge import ApiRequest

MOST_BODY = 64 * 1024


class ApiServer(ThreadingHTTPServer):
    """Serves one `Api` until it is closed."""

    daemon_threads = True
    # Fifty new lines at once are a storm test, not an attack.
    request_queue_size = 256

    def __init__(self, api: Api) -> None:
        self.api = api
        self.lines_opened = 0
        self._working = 0
        self._rested = threading.Condition()
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    def get_request(self) -> tuple[Any, Any]:
        """Accept a line and count it."""
        self.lines_opened += 1
        return super().get_request()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count a request from before its answer until everything that follows from it has begun."""
        with self._rested:
            self._working += 1
        try:
            yield
        finally:
            with self._rested:
                self._working -= 1
                self._rested.notify_all()

    def settle(self, seconds: float = 10) -> None:
        """Wait until no request is being worked on; stalled ones do not count."""
        with self._rested:
            if not self._rested.wait_for(lambda: not self._working, seconds):
                raise TimeoutError(f"{self._working} requests still run after {seconds} s")

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who gave up is no fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening and let stalled requests go."""
        self.api.relieved.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave as two writes; without this the second waits for an acknowledgement.
    disable_nagle_algorithm = True
    server: ApiServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """Keep quiet: the test prints what it needs."""

    def _serve(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), MOST_BODY)
        url = urlsplit(self.path)
        request = ApiRequest(
            method=self.command,
            path=url.path,
            form=parse_qs(self.rfile.read(length).decode(), keep_blank_values=True),
            query=parse_qs(url.query, keep_blank_values=True),
            authorization=self.headers.get("Authorization", ""),
        )
        with self.server.at_work():
            answer = self.server.api.answer(request)
            if not answer.delay:
                self._send(answer)
            # Before a late answer: then its callbacks overtake it.
            answer.afterwards()
        if answer.delay:
            self.server.api.relieved.wait(answer.delay)
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        if answer.is_lost:
            self.close_connection = True
            return
        body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
