"""The OpenAPI document and the answers agree: schemathesis asks whatever the document allows, and what it does not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiant.access import keep_token
from radiant.address import listening_socket
from radiant.registry.database import Database

HERE = Path(__file__).parent


@pytest.fixture
async def token(standing_url: str, tmp_path: Path) -> str:
    """An administrator's."""
    file = tmp_path / "token"
    database = await Database.open(standing_url)
    await keep_token(database, file, "admin")
    await database.close()
    return file.read_text().strip()


@pytest.fixture
def address(standing_url: str, tmp_path: Path) -> Iterator[str]:
    """A registry behind a server of its own, as `uvicorn --factory` runs it."""
    with listening_socket("127.0.0.1", 0) as listener:
        command = [sys.executable, "-m", "uvicorn", "--factory", "radiant.api.asgi:create", f"--fd={listener.fileno()}"]
        variables = {**os.environ, "RADIANT_DATABASE_URL": standing_url, "RADIANT_HOME": str(tmp_path / "home")}
        with (tmp_path / "log").open("w") as log:
            server = subprocess.Popen(command, env=variables, pass_fds=[listener.fileno()], stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_schemathesis_finds_nothing(address: str, token: str, tmp_path: Path) -> None:
    """How many examples: RADIANT_TEST_EXAMPLES; `make test-openapi` takes more than `make test`."""
    examples = os.environ.get("RADIANT_TEST_EXAMPLES", "5")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"), f"--config-file={HERE / 'schemathesis.toml'}",
            "run", f"{address}/api/openapi.json", f"--max-examples={examples}",
        ],
        cwd=tmp_path,
        env={**os.environ, "RADIANT_TOKEN": token, "SCHEMATHESIS_HOOKS": str(HERE / "openapi_formats.py")},
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
