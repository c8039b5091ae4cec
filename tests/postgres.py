"""A private PostgreSQL for the tests: its own folder, its own port, gone afterwards."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

_names = itertools.count(1)


class Cluster:
    """A running server; `new_database` gives each test a database of its own."""

    def __init__(self, port: int) -> None:
        self._port = port

    def new_database(self) -> str:
        name = f"test_{next(_names)}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return self._dsn(name)

    def _dsn(self, name: str) -> str:
        return f"postgresql://test@127.0.0.1:{self._port}/{name}"


@contextlib.contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start a server from Debian's package on a free loopback port; `postgres` runs it where we are root.

    `durable` leaves fsync on, as in real use; tests are faster without.
    """
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if not folders:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="oncall-pg-"))
    become = _become_postgres(home)
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*become, str(folders[-1] / program), *arguments],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"},
        )

    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c max_connections=200"
    if not durable:
        options += " -c fsync=off"
    run("initdb", "-D", f"{home}/data", "-U", "test", "--auth=trust", "--no-sync", "-E", "UTF8")
    run("pg_ctl", "-D", f"{home}/data", "-w", "-l", f"{home}/log", "start", "-o", options)
    try:
        yield Cluster(port)
    finally:
        run("pg_ctl", "-D", f"{home}/data", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _become_postgres(home: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    # The server refuses to run as root; the tests stay root.
    shutil.chown(home, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
