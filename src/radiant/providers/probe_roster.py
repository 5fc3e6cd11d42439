"""How providers are asked whether they are alive, where that is not by their list of models: one line each.

Every request is a GET that reads an account or a list and makes nothing. Each names what was read about it on
2026-11-26: pages of the provider's own where there were any, otherwise what is said.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .huggingface import HUB
from .probe import Probe
from .roster import lister

#: By its list of models.
_BY_LIST: Final = Probe()

PROBES: Final[Mapping[str, Probe]] = MappingProxyType(
    {
        # https://www.assemblyai.com/docs/api-reference/transcripts/list.md, which names the host in Europe too
        "assemblyai": Probe(
            path="v2/transcript?limit=1", hosts={"eu": ("api.assemblyai.com", "api.eu.assemblyai.com")}
        ),
        # https://developers.cloudflare.com/api/resources/ai/subresources/models/methods/list; not tokens/verify, which
        # knows only tokens that the account owns (…/accounts/subresources/tokens/methods/verify)
        "cloudflare": Probe(path="/ai/models/search?per_page=1"),
        # https://docs.bfl.ai/api-reference/get-the-users-credits.md
        "bfl": Probe(path="v1/credits"),
        # Its client for R, databrickslabs/databricks-sdk-r, R/serving_endpoints.R, servingEndpointsList
        "databricks": Probe(path="/api/2.0/serving-endpoints"),
        # Not its own page: https://glama.ai/mcp/connectors/io.usefulapi/deepinfra (deepinfra_get_account), and others
        # that ask the same, one of them since its list of models is open to anybody
        "deepinfra": Probe(path="/v1/me"),
        # https://developers.deepgram.com/reference/manage/projects/list.md; its hosts in other regions take the same
        # keys, and none of them is said to have projects (reference/regional-endpoints.md)
        "deepgram": Probe(path="v1/projects"),
        # https://docs.aws.amazon.com/connect/latest/adminguide/endpoints-regions-third-party-stt.html; Singapore:
        # api-evangelist/elevenlabs, overlays/elevenlabs-openapi-overlay.yaml. A key of another region is refused:
        # https://docs.recall.ai/docs/eleven-labs
        "elevenlabs": Probe(
            hosts={
                "us": ("api.elevenlabs.io", "api.us.elevenlabs.io"),
                "eu": ("api.elevenlabs.io", "api.eu.residency.elevenlabs.io"),
                "in": ("api.elevenlabs.io", "api.in.residency.elevenlabs.io"),
                "sg": ("api.elevenlabs.io", "api.sg.residency.elevenlabs.io"),
            },
            keys_apart=True,
        ),
        # Its client for JavaScript, @huggingface/hub 2.7.1, src/lib/who-am-i.ts; its lists are open to anybody
        "huggingface": Probe(path="/api/whoami-v2", host=HUB),
        # https://docs.meshy.ai/api/balance.md
        "meshy": Probe(path="openapi/v1/balance"),
        # Not its own page: juspay/neurolink, docs/getting-started/providers/nebius.md, which was refused without a key
        "nebius": Probe(path="models"),
        # https://novita.ai/docs/api-reference/basic-get-user-balance.md
        "novita": Probe(path="/openapi/v1/billing/balance/detail"),
        # https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key.md; its list is open to any key
        "openrouter": Probe(path="key"),
        # Its server of tools, recraft-ai/mcp-recraft-server, src/api/apis/UserApi.ts at 6ed3fbf
        "recraft": Probe(path="users/me"),
        # Its client for Python, replicate/replicate-python, replicate/account.py at 89c8fdc
        "replicate": Probe(path="v1/account"),
        # Its client for Python, runwayml/sdk-python, src/runwayml/resources/organization.py at 7f5d1ae
        "runway": Probe(path="v1/organization"),
        # Not its own page: a client made from its OpenAPI, shamblett/stabilityai_client, and others that ask the same
        "stability": Probe(path="v1/user/balance"),
        # https://docs.tavily.com/documentation/api-reference/endpoint/usage.md
        "tavily": Probe(path="usage"),
        # https://vercel.com/docs/ai-gateway/sdks-and-apis/rest-api
        "vercel_ai_gateway": Probe(path="credits"),
        # A copy of its OpenAPI, api-evangelist/xai, openapi/xai-api-key-api-openapi.yml
        "xai": Probe(path="api-key", refuses=("api_key_blocked", "api_key_disabled", "team_blocked")),
    }
)

_NOTHING_FREE: Final = "no request to it is known that costs nothing"


def probing(provider: str) -> Probe:
    """How a provider is probed; one without a known request says so in `silent`."""
    found = PROBES.get(provider, _BY_LIST)
    if found.path is None and not lister(provider).lists_models:
        return Probe(silent=_NOTHING_FREE)
    return found
