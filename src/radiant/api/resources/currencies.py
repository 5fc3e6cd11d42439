"""What units of other currencies are worth in USD: anybody reads it, administrators state it."""

from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import Parameter

from radiant.api.problem_types import USAGE_INVALID
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin, reader
from radiant.api.shaped import ONE_LINE, describe_body, describe_problems, shaped
from radiant.domain.currency import CurrencyRate, RateSet, RateTerms

from .registry import refuse_unknown

_READ = "/api/v2/prices/currencies"
_STATE = "/api/v2/admin/prices/currencies"


class CurrenciesOfPrices(Controller):
    path = _READ
    guards = (reader,)
    tags = ("prices",)

    @get("/", summary="What units of other currencies are worth in USD")
    async def listed(
        self,
        radiant: TheApp,
        request: AnyRequest,
        ever: Annotated[bool, Parameter(description="Also what another rate of the same day replaced")] = False,
    ) -> list[CurrencyRate]:
        """As somebody stated it, the newest day of each currency first: each holds from 00:00 UTC of its day until the
        day of the next. Radiant comes with none."""
        refuse_unknown(request, {"ever"})
        return await radiant.currencies.listed(ever=ever)


class StatedCurrencies(Controller):
    path = _STATE
    guards = (admin,)
    tags = ("prices",)

    @post("/", status_code=200, summary="State what a unit of a currency is worth in USD")
    async def state(self, radiant: TheApp, request: AnyRequest) -> RateSet:
        """From a day on, today where none is named. Prices told in the currency follow at once, as a change of that
        day; another rate of the same day corrects it. The same again writes nothing."""
        refuse_unknown(request, set())
        return await radiant.currency_rates.state(await shaped(request, RateTerms), by="api")


_EXAMPLE = {"currency": "EUR", "usd": "1.08", "day": "2026-11-26", "source": "ECB reference rate"}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    describe_body(document, _STATE, "post", RateTerms, _EXAMPLE)
    describe_problems(document["paths"][_STATE]["post"], USAGE_INVALID)
    document["components"]["schemas"]["RateTerms"]["properties"] |= {
        "currency": {"type": "string", "pattern": "^(?!USD)[A-Z]{3}$", "description": "By ISO 4217"},
        "usd": {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9](\.[0-9]{1,12})?$"},
                {"type": "number", "minimum": 0.0000001, "maximum": 10},
            ],
            "description": "What one unit of it is worth",
        },
        "source": ONE_LINE | {"maxLength": 200},
    }


HANDLERS: list[Any] = [CurrenciesOfPrices, StatedCurrencies]
