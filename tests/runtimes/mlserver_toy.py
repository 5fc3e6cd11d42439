"""A toy for MLServer: takes two seconds to load, as weights do."""

import asyncio

from mlserver import MLModel


class Toy(MLModel):  # type: ignore[misc]
    async def load(self) -> bool:
        await asyncio.sleep(2.0)
        return True
