"""Where pages lead that a provider names itself, and base URLs that cannot be used."""

import json
from typing import Any, cast

import pytest

from radiant.domain.external import Auth, AuthScheme
from radiant.providers.failures import Failed, Reason
from radiant.providers.http import Answer, Client, Patience
from radiant.providers.keys import Account
from radiant.providers.lister import MOST_BYTES, address, fetch
from radiant.providers.roster import LISTERS

BASE = "https://api.replicate.com"
KEY = {"REPLICATE_API_TOKEN": "r8-secret"}


class Answers:
    """Answers every request alike, and remembers which there were."""

    patience = Patience()

    def __init__(self, body: Any) -> None:
        self.body = json.dumps(body).encode()
        self.asked: list[tuple[str, int]] = []

    async def get(self, url: str, *, limit: int, **_: object) -> Answer:
        self.asked.append((url, limit))
        return Answer(url, self.body, {})


def account(base: str = BASE, provider: str = "replicate", **values: str) -> Account:
    names = ("REPLICATE_API_TOKEN",)
    return Account(id=provider, base_url=base, auth=Auth(scheme=AuthScheme.BEARER), key_variables=names, values=values)


@pytest.mark.parametrize(
    "to",
    [
        "ftp://api.replicate.com/v1/models",
        "https://api.replicate.com:99999/",
        "https://api.replicate.com:x/",
        "//evil.example/v1/models",
        "http://api.replicate.com/v1/models?cursor=x",
        "https://api.replicate.com:8443/v1/models",
        "https://api.replicate.com.evil.example/",
        "https://api.replicate.com@evil.example/",
        "https://user:hunter2@api.replicate.com/v1/models",
        "javascript:alert(1)",
        "https://",
        "https://[::1",
        "\n",
        "x" * 3_000 + "\x00",
    ],
)
async def test_a_next_page_that_is_not_on_the_first_ones_host_is_not_asked(to: str) -> None:
    answers = Answers({"next": to, "results": [{"owner": "a", "name": "b"}]})
    fetched = await fetch(LISTERS["replicate"], account(), cast(Client, answers), KEY)
    assert [url for url, _ in answers.asked] == [f"{BASE}/v1/models"]
    (problem,) = fetched.problems
    assert problem.reason in (Reason.PAGING, Reason.UNREADABLE)
    assert problem.incomplete and "hunter2" not in str(problem) and str(problem).isprintable()
    assert len(fetched.pages) == 1, "what came first stands"


async def test_all_pages_share_one_bound_of_bytes() -> None:
    class Counting(Answers):
        async def get(self, url: str, *, limit: int, **_: object) -> Answer:
            self.asked.append((url, limit))
            body: dict[str, Any] = {
                "next": f"/v1/models?cursor={len(self.asked)}" if len(self.asked) < 4 else None,
                "results": [],
            }
            return Answer(url, json.dumps(body).encode() + b" " * 1_000, {})

    answers = Counting({})
    fetched = await fetch(LISTERS["replicate"], account(), cast(Client, answers), KEY)
    limits = [limit for _, limit in answers.asked]
    assert (limits[0], len(limits), fetched.problems) == (MOST_BYTES, 4, ())
    assert limits == sorted(limits, reverse=True) and limits[-1] < MOST_BYTES - 3_000


@pytest.mark.parametrize(
    ("base", "reason", "said"),
    [
        ("https://bedrock-runtime.{region}.amazonaws.com", Reason.SETTINGS, "nothing is set for {region}"),
        ("https://api.example.com/v1?key=sk-secret", Reason.ADDRESS, "a query in it"),
        ("https://user:sk-secret@api.example.com/v1", Reason.ADDRESS, "a name or password in it"),
        ("api.example.com/v1", Reason.ADDRESS, "no http(s) address"),
        ("", Reason.ADDRESS, "no http(s) address"),
        ("https://{", Reason.ADDRESS, "no http(s) address"),
        ("https://{region.__class__}.example.com", Reason.ADDRESS, "cannot be used"),
    ],
)
async def test_a_base_url_that_cannot_be_used_is_one_problem_that_shows_no_key(
    base: str, reason: Reason, said: str
) -> None:
    answers = Answers({})
    fetched = await fetch(LISTERS["replicate"], account(base), cast(Client, answers), KEY)
    (problem,) = fetched.problems
    assert (problem.reason, answers.asked) == (reason, [])
    assert said in str(problem)
    assert "sk-secret" not in str(problem)


def test_placeholders_are_filled_and_the_control_plane_is_asked() -> None:
    how = LISTERS["bedrock"]
    where = account("https://bedrock-runtime.{region}.amazonaws.com", "bedrock", region="eu-west-1")
    assert address(how, how.requests[0], where) == "https://bedrock.eu-west-1.amazonaws.com/foundation-models"
    with pytest.raises(Failed):
        address(how, how.requests[0], account("https://bedrock-runtime.{region}.amazonaws.com", "bedrock"))
