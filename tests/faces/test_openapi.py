"""The OpenAPI document and the answers agree: schemathesis asks whatever the document allows, and what it does not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiant.address import listening_socket

pytestmark = pytest.mark.long

HERE = Path(__file__).parent

#: Parts of the API that take about as long as one another, so that they can be asked side by side.
PARTS = {
    "places": "^/api/v2/admin/(endpoints|event-sinks|providers)",
    "administration": "^/api/v2/admin/(?!endpoints|event-sinks|providers)",
    "choices": "^/(api/v2/select|api/v2/models|api/v1/|v1/)",
    "readers": "^/(?!api/v2/admin/|api/v2/select|api/v2/models|api/v1/|v1/)",
}

TOKEN = "an-administrators-for-this-test-alone"


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A registry behind a server of its own, as `uvicorn --factory` runs it."""
    with listening_socket("127.0.0.1", 0) as listener:
        command = [sys.executable, "-m", "uvicorn", "--factory", "radiant.api.asgi:create", f"--fd={listener.fileno()}"]
        home = str(tmp_path / "home")
        variables = {"RADIANT_DATABASE_URL": database_url, "RADIANT_HOME": home, "RADIANT_ADMIN_TOKEN": TOKEN}
        with (tmp_path / "log").open("w") as log:
            server = subprocess.Popen(
                command, env={**os.environ, **variables}, pass_fds=[listener.fileno()], stdout=log, stderr=log
            )
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("part", PARTS)
def test_schemathesis_finds_nothing(part: str, address: str, tmp_path: Path) -> None:
    """How many examples: RADIANT_TEST_EXAMPLES; `make test-openapi` takes more than `make test-long`."""
    examples = os.environ.get("RADIANT_TEST_EXAMPLES", "4")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), f"--config-file={HERE / 'schemathesis.toml'}",
            "run", f"{address}/api/openapi.json", f"--max-examples={examples}",
            f"--include-path-regex={PARTS[part]}",
        ],
        cwd=tmp_path,
        env={**os.environ, "RADIANT_TOKEN": TOKEN, "SCHEMATHESIS_HOOKS": str(HERE / "openapi_formats.py")},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
