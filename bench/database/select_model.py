"""How long `select_model()` takes, beside the same question asked of the plain view.

    python bench/database/select_model.py [--repeat 200] [--sizes 106,5000,100000]

Prints JSON: milliseconds at the median and the 99th percentile, by size and question. The server is an embedded
PostgreSQL of its own in a folder that is removed afterwards.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from synthetic import STATEMENTS, sizes

from radiant.embedded.server import EmbeddedServer
from radiant.registry.database import Connection, connect
from radiant.registry.migrations import migrate

QUESTIONS = {
    "chat": "SELECT * FROM select_model('chat', '{text}', '{text}', 3)",
    "chat, external, vision, HIPAA": "SELECT * FROM select_model("
    "'chat', '{text,image}', '{text}', 5, 'external', '{vision}', NULL, true)",
    "chat, self-hosted": "SELECT * FROM select_model('chat', '{text}', '{text}', 3, 'self_hosted')",
    "chat, all that is new": "SELECT * FROM select_model('chat', '{text}', '{text}', 3, p_exclude => '{model-7}',"
    " p_exclude_providers => '{p1}', p_max_input_cost_per_1k => 1, p_require_commercial_use => true,"
    " p_prefer_providers => '{p9}', p_input_tokens => 1000)",
    "chat, window of 256k": "SELECT * FROM select_model('chat', '{text}', '{text}', 3, 'any', '{}', 262144)",
    "a capability nobody has": "SELECT * FROM select_model('chat', '{text}', '{text}', 3, 'any', '{json_mode}')",
    "a capability one in 1,000 has": "SELECT * FROM select_model("
    "'chat', '{text}', '{text}', 3, 'any', '{computer_use}')",
}

PLAIN = """
    SELECT model_id FROM unified_model_registry
     WHERE primary_mode = 'chat' AND NOT deprecated AND min_tier <= 3 AND input_modalities @> '{text}'
       AND output_modalities @> '{text}' AND health_status <> 'unhealthy' AND coalesce(thermal_state, 'COLD') <> 'OFF'
     ORDER BY coalesce(array_position(ARRAY['HOT', 'WARM', NULL, 'COLD'], thermal_state), 3),
              avg_latency_ms NULLS LAST, input_cost_per_1k + output_cost_per_1k / 2 NULLS LAST, model_id
     LIMIT 10
"""


async def timed(connection: Connection, question: str, repeat: int) -> dict[str, float]:
    """Milliseconds of `question` over one open session."""
    taken = []
    for _ in range(repeat):
        begun = time.perf_counter()
        await (await connection.execute(question.encode(), prepare=True)).fetchall()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return {"p50": round(statistics.median(taken), 3), "p99": round(taken[int(len(taken) * 0.99)], 3)}


async def measure(url: str, models: int, repeat: int) -> dict[str, dict[str, float]]:
    async with connect(url) as connection:
        await migrate(connection)
        async with connection.transaction():
            for statement in STATEMENTS:
                await connection.execute(statement.rstrip(";").encode(), sizes(models))
        await connection.execute("VACUUM ANALYZE")
        found = {name: await timed(connection, text, repeat) for name, text in QUESTIONS.items()}
        found["the plain view"] = await timed(connection, PLAIN, max(10, repeat // 10))
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--sizes", default="106,5000,100000")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    server = EmbeddedServer.open(folder / "home")
    try:
        report = {}
        for models in map(int, options.sizes.split(",")):
            name = f"bench_{models}"
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}".encode())
            url = server.url.replace("/radiant?", f"/{name}?")
            report[str(models)] = asyncio.run(measure(url, models, options.repeat))
        json.dump({"milliseconds": report, "postgresql": server.version}, sys.stdout, indent=2)
    finally:
        server.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
