"""A mail server on loopback that takes mail or refuses it at the word a test names."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it took in `mails`; `answers` replaces the reply to a command, `cuts` ends the line there."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.cuts: set[str] = set()
        self.commands: list[str] = []
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say(self.server.answers.get("CONNECT", "220 ready"))
        while line := self.rfile.readline():
            command = line.decode().split()[0].upper() if line.strip() else ""
            self.server.commands.append(line.decode().strip())
            if command in self.server.cuts:
                return
            if command == "DATA" and "DATA" not in self.server.answers:
                self._say("354 go on")
                self._take()
                if "END" in self.server.cuts:
                    return
                self._say(self.server.answers.get("END", "250 taken"))
                continue
            self._say(self.server.answers.get(command, "250 fine"))
            if command == "QUIT":
                return

    def _take(self) -> None:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail: Any = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.mails.append(cast("EmailMessage", mail))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
