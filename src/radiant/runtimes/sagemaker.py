"""Amazon SageMaker: a model is an inference component of an endpoint, or has an endpoint of its own."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import ClassVar, Final

from radiant.domain.endpoint import Endpoint, Found, Observed

from .aws.account import Account, Connect, NotThere, connect
from .aws.components import Components
from .aws.endpoints import Endpoints
from .aws.strategy import Pace, Strategy
from .aws.sweeping import Memory, absent
from .driver import Condition, Driver, Seen, Signs, cannot, known, observed, with_orders
from .http import Client
from .runtime import RuntimeFailed
from .said import Unanswered
from .source import Source

#: By the option `strategy`; without it a model has an endpoint of its own.
STRATEGIES: Final[Mapping[str, Strategy]] = MappingProxyType(
    {"inference_component": Components(), "recreate": Endpoints()}
)

#: What an endpoint's options may say, and what that is.
OPTIONS: Final = {
    "strategy": "`inference_component`, or `recreate` (without it): an endpoint of its own",
    "endpoint_name": "`inference_component`: the endpoint that hosts it; one of the same name without it",
    "variant_name": "`inference_component`: the variant that a new one is put on; `AllTraffic` without it",
    "endpoint_config_name": "`recreate`: the configuration it is created with; see the decision about SageMaker",
    "deploy": (
        "from what it is created: `image`, `instance_type`, `execution_role`, and where needed `environment`, "
        "`model_data_url`, and for one copy of a component `memory_mb` (required), `accelerators`, `cores`"
    ),
}

#: How a region is named to a scan.
SCHEME: Final = "sagemaker:"


class SageMaker(Driver):
    """Keys are found as boto3 finds them; `url` of an endpoint, where it has one, replaces the addresses of AWS.
    `connect` makes clients of boto3."""

    litellm_prefix = "sagemaker"
    silent_while_loading = False
    sources = (
        Source(
            "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateInferenceComponentRuntimeConfig.html",
            "2026-11-26",
            "copies",
        ),
        Source(
            "PyPI botocore 1.44.5: service models of sagemaker and application-autoscaling",
            "2026-11-26",
            "operations, statuses, names",
        ),
        Source(
            "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html",
            "2026-11-26",
            "only components go to zero",
        ),
        Source(
            "https://github.com/stdapi-ai/stdapi.ai/issues/43",
            "2026-11-26",
            "no component without a copy; a host needs a role; regions without zero",
        ),
    )
    unread = "Words in which AWS says that something is missing, exists or is being changed: see `aws/account.py`."
    warmed_by = (
        "`inference_component`: `UpdateInferenceComponentRuntimeConfig`; `recreate`: `CreateEndpoint`, and for more "
        "instances `UpdateEndpointWeightsAndCapacities`; what is missing is created with `may_create`"
    )
    cooled_by = "`inference_component`: no copies; `recreate`: `DeleteEndpoint`, only with `may_create`"
    signs: ClassVar[Signs] = {
        Condition.READY: "copies or instances run, whatever is changed meanwhile",
        Condition.LOADING: "`Creating`, or some are wanted and none runs yet",
        Condition.UNLOADED: "`InService` without copies; with `may_create`, not there or `Deleting`",
        Condition.FAILED: "`Failed`, `OutOfService`; `FailureReason` says why",
        Condition.ABSENT: "not there, or `Deleting`, without `may_create`",
    }

    def __init__(self, connect: Connect = connect, *, pause: float = 5.0) -> None:
        self._connect, self._pause = connect, pause
        self._accounts: dict[tuple[str | None, str | None], Account] = {}
        self._memory = Memory()

    async def look(self, endpoint: Endpoint, client: Client) -> Seen:
        strategy = _strategy(endpoint)
        try:
            said = await strategy.describe(self._account(endpoint), endpoint)
        except NotThere:
            return absent(strategy, endpoint)
        return strategy.read(said, may_create=endpoint.may_create)

    async def warm(self, endpoint: Endpoint, client: Client, *, instances: int | None = None) -> None:
        count = _within(endpoint, instances)
        seen = await self._seen(endpoint, client)
        scaled = seen.condition is Condition.READY and instances is not None and seen.instances not in (None, count)
        if seen.condition in (Condition.READY, Condition.LOADING) and not scaled:
            return
        if seen.condition is Condition.ABSENT:
            raise cannot(endpoint, seen.problem or "it does not exist")
        await self._order(endpoint, client, partial(self._up, count=count), seen)

    async def load(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        await self._up(endpoint, client, seen, count=_within(endpoint, None))

    async def unload(self, endpoint: Endpoint, client: Client, seen: Seen) -> None:
        await _strategy(endpoint).down(self._account(endpoint), endpoint)

    async def found(self, endpoint: Endpoint, client: Client) -> list[Found] | None:
        """All inference components of a region, and all endpoints that have a model of their own."""
        found = [await self._listed(endpoint, client, name) for name in STRATEGIES]
        return [it for some in found for it in some]

    async def scan(self, place: Endpoint, client: Client) -> list[Found] | None:
        """Lists of many pages take longer than a look at one server."""
        return await self.found(place, client)

    async def sweep(
        self, endpoints: Sequence[Endpoint], client: Client, *, anew: Collection[int] = ()
    ) -> Mapping[int, Observed]:
        """One list for each region and strategy, then a description of each that changed or is in transition, and of
        those in `anew`: the list does not tell how many copies run."""
        groups: dict[tuple[str | None, str | None, str], list[Endpoint]] = defaultdict(list)
        seen: dict[int, Seen] = {}
        for it in endpoints:
            try:
                groups[it.region, it.url, _strategy(it).what].append(it)
            except RuntimeFailed as error:
                seen[it.id] = Seen(condition=Condition.UNSEEN, problem=error.problem, permanent=True)
        looks = [
            self._memory.look(self._account(some[0]), _strategy(some[0]), some, client.now(), anew=anew)
            for some in groups.values()
        ]
        for looked in await asyncio.gather(*looks):
            seen |= looked
        return {it.id: observed(it, with_orders(it, seen[it.id], client), client) for it in endpoints}

    async def _seen(self, endpoint: Endpoint, client: Client) -> Seen:
        try:
            await self._account(endpoint).prepare()
            return await super()._seen(endpoint, client)
        except (RuntimeFailed, Unanswered) as error:
            return Seen(condition=Condition.UNSEEN, problem=error.problem, permanent=error.permanent)

    async def _up(self, endpoint: Endpoint, client: Client, seen: Seen, *, count: int) -> None:
        pace = Pace(pause=self._pause, longest=client.patience.load)
        await _strategy(endpoint).up(self._account(endpoint), endpoint, seen, count, pace)

    async def _listed(self, region: Endpoint, client: Client, name: str) -> list[Found]:
        strategy = STRATEGIES[name]
        operation, member, key, _ = strategy.lists
        account = self._account(region)
        names = [it[key] for it in await account.listed(operation, member)]
        there = [
            Endpoint(id=at, model_id="", runtime="sagemaker", name=name, region=region.region)
            for at, name in enumerate(names)
        ]
        seen = await self._memory.look(account, strategy, there, client.now())
        own = [it for it in there if seen[it.id].condition is not Condition.UNLOADED or name == "inference_component"]
        return [Found(name=it.name, state=known(seen[it.id].condition)) for it in own]

    def _account(self, endpoint: Endpoint) -> Account:
        key = endpoint.region, endpoint.url
        if key not in self._accounts:
            self._accounts[key] = Account(self._connect, *key)
        return self._accounts[key]


def _strategy(endpoint: Endpoint) -> Strategy:
    """Raises RuntimeFailed for one that is not known."""
    named = endpoint.options.get("strategy", "recreate")
    if not isinstance(named, str) or named not in STRATEGIES:
        raise cannot(endpoint, f"the option strategy is {named!r:.40}; expected {' or '.join(STRATEGIES)}")
    return STRATEGIES[named]


def _within(endpoint: Endpoint, instances: int | None) -> int:
    """How many are to run: at least one, since none is not warm."""
    least = max(1, endpoint.min_instances)
    return min(max(least, instances or least), max(least, endpoint.max_instances))
