"""A client of runtimes that answers from a table, without a network."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from radiant.domain.endpoint import Endpoint
from radiant.runtimes.http import Client
from radiant.runtimes.said import Said

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


class Scripted(Client):
    """Answers by path, 404 elsewhere; `asked` is what was asked. Other `answers` can take their place."""

    def __init__(self, answers: Mapping[str, tuple[int, bytes]]) -> None:
        super().__init__(environment={}, now=lambda: NOW)
        self.answers = answers
        self.asked: list[tuple[str, str, Any]] = []

    async def ask(
        self, endpoint: Endpoint, method: str, path: str, body: Any = None, *, seconds: float | None = None
    ) -> Said:
        self.asked.append((method, path, body))
        status, said = self.answers.get(path.partition("?")[0], (404, b""))
        return Said("http://gpu", status, {}, said, None, NOW)
