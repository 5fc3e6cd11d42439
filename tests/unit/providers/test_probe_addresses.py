"""Where each provider is asked for a sign of life: whole addresses as its documentation has them, written out."""

import datetime as dt

import msgspec
import pytest

from radiant.catalog.load import load_provider
from radiant.domain.observation import Observation, Reason
from radiant.providers.http import Answer, Client
from radiant.providers.lister import address
from radiant.providers.probe import probe
from radiant.providers.probe_roster import PROBES
from radiant.sync.probing import Plan, plan

AT = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
PLACES = {"CLOUDFLARE_ACCOUNT_ID": "ours"}

ASKED = {
    "assemblyai/us": "https://api.assemblyai.com/v2/transcript?limit=1",
    "assemblyai/eu": "https://api.eu.assemblyai.com/v2/transcript?limit=1",
    "bfl/global": "https://api.bfl.ai/v1/credits",
    "cloudflare/global": "https://api.cloudflare.com/client/v4/accounts/ours/ai/models/search?per_page=1",
    "databricks/global": "https://ours.cloud.databricks.com/api/2.0/serving-endpoints",
    "deepgram/global": "https://api.deepgram.com/v1/projects",
    "deepinfra/global": "https://api.deepinfra.com/v1/me",
    "elevenlabs/global": "https://api.elevenlabs.io/v1/models",
    "huggingface/global": "https://huggingface.co/api/whoami-v2",
    "meshy/global": "https://api.meshy.ai/openapi/v1/balance",
    "nebius/global": "https://api.tokenfactory.nebius.com/v1/models",
    "novita/global": "https://api.novita.ai/openapi/v1/billing/balance/detail",
    "openrouter/global": "https://openrouter.ai/api/v1/key",
    "recraft/global": "https://external.api.recraft.ai/v1/users/me",
    "replicate/global": "https://api.replicate.com/v1/account",
    "runway/global": "https://api.dev.runwayml.com/v1/organization",
    "stability/global": "https://api.stability.ai/v1/user/balance",
    "tavily/global": "https://api.tavily.com/usage",
    "vercel_ai_gateway/global": "https://ai-gateway.vercel.sh/v1/credits",
    "xai/global": "https://api.x.ai/v1/api-key",
}


def planned(id: str, regions: tuple[str, ...] = ()) -> tuple[Plan, dict[str, str]]:
    known = load_provider(id)
    assert known is not None
    environment = {known.key_variables[0]: "k", **PLACES}
    row = {
        "id": id,
        "api_base_url": str(known.api_base_url).replace("{workspace}", "ours"),
        "key_variables": known.key_variables,
        "regions": regions or known.regions,
        "auth": msgspec.to_builtins(known.auth),
        "enabled": True,
        "contact": False,
    }
    return plan(row, {}, environment, AT), environment


def asked(id: str, *regions: str) -> dict[str, str]:
    """By region, the address."""
    found = {}
    for target in planned(id, regions)[0].targets:
        request = target.request(keyed=True)
        assert request is not None
        found[target.region] = request.paging.first(address(target.lister, request, target.account))
    return found


def test_each_is_asked_at_the_address_that_is_documented() -> None:
    assert {f"{id}/{region}": url for id in PROBES for region, url in asked(id).items()} == ASKED


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us", "api.us.elevenlabs.io"),
        ("eu", "api.eu.residency.elevenlabs.io"),
        ("in", "api.in.residency.elevenlabs.io"),
        ("sg", "api.sg.residency.elevenlabs.io"),
    ],
)
def test_a_region_with_keys_of_its_own_is_asked_where_it_is_the_one_in_use(region: str, host: str) -> None:
    assert asked("elevenlabs", region, "global") == {region: f"https://{host}/v1/models"}


class Saying(Client):
    """Answers everything with a body."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    async def get(self, url: str, **_: object) -> Answer:
        return Answer(url, self._body, {})


async def told(id: str, body: bytes) -> Observation:
    found, environment = planned(id)
    return await probe(found.targets[0], Saying(body), environment, at=AT)


@pytest.mark.parametrize("member", ["api_key_blocked", "api_key_disabled", "team_blocked"])
async def test_a_key_that_serves_no_longer_is_refused_though_the_answer_is_200(member: str) -> None:
    seen = await told("xai", msgspec.json.encode({"name": "ours", member: True}))
    assert (seen.ok, seen.reason) == (False, Reason.KEY)
    assert member in str(seen.message)
    assert (await told("xai", msgspec.json.encode({member: False}))).ok
    assert (await told("xai", b"[]")).ok
    assert (await told("openrouter", msgspec.json.encode({member: True}))).ok, "there it is not documented"
