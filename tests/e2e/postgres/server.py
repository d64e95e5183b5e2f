"""A PostgreSQL of one's own: in a temporary folder, on loopback, gone afterwards. Also for .ci/run:
`python tests/e2e/postgres/server.py start FOLDER` prints its URL, `… stop FOLDER` ends it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path

NEWEST_FIRST = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
"""Where Debian puts its programs."""
NAME = "loopcoach"


class NoServer(Exception):
    """PostgreSQL's programs are not here."""


def program(name: str) -> str:
    """Its path."""
    found = shutil.which(name) or next((str(path / name) for path in NEWEST_FIRST if (path / name).exists()), None)
    if found is None:
        raise NoServer(f"{name} is not here: apt-get install postgresql")
    return found


class Server:
    """One cluster. PostgreSQL refuses to run as root, so root lends it to the user `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    @property
    def url(self) -> str:
        """As `DATABASE_URL` wants it."""
        return f"postgresql://postgres@127.0.0.1:{(self.folder / 'port').read_text()}/{NAME}"

    def start(self) -> str:
        """Make it and start it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            (self.folder / "port").write_text(str(probe.getsockname()[1]))
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            for above in self.folder.parents:
                if above != above.parent and above.is_relative_to("/tmp"):
                    above.chmod(above.stat().st_mode | 0o055)
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "--no-sync")
        self.up()
        self._run("createdb", "-h", "127.0.0.1", "-p", (self.folder / "port").read_text(), "-U", "postgres", NAME)
        return self.url

    def up(self) -> None:
        """Start it, and wait until it answers."""
        port = (self.folder / "port").read_text()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c max_connections=200"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def restart_at_once(self) -> None:
        """As a crash: without a checkpoint, connections cut."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "-l", str(self.folder / "log"), "restart")

    def stop(self) -> None:
        """For good."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def _run(self, name: str, *arguments: str) -> None:
        lent = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        # pg_ctl's child keeps what it is given open: a pipe would never end
        with (self.folder / "said").open("wb") as said:
            done = subprocess.run(
                [*lent, program(name), *arguments], cwd="/", stdout=said, stderr=said, stdin=subprocess.DEVNULL, check=False
            )
        if done.returncode:
            raise NoServer(f"{name} ended with {done.returncode}: {(self.folder / 'said').read_text()[-500:]}")


if __name__ == "__main__":
    server = Server(Path(sys.argv[2]))
    if sys.argv[1] == "start":
        print(server.start())  # noqa: T201
    else:
        server.stop()
