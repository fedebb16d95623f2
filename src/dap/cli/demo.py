"""demo: PostgreSQL, web and worker on this machine, with invented people."""

import argparse
import os
import secrets
import time
import urllib.error
import urllib.request
from pathlib import Path

from dap.cli import django_setup, server
from dap.cli.children import Child, Restarts
from dap.core import database
from dap.core.pg import Cluster
from dap.core.problem import Problem
from dap.demo.volume.state import refuse_unfinished

HOST = "127.0.0.1"
READY_SECONDS = 60
PORT_NOTE = "demo on port"  # how the holder of the database says that it is a demo


def run(options: argparse.Namespace) -> int:
    """Start everything, say where it is, and keep it running until Ctrl-C or SIGTERM."""
    folder = data_folder(options.data)
    cluster = Cluster(folder / "pg")
    cluster.hold(f"{PORT_NOTE} {options.port}")  # first: who holds the data explains a taken port too
    children: list[Child] = []
    try:
        server.check_port(HOST, options.port)
        cluster.start(say)
        database.ensure_roles(cluster.url("superuser", "postgres"), "dap", login=True)
        environment = demo_environment(cluster, folder)
        os.environ.update(environment)
        prepare_data()
        inherited = {key: value for key, value in os.environ.items() if key != "DAP_DATABASE_ROLE"}
        web = Child("The web", ["serve", "--host", HOST, "--port", str(options.port)], inherited)
        children = [Child("The worker", ["worker"], inherited), web]
        for child in children:
            child.start()
        wait_until_answering(web, options.port)
        greet(options.port)
        keep(cluster, children)
    finally:
        for child in children:  # worker, web, database: nothing loses what it stands on
            child.stop()
        cluster.stop()
    return 0


def data_folder(data: Path | None) -> Path:
    """Return the folder of the demo's data: the given one, else .dap beside the script."""
    return (data or root() / ".dap").absolute()


def root() -> Path:
    """Return the checkout's folder, or where there is none the folder one stands in."""
    return Path(os.environ.get("DAP_ROOT") or Path.cwd())


def demo_environment(cluster: Cluster, folder: Path) -> dict[str, str]:
    """Return the variables that web and worker of the demo run with."""
    return {
        "DAP_DEMO": "1",
        "SECRET_KEY": secret(folder / "secret"),
        "DATABASE_URL": cluster.url("web"),
        "DATABASE_OWNER_URL": cluster.url("owner"),
        "DATABASE_ERASE_URL": cluster.url("erase"),
        "DATABASE_SUPERUSER_URL": cluster.url("superuser"),
    }


def secret(path: Path) -> str:
    """Return the demo's own secret key, made once, readable by its owner only."""
    if not path.exists() or not path.read_text(encoding="utf-8").strip():
        making = path.with_suffix(".new")
        making.unlink(missing_ok=True)
        with open(
            os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(secrets.token_urlsafe(50))
        making.rename(path)
    return path.read_text(encoding="utf-8").strip()


def prepare_data() -> None:
    """Migrate as the owner; fill an empty database as the web's role, whose rights are thereby tried."""
    refuse_unfinished(database.url_for("owner", os.environ))
    django_setup.setup("owner")
    server.apply_migrations(verbosity=0)
    django_setup.take_role("web")
    from dap.demo import seed

    seed.seed_if_empty(say)
    django_setup.close()  # this process only watches from now on


def wait_until_answering(web: Child, port: int) -> None:
    """Return when a GET is answered. Raises Problem if the web ends, or says nothing for a minute."""
    deadline = time.monotonic() + READY_SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy on the way to ourselves
    while time.monotonic() < deadline:
        if not web.alive():
            raise Problem("The web stopped while starting; what it printed above says why.")
        try:
            opener.open(f"http://{HOST}:{port}/", timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
            raise Problem(
                f"The web answers with an error ({error.code}); what it printed above says why."
            ) from None
        except OSError:
            time.sleep(0.05)
    raise Problem(f"The web did not answer within {READY_SECONDS} seconds.")


def greet(port: int) -> None:
    """Print the address and who to log in as."""
    from dap.demo import seed

    say("")
    say(f"Digital aktivitetsplan runs at http://{HOST}:{port}/")
    say("")
    for line in seed.login_lines():
        say(line)
    say("")
    say("Stop with Ctrl-C. What you write is there next time.")


def keep(cluster: Cluster, children: list[Child]) -> None:
    """Restart what dies, the database first, until interrupted. Raises Problem when it dies too often."""
    restarts = Restarts("The database")
    while True:
        if not cluster.alive():
            delay = restarts.next_delay(time.monotonic())
            say(f"The database stopped unexpectedly; starting it again in {delay:.0f} s.")
            time.sleep(delay)
            cluster.start(say)
        for child in children:
            child.tend(say)
        time.sleep(0.3)


def say(text: str) -> None:
    """Print at once, also into a file or pipe."""
    print(text, flush=True)
