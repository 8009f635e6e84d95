"""A PostgreSQL of the tests' own: installed binaries, a temporary folder, a socket in it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
# PostgreSQL refuses to run as root: then the account of the system package runs it.
ACCOUNT = "postgres"


def binaries() -> Path | None:
    """Find the folder with initdb, newest version first."""
    # On the path there may be a link to one program without its neighbours.
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [path for pattern in FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    able = [path for path in folders if (path / "initdb").exists()]
    return max(able, key=_version, default=None)


def _version(path: Path) -> int:
    digits = "".join(filter(str.isdigit, path.parent.name))
    return int(digits or 0)


class Server:
    """Started once for a test run; `restart`, `halt` and `resume` are for the tests of losing it."""

    def __init__(self, folder: Path, *, durable: bool = False, kept: Path | None = None) -> None:
        """`kept` is a folder that outlives the server, with the databases in it."""
        self.bin, self.durable, self.is_kept = folder, durable, kept is not None
        self.home = kept or Path(tempfile.mkdtemp(prefix="zhangfa-pg-"))
        self.home.mkdir(parents=True, exist_ok=True)
        self.as_account: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.home, ACCOUNT, ACCOUNT)
            self.as_account = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups"]

    @property
    def url(self) -> str:
        return self.address("zhangfa")

    @property
    def user(self) -> str:
        return ACCOUNT if self.as_account else "zhangfa"

    def create(self, name: str) -> str:
        """Make an empty database; gives its address."""
        self._run("createdb", "-h", str(self.home), "-U", self.user, "-T", "template0", name)
        return self.address(name)

    def address(self, name: str) -> str:
        return f"postgres://{self.user}@/{name}?host={self.home}"

    def start(self) -> "Server":
        user = self.user
        options = ("-A", "trust", "-U", user, "-E", "UTF8", "--locale=C.UTF-8", "-N")
        if not (self.home / "data").exists():
            self._run("initdb", "-D", str(self.home / "data"), *options)
        self._control("start")
        return self

    def warm(self, name: str) -> None:
        """Read a database into memory, as it is after a day of work."""
        wanted = "SELECT pg_prewarm(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        wanted += " WHERE c.relkind IN ('r', 'i') AND n.nspname = 'public'"
        for statement in ("CREATE EXTENSION IF NOT EXISTS pg_prewarm", wanted):
            self._run("psql", "--quiet", "--no-psqlrc", "-c", statement, self.address(name))

    def copy(self, url: str, name: str) -> str:
        """Bring the database behind an address to this server under a name of its own; gives its address here."""
        place = self.create(name)
        script = self.home / "copy.sql"
        self._run("pg_dump", "--no-owner", "--no-privileges", f"--file={script}", url)
        self._run("psql", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", f"--file={script}", place)
        return place

    def restart(self) -> None:
        """Drop every connection in the middle of whatever it does."""
        self._control("restart", "-m", "immediate")

    def halt(self) -> None:
        """As `restart`, but stay away until `resume`."""
        self._control("stop", "-m", "immediate")

    def resume(self) -> None:
        self._control("start")

    def stop(self) -> None:
        self._control("stop", "-m", "fast" if self.is_kept else "immediate")
        if not self.is_kept:
            shutil.rmtree(self.home, ignore_errors=True)

    def _control(self, verb: str, *more: str) -> None:
        # One that is measured is set up as its maker advises: a quarter of an ordinary server's memory.
        manner = "-c shared_buffers=4GB" if self.durable else "-F -c shared_buffers=128MB"
        # A browser holds up to six connections open for each person signed in, and the live server a thread with its
        # own database connection for every one of them: a journey through ten posts needs more than sixty.
        server = f"{manner} -k {self.home} -c listen_addresses= -c max_connections=300"
        options = ("-D", str(self.home / "data"), "-w", "-l", str(self.home / "log"))
        self._run("pg_ctl", *options, *(("-o", server) if verb != "stop" else ()), verb, *more)

    def _run(self, tool: str, *arguments: str) -> None:
        # The server inherits the output of pg_ctl: a pipe would never end.
        with (self.home / f"{tool}.out").open("wb") as output:
            done = subprocess.run(
                [*self.as_account, str(self.bin / tool), *arguments], stdout=output, stderr=output, cwd="/", check=False
            )
        if done.returncode:
            text = (self.home / f"{tool}.out").read_text(errors="replace")
            raise RuntimeError(f"{tool} failed: {text[-2000:]}")
