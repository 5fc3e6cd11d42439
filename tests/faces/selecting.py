"""A request for a choice over HTTP, and where it goes."""

from typing import Any

import httpx

SELECT, BATCH = "/api/v2/select", "/api/v2/select/batch"
CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


async def send(client: httpx.AsyncClient, body: bytes | str, path: str = SELECT) -> httpx.Response:
    return await client.post(path, content=body, headers={"Content-Type": "application/json"})
