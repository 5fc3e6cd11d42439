"""`radiant catalog import`: from a file, from an address, and what it says when there is nothing to be had."""

import gzip
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from radiant.admin import catalogs
from radiant.providers import http
from tests.faces.conftest import Program

Value = Callable[[str, str], Any]

ENTRIES = {
    "gpt-sixty": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6, "max_input_tokens": 1000},
    "acme/m": {"litellm_provider": "acme", "mode": "chat", "output_cost_per_token": 2e-6},
}
MAP = json.dumps(ENTRIES).encode()


class Site(BaseHTTPRequestHandler):
    """A small site. It notes in `asked` what was asked of it."""

    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        match self.path:
            case "/map.json":
                self.answer(200, MAP)
            case "/packed.json":
                self.answer(200, gzip.compress(MAP), ("Content-Encoding", "gzip"))
            case "/moved":
                self.answer(302, b"", ("Location", "/map.json"))
            case "/round":
                self.answer(302, b"", ("Location", "/round"))
            case "/to-a-file":
                self.answer(302, b"", ("Location", "file:///etc/hostname"))
            case "/bomb.json":
                self.answer(200, gzip.compress(b" " * 3_000_000), ("Content-Encoding", "gzip"))
            case "/drip.json":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                self.pour(b" ", pause=0.02)
            case "/endless.json":
                self.send_response(200)
                self.send_header("Connection", "close")
                self.end_headers()
                self.pour(b" " * 65536, pause=0)
            case "/cut.json":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                self.wfile.write(MAP)
                self.close_connection = True
            case _:
                self.answer(404, b"<!doctype html>nothing here")

    def answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def pour(self, block: bytes, *, pause: float) -> None:
        deadline = time.monotonic() + 20
        try:
            while time.monotonic() < deadline:
                self.wfile.write(block)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            pass  # the reader had enough
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """Says nothing of a client that hangs up: what it prints would stand in what the program is thought to print."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    Site.asked.clear()
    server = Server(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def registry(clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    """RADIANT_DATABASE_URL is a registry of this test's own."""
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    return database_url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "map.json"
    path.write_bytes(MAP)
    return path


def test_a_file_is_read_and_counted_and_again_changes_nothing(
    radiant: Program, registry: str, file: Path, row: Value
) -> None:
    code, out, err = radiant("catalog", "import", "litellm", "--file", str(file))
    assert (code, err) == (0, "")
    assert out == "litellm: 2 entries, 12 facts: 12 added, 0 changed, 0 removed\n"
    assert row(registry, "SELECT count(*) FROM facts WHERE source = 'litellm'") == 12
    assert row(registry, "SELECT count(*) FROM models WHERE origin = 'adopted'") == 0
    code, out, _ = radiant("catalog", "import", "litellm", "--file", str(file))
    assert (code, out) == (0, "litellm: 2 entries, 12 facts: the same as before, nothing written\n")


def test_adopting_makes_models_of_the_providers_asked_for(
    radiant: Program, registry: str, file: Path, row: Value
) -> None:
    arguments = ("catalog", "import", "litellm", "--file", str(file), "--adopt")
    code, out, _ = radiant(*arguments, "--provider", "acme")
    assert code == 0
    assert out.splitlines()[1] == "adopted: 1 model added and 0 updated, 1 provider added"
    assert row(registry, "SELECT string_agg(model_id, ',') FROM models WHERE origin = 'adopted'") == "m"
    code, out, _ = radiant(*arguments, "--json")
    told = json.loads(out)
    assert (code, told["imported"]["unchanged"], told["adopted"]["models_added"]) == (0, True, 1)
    assert radiant("model", "show", "openai/gpt-sixty").code == 0


def test_a_provider_the_catalog_does_not_list_is_refused_with_those_it_does(
    radiant: Program, registry: str, file: Path, row: Value
) -> None:
    code, _, err = radiant("catalog", "import", "litellm", "--file", str(file), "--adopt", "-p", "acm")
    assert (code, err) == (
        2,
        "radiant: --provider 'acm' is unknown; did you mean acme? Expected one of: acme, openai.\n",
    )
    assert row(registry, "SELECT count(*) FROM models WHERE origin = 'adopted'") == 0


