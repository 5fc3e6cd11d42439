"""How providers are asked whether they are alive, where that is not by their list of models: one line each.

Every request is a GET that reads an account or a list and makes nothing. Each names what was read about it on
2026-11-26: pages of the provider's own where there were any, otherwise what is said.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
        # https://docs.bfl.ai/api-reference/get-the-users-credits.md
        "bfl": Probe(path="v1/credits"),
        # https://developers.deepgram.com/reference/manage/projects/list.md
        "deepgram": Probe(path="v1/projects"),
        # https://docs.meshy.ai/api/balance.md
        "meshy": Probe(path="openapi/v1/balance"),
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
        # A copy of its OpenAPI, api-evangelist/xai, openapi/xai-api-key-api-openapi.yml
        "xai": Probe(path="api-key"),
    }
)

_NOTHING_FREE: Final = "no request to it is known that costs nothing"


def probing(provider: str) -> Probe:
    """How a provider is probed; one without a known request says so in `silent`."""
    found = PROBES.get(provider, _BY_LIST)
    if found.path is None and not lister(provider).lists_models:
        return Probe(silent=_NOTHING_FREE)
    return found
