"""What completions cost that people asked for, and what is left of a day's budget."""

from decimal import Decimal
from typing import NamedTuple

from radiant.sql import queries

from .database import Connection

_SQL = queries("paid_probes")


class Priced(NamedTuple):
    """A chat model with its prices in USD for 1,000 tokens. `reasons`: it may think before it answers."""

    model_id: str
    reasons: bool
    input: Decimal
    output: Decimal

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal:
        """USD."""
        return (self.input * input_tokens + self.output * output_tokens) / 1000


async def cheapest(connection: Connection, provider: str, model: str | None) -> Priced | None:
    """The chat model whose answer costs least, or the one of that id; None where none has known prices."""
    row = await (await connection.execute(_SQL["cheapest"], {"provider": provider, "model": model})).fetchone()
    return None if row is None else Priced(**row)


async def spent(connection: Connection) -> Decimal:
    """USD of today in UTC, what is reserved included."""
    row = await (await connection.execute(_SQL["spent"])).fetchone()
    found: Decimal = Decimal(0) if row is None else row["spent"]
    return found


async def reserve(connection: Connection, provider: str, model: str, cost: Decimal, budget: Decimal) -> int | None:
    """Take `cost` off the budget of today, within the caller's transaction; None where so much is not left."""
    await connection.execute(_SQL["alone"])
    await connection.execute(_SQL["forget_paid"])
    if await spent(connection) + cost > budget:
        return None
    given = {"provider": provider, "model": model, "cost": cost}
    row = await (await connection.execute(_SQL["reserve"], given)).fetchone()
    return None if row is None else int(row["id"])


async def settle(connection: Connection, id: int, cost: Decimal) -> None:
    """Say what it cost in the end."""
    await connection.execute(_SQL["settle"], {"id": id, "cost": cost})
