"""A provider that answers at once and remembers when each ticket reached it. Runs as its own process."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from urllib.parse import unquote_plus

ANSWER = b'{"sid": "SM%032d", "status": "queued", "num_segments": "1"}'
_REF = re.compile(r"#(\d+)")


class Vendor:
    """Counts and times requests by the ticket number in their text."""

    def __init__(self) -> None:
        self.arrivals: dict[str, list[float]] = {}
        self.count = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one kept-alive connection until its client goes."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                writer.write(self._answer(head, body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET /arrivals"):
            return _http(json.dumps(self.arrivals).encode(), b"200 OK")
        if head.startswith(b"DELETE"):
            self.arrivals.clear()
            return _http(b"{}", b"200 OK")
        found = _REF.search(unquote_plus(body.decode()))
        self.count += 1
        self.arrivals.setdefault(found[1] if found else "?", []).append(time.monotonic())
        return _http(ANSWER % self.count, b"201 Created")


def _http(body: bytes, status: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )


async def main(port: int) -> None:
    """Serve on loopback until the process is ended."""
    server = await asyncio.start_server(Vendor().serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
