"""What administrators decide about prices: prices of their own, and changes that a guard held."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.params import Parameter

from radiant.api.problem_types import (
    MODEL_AMBIGUOUS,
    MODEL_NOT_FOUND,
    PRICE_NOT_HELD,
    PRICE_NOT_SET,
    USAGE_INVALID,
)
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import AMOUNT, ONE_LINE, SINCE, UNTIL, describe_body, describe_problems, shaped
from radiant.domain.cost import TenantName
from radiant.domain.meter import METERS
from radiant.domain.prices import HeldPrice, PriceEdit, PriceUnset, Reason, SetPrices

from .registry import refuse_unknown

_PATH = "/api/v2/admin/prices"

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=600, pattern="^[^\\u0000]*$")]


class PricesToSet(SetPrices, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices for `model`: provider and model, a model id, or a pattern such as `openai/*`.

    By meter, an amount of USD for as many as is usual (a million tokens, one image). For a period where `since` or
    `until` say so; with a `tenant` its contract, to which no markup is added; of one kind of requests where `context`
    says so. What a `whole` sheet does not name has no price. `minimum` is what a request costs at least, in USD. A rise
    of more than a tenth reaches tenants after the grace period, or with `sell_at_once` at once.
    """

    model: _Name


class PricesToUnset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which models what was set by hand ends, or a tenant's contract: for requests of one kind where there is a
    `context`, for those without a condition where it is empty, else for all."""

    model: _Name
    tenant: TenantName | None = None
    context: dict[str, str] | None = None
    sell_at_once: bool = False


class PriceDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which held changes are meant: their numbers, or models such as openai/gpt-5.5."""

    changes: Annotated[list[_Name], msgspec.Meta(min_length=1, max_length=1000)]
    reason: Reason | None = None


class DecidedPrices(msgspec.Struct, frozen=True, kw_only=True):
    """The models of which something was decided."""

    models: list[str]


class EndedPrices(msgspec.Struct, frozen=True, kw_only=True):
    """The models of which what was set has ended, and what of them tenants pay later than we do."""

    models: list[str]
    later: list[PriceUnset]


class PricesOfPeople(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("prices",)

    @post("/set", status_code=200, summary="Set prices by hand")
    async def set(self, radiant: TheApp, request: AnyRequest) -> list[PriceEdit]:
        """They speak before all sources; `left` are meters that stay what sources say. For each model that is meant."""
        return await _set(radiant, request, dry_run=False)

    @post("/preview", status_code=200, summary="What setting prices by hand would change")
    async def preview(self, radiant: TheApp, request: AnyRequest) -> list[PriceEdit]:
        """The answer that setting them would have. Nothing is written."""
        return await _set(radiant, request, dry_run=True)

    @post("/unset", status_code=200, summary="End what was set by hand")
    async def unset(self, radiant: TheApp, request: AnyRequest) -> EndedPrices:
        """From now on sources speak again; the history keeps what was set. Where that is a rise of more than a tenth,
        it reaches tenants after the grace period, or with `sell_at_once` at once."""
        refuse_unknown(request, set())
        given = await shaped(request, PricesToUnset)
        ended = await radiant.price_decisions.unset(
            given.model, by="api", tenant=given.tenant, context=given.context, sell_at_once=given.sell_at_once
        )
        return EndedPrices(models=[it.model for it in ended], later=[it for it in ended if it.sold_from is not None])

    @get("/held", summary="Changes of price that a guard held")
    async def held(
        self,
        radiant: TheApp,
        request: AnyRequest,
        decided: Annotated[bool, Parameter(description="Also those that somebody decided")] = False,
    ) -> list[HeldPrice]:
        """Each with what it was, what it would be, and what speaks against it."""
        refuse_unknown(request, {"decided"})
        return await radiant.prices.held(decided=decided)

    @post("/held/approve", status_code=200, summary="Take held changes of price over")
    async def approve(self, radiant: TheApp, request: AnyRequest) -> DecidedPrices:
        """From now on, or from when they were announced for; a rise reaches tenants after the grace period."""
        return await _decide(radiant, request, approve=True)

    @post("/held/refuse", status_code=200, summary="Refuse held changes of price")
    async def refuse(self, radiant: TheApp, request: AnyRequest) -> DecidedPrices:
        """The same is not proposed again."""
        return await _decide(radiant, request, approve=False)


async def _set(radiant: TheApp, request: AnyRequest, *, dry_run: bool) -> list[PriceEdit]:
    refuse_unknown(request, set())
    given = await shaped(request, PricesToSet)
    return await radiant.price_decisions.set(given.model, given, by="api", dry_run=dry_run)


async def _decide(radiant: TheApp, request: AnyRequest, *, approve: bool) -> DecidedPrices:
    refuse_unknown(request, set())
    given = await shaped(request, PriceDecision)
    models = await radiant.price_decisions.decide(given.changes, approve=approve, by="api", reason=given.reason)
    return DecidedPrices(models=models)


_SET = {"model": "openai/gpt-4o-mini", "prices": {"input_tokens": "0.1"}, "reason": "deal of March"}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    meters = {"enum": sorted(METERS)}
    context = {
        "type": "object",
        "maxProperties": 10,
        "propertyNames": ONE_LINE | {"maxLength": 100},
        "additionalProperties": ONE_LINE | {"maxLength": 100},
        "description": 'A kind of requests, such as {"processing": "batch"}',
    }
    tenant = {"anyOf": [ONE_LINE | {"maxLength": 200}, {"type": "null"}], "default": None}
    for step in ("set", "preview"):
        describe_body(document, f"{_PATH}/{step}", "post", PricesToSet, _SET)
        describe_problems(document["paths"][f"{_PATH}/{step}"]["post"], MODEL_NOT_FOUND, MODEL_AMBIGUOUS, USAGE_INVALID)
    describe_body(document, f"{_PATH}/unset", "post", PricesToUnset, {"model": "openai/gpt-4o-mini"})
    describe_problems(document["paths"][f"{_PATH}/unset"]["post"], PRICE_NOT_SET, MODEL_AMBIGUOUS, USAGE_INVALID)
    for step in ("approve", "refuse"):
        path = f"{_PATH}/held/{step}"
        describe_body(document, path, "post", PriceDecision, {"changes": ["17"], "reason": "announced"})
        describe_problems(document["paths"][path]["post"], PRICE_NOT_HELD)
    schemas = document["components"]["schemas"]
    schemas["PricesToUnset"]["properties"] |= {
        "tenant": tenant,
        "context": {"anyOf": [context, {"type": "null"}], "default": None},
    }
    of_a_tenant = {"tenant": {"type": "string"}, "sell_at_once": {"const": True}}
    for name in ("PricesToSet", "PricesToUnset"):
        schemas[name]["not"] = {"required": [*of_a_tenant], "properties": of_a_tenant}
    reason = ONE_LINE | {"maxLength": 2000}
    schemas["PriceDecision"]["properties"]["reason"] = {"anyOf": [reason, {"type": "null"}], "default": None}
    schemas["PricesToSet"]["properties"] |= {
        "prices": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": meters,
            "additionalProperties": AMOUNT,
            "description": "US dollars by meter, for as many as is usual",
        },
        "minimum": {"anyOf": [*AMOUNT["anyOf"], {"type": "null"}], "default": None},
        "reason": reason,
        "since": SINCE,
        "until": UNTIL,
        "tenant": tenant,
        "context": context | {"default": {}},
    }


HANDLERS: list[Any] = [PricesOfPeople]
