"""Fake providers for a test, and what asking them gives."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from radiant.providers.http import Client, Patience
from radiant.providers.lister import list_models
from radiant.providers.listing import Listing
from radiant.simulator.script import Script
from radiant.simulator.serving import playing
from radiant.simulator.theater import Theater

#: No test waits longer for anything.
SHORT = Patience(connect=2.0, read=2.0, answer=3.0, pages=5.0)


class Play:
    """A theater, and a client that may ask it."""

    def __init__(self, theater: Theater, client: Client) -> None:
        self.theater, self.client = theater, client

    def environment(self, provider: str) -> dict[str, str]:
        role = self.theater.roles[provider]
        return {role.account.key_variables[0]: role.key}

    async def ask(self, provider: str, environment: Mapping[str, str] | None = None) -> Listing:
        role = self.theater.roles[provider]
        keys = self.environment(provider) if environment is None else environment
        return await list_models(role.lister, role.account, self.client, keys)


@asynccontextmanager
async def play(
    *providers: dict[str, Any], catalogs: Sequence[dict[str, Any]] = (), patience: Patience = SHORT, seed: int = 0
) -> AsyncIterator[Play]:
    script = msgspec.convert({"providers": list(providers), "catalogs": list(catalogs), "seed": seed}, Script)
    async with playing(script) as theater, Client(private=True, patience=patience) as client:
        yield Play(theater, client)
