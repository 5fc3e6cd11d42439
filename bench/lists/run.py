"""How long the lists of 21 simulated providers take, all at once, beside the slowest of them alone.

    python bench/lists/run.py [--repeat 3]

Each pages as its real counterpart does and answers after 0.1 to 1.1 s; prints JSON in seconds.
"""

import argparse
import asyncio
import json
import statistics
import time

from radiant.providers.http import Client
from radiant.providers.lister import list_models
from radiant.providers.listing import Listing
from radiant.providers.roster import LISTERS
from radiant.simulator.script import Provider, Script
from radiant.simulator.serving import playing
from radiant.simulator.theater import Theater

PROVIDERS = 21


async def ask(theater: Theater, client: Client, id: str) -> tuple[Listing, float]:
    role = theater.roles[id]
    began = time.perf_counter()
    listing = await list_models(role.lister, role.account, client, {role.account.key_variables[0]: role.key})
    return listing, time.perf_counter() - began


async def measure(repeat: int) -> dict[str, object]:
    ids = [id for id, how in sorted(LISTERS.items()) if how.lists_models][:PROVIDERS]
    script = Script(
        providers=tuple(
            Provider(id=id, count=200, page_size=100, latency=0.1 + 0.05 * number) for number, id in enumerate(ids)
        )
    )
    together, slowest, models = [], [], 0
    for _ in range(repeat):
        async with playing(script) as theater, Client(private=True) as client:
            alone = [await ask(theater, client, id) for id in ids]
            slowest.append(max(seconds for _, seconds in alone))
            began = time.perf_counter()
            found = await asyncio.gather(*(ask(theater, client, id) for id in ids))
            together.append(time.perf_counter() - began)
            models = sum(len(listing.models) for listing, _ in found)
            assert not any(listing.problems for listing, _ in found)
    return {
        "providers": len(ids),
        "models": models,
        "slowest_alone_s": round(statistics.median(slowest), 3),
        "all_at_once_s": round(statistics.median(together), 3),
        "ratio": round(statistics.median(together) / statistics.median(slowest), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=3)
    print(json.dumps(asyncio.run(measure(parser.parse_args().repeat)), indent=2))


if __name__ == "__main__":
    main()
