"""The least work that is still durable: a row made safe, a waiting sender woken, one POST."""

from __future__ import annotations

import http.client
import queue
import sys
import threading
from typing import Any
from urllib.parse import urlencode

import waitress
from flask import Flask, request
from pysqlite3 import dbapi2

SENDERS = 8


def create_app(database: str, vendor_port: int) -> Flask:
    """Return an app whose POST stores a row in WAL mode with full sync and lets a thread send it on."""
    app = Flask(__name__)
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    writing = threading.Lock()
    store = dbapi2.connect(database, isolation_level=None, check_same_thread=False)
    store.execute("pragma journal_mode=wal")
    store.execute("pragma synchronous=full")
    store.execute("create table row (id integer primary key, subject text, sent integer default 0)")

    def send() -> None:
        line = http.client.HTTPConnection("127.0.0.1", vendor_port)
        while True:
            number = waiting.get()
            body = urlencode({"Body": f"URGENT #{number} the bench", "To": "+12025550101"})
            line.request(
                "POST",
                "/Messages.json",
                body,
                {"Content-Type": "application/x-www-form-urlencoded"},
            )
            line.getresponse().read()
            with writing:
                store.execute("update row set sent = 1 where id = ?", (number,))

    for _ in range(SENDERS):
        threading.Thread(target=send, daemon=True).start()

    @app.post("/api/v1/tickets")
    def post() -> tuple[dict[str, Any], int]:
        with writing:
            cursor = store.execute(
                "insert into row (subject) values (?)", (request.get_json()["subject"],)
            )
            number = cursor.lastrowid or 0
        waiting.put(number)
        return {"id": number}, 201

    @app.get("/readyz")
    def ready() -> dict[str, Any]:
        return {}

    return app


if __name__ == "__main__":
    port, vendor_port, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    waitress.serve(
        create_app(path, vendor_port), host="127.0.0.1", port=port, threads=8, _quiet=True
    )
