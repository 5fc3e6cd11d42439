"""The processes of the demo, and a folder for all that they write; nothing of it outlives `with`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self, TypeVar

from .providers import KEYS, script
from .receiver import Receiver

T = TypeVar("T")

#: Seconds after which what is waited for will not come any more.
HANG = 120.0

_RADIANT = Path(sys.executable).with_name("radiant")

#: What of the environment goes along: no key and no setting of whoever starts the demo.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TERM", "TMPDIR", "VIRTUAL_ENV")


class DemoFailed(Exception):
    """What went wrong, in a sentence."""


class Machine:
    """Runs fake providers, a webhook and `radiant up`, and asks them."""

    def __init__(self) -> None:
        self._children: list[subprocess.Popen[str]] = []
        self.receiver = Receiver()
        self.address, self.token = "", ""
        self.places: dict[str, str] = {}
        self.seen = 0

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="radiant-demo-"))
        self.folder.chmod(0o755)  # the account of the embedded server has to pass
        self.environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {
            **KEYS,
            "RADIANT_HOME": str(self.folder / "home"),
            "RADIANT_ALLOW_PRIVATE_NETWORKS": "1",
            "RADIANT_ABSENCE_INTERVAL": "0",
            "COLUMNS": "72",
        }
        self.receiver.start()
        return self

    def __exit__(self, *_: object) -> None:
        for child in reversed(self._children):
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
            child.communicate()
        self.receiver.close()
        if (self.folder / "home").exists():
            self._run("db", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def simulate(self) -> dict[str, str]:
        """Start the fake providers and the fake runtime; the base URL of each, by id."""
        file = self.folder / "demo.json"
        file.write_text(json.dumps(script()))
        lines = self._start("simulate", str(file), "--port", "0", until="Ctrl-C")
        return {line.split()[0]: line.split()[1] for line in lines if "http://" in line}

    def make(self) -> None:
        """Make the registry, whose database then stays up; nobody is asked for anything yet."""
        self.command("db", "url")

    def up(self) -> str:
        """Start the registry; what it says of its models."""
        lines = self._start("up", "--port", "0", until="Ctrl-C")
        said = {line.split()[0]: line.split(maxsplit=1)[1].strip() for line in lines if len(line.split()) > 1}
        self.address = said["address"]
        self.token = self.command("token").strip()
        self.seen = max((event["seq"] for event in self._get("/api/v2/events?after=0&limit=1000")["events"]), default=0)
        return said["models"]

    def command(self, *arguments: str) -> str:
        """What `radiant …` prints. Raises DemoFailed."""
        done = self._run(*arguments)
        if done.returncode:
            raise DemoFailed(f"`radiant {' '.join(arguments)}` ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def event(self, type: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The next event of that type that fits; those before it are gone by. Raises DemoFailed."""
        return self.waited(lambda: next((it for it in self._events() if it["type"] == type and fits(it)), None), type)

    def waited(self, seen: Callable[[], T | None], what: str) -> T:
        """What `seen` returns once it is something. Raises DemoFailed after HANG seconds."""
        deadline = time.monotonic() + HANG
        while (found := seen()) is None:
            if time.monotonic() > deadline:
                raise DemoFailed(f"{what} did not come within {HANG:.0f} seconds")
            time.sleep(0.2)
        return found

    def metrics(self) -> list[str]:
        """The lines of `/metrics`."""
        return self._answer("/metrics").decode().splitlines()

    def history(self) -> list[dict[str, Any]]:
        """The newest runs, newest first."""
        found: list[dict[str, Any]] = self._get("/api/v2/admin/registry-sync/history")
        return found

    def _events(self) -> Iterator[dict[str, Any]]:
        for event in self._get(f"/api/v2/events?after={self.seen}&limit=1000")["events"]:
            self.seen = event["seq"]
            yield event

    def _get(self, path: str) -> Any:
        return json.loads(self._answer(path))

    def _answer(self, path: str) -> bytes:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        request = urllib.request.Request(f"{self.address}{path}", headers=headers)  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            body: bytes = answer.read()
        return body

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [_RADIANT, *arguments], env=self.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )

    def _start(self, *arguments: str, until: str) -> list[str]:
        """Start a process; what it prints up to the line that begins with `until`. Raises DemoFailed."""
        log = (self.folder / f"{arguments[0]}.log").open("w+")
        child = subprocess.Popen(
            [_RADIANT, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C reaches it through us, once the story has ended
        )
        self._children.append(child)
        lines: list[str] = []
        while not lines or not lines[-1].startswith(until):
            line = child.stdout.readline() if child.stdout else ""
            if not line:
                log.seek(0)
                raise DemoFailed(f"`radiant {arguments[0]}` ended: {log.read().strip() or 'it said nothing'}")
            lines.append(line)
        return lines