@pytest.mark.usefixtures("registry")
def test_refused_entries_are_listed_and_the_others_imported(radiant: Program, tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps({**ENTRIES, "bad": 7, "worse": {"mode": "chat"}}))
    code, out, err = radiant("catalog", "import", "litellm", "--file", str(path))
    assert code == 0
    assert err.splitlines() == [
        "bad: is 7; expected an object",
        "worse: `litellm_provider` is null; expected the name of a provider",
    ]
    assert out.endswith("12 added, 0 changed, 0 removed; 2 refused, see above\n")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (MAP[:-40], r"Nothing was read from litellm: what came ends in the middle (line 1, column"),
        (b"", "what came is empty"),
        (b"<html>", "what came is a web page, not JSON"),
        (MAP.decode().encode("utf-16"), "what came is UTF-16; save it as UTF-8"),
        (b"[" * 100_000, "what came is nested too deeply for a catalog"),
    ],
    ids=["truncated", "empty", "web page", "utf-16", "deep"],
)
def test_a_bad_file_is_one_sentence_and_changes_nothing(
    radiant: Program, registry: str, tmp_path: Path, row: Value, content: bytes, sentence: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    code, out, err = radiant("catalog", "import", "litellm", "--file", str(path), "--adopt")
    assert (code, out) == (1, "")
    assert sentence in err
    assert len(err.splitlines()) == 1
    assert row(registry, "SELECT count(*) FROM facts WHERE source = 'litellm'") == 0


@pytest.mark.usefixtures("standing")
def test_a_file_that_cannot_be_read_is_named(
    radiant: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    code, _, err = radiant("catalog", "import", "litellm", "--file", str(tmp_path / "absent.json"))
    assert (code, f"{tmp_path}/absent.json cannot be read: No such file or directory." in err) == (1, True)
    code, _, err = radiant("catalog", "import", "litellm", "--file", str(tmp_path))
    assert (code, "cannot be read: Is a directory." in err) == (1, True)
    monkeypatch.setattr(catalogs, "MAX_BYTES", len(MAP) - 1)
    code, _, err = radiant("catalog", "import", "litellm", "--file", str(file))
    assert (code, "cannot be read: it is larger than" in err) == (1, True)


@pytest.mark.usefixtures("clean_environment")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--file", "a", "--url", "b"), "give --file or --url, not both"),
        (("--file", "a", "--provider", "openai"), "--provider goes with --adopt"),
        (("--fiel", "a"), "No such option"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    radiant: Program, arguments: tuple[str, ...], sentence: str
) -> None:
    code, _, err = radiant("catalog", "import", "litellm", *arguments)
    assert code == 2
    assert sentence in err


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("where", ["file", "url", "neither"])
def test_an_unknown_source_is_refused_with_the_known_ones(radiant: Program, site: str, file: Path, where: str) -> None:
    options = {"file": ("--file", str(file)), "url": ("--url", f"{site}/map.json"), "neither": ()}[where]
    code, _, err = radiant("catalog", "import", "litelm", *options)
    assert code == 2
    assert err == (
        "radiant: SOURCE 'litelm' is unknown; did you mean litellm? "
        "Expected one of: openrouter, genai-prices, litellm, models.dev.\n"
    )
    assert Site.asked == [], "nobody is asked for a catalog that cannot be read"


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("path", ["map.json", "packed.json", "moved"])
def test_an_address_is_read(radiant: Program, site: str, path: str) -> None:
    code, out, err = radiant("catalog", "import", "litellm", "--url", f"{site}/{path}")
    assert (code, err) == (0, "")
    assert out == "litellm: 2 entries, 12 facts: 12 added, 0 changed, 0 removed\n"
    assert Site.asked[0][1]["accept"] == "application/json"
    assert "authorization" not in Site.asked[0][1]


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("absent.json", "it answered 404"),
        ("round", "redirect"),
        ("to-a-file", "file"),
        ("drip.json", "it took longer than 0.4 seconds"),
        ("endless.json", "it is larger than 1 MiB"),
        ("bomb.json", "it is larger than 1 MiB"),
        ("cut.json", "breaks off"),
    ],
)
def test_an_address_that_gives_no_catalog_is_told_with_the_reason(
    radiant: Program, site: str, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    monkeypatch.setattr(catalogs, "MAX_BYTES", 2**20)
    monkeypatch.setattr(http, "PATIENCE", http.Patience(answer=0.4 if path == "drip.json" else 20))
    code, out, err = radiant("catalog", "import", "litellm", "--url", f"{site}/{path}")
    assert (code, out) == (1, "")
    assert err.startswith(f"radiant: {site}/{path} cannot be read: ")
    assert reason in err.lower() if path in ("round", "to-a-file") else reason in err
    assert err.endswith("Give a file you have with --file.\n")
    assert len(Site.asked) <= 1 + http.REDIRECTS


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    "address",
    ["ftp://127.0.0.1/map.json", "file:///etc/hostname", "map.json", "http://127.0.0.1:1/map.json", "http://[/"],
)
def test_an_address_where_nobody_answers_is_one_sentence(radiant: Program, site: str, address: str) -> None:
    code, out, err = radiant("catalog", "import", "litellm", "--url", address)
    assert (code, out) == (1, "")
    assert err.startswith(f"radiant: {address} cannot be read: ")
    assert len(err.splitlines()) == 1
