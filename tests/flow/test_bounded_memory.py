"""What a provider sends costs a process no more memory than a few times the largest list that is read."""

import asyncio
import json
import sys
from typing import Any

import pytest

from radiant.claims.document import MAX_VALUES
from radiant.providers.lister import MOST_BYTES
from tests.flow.raw import OK, PACKED, Reply, poured, raw, said

#: Asks the server at an address for its list; prints the bytes by which its peak of memory grew, and what came.
CHILD = """
import asyncio, json, sys

from radiant.domain.external import Auth, AuthScheme
from radiant.providers.http import Client, Patience
from radiant.providers.keys import Account
from radiant.providers.lister import list_models
from radiant.providers.roster import lister

def peak():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))

async def main():
    account = Account(id="acme", base_url=sys.argv[1], auth=Auth(scheme=AuthScheme.BEARER), key_variables=("KEY",))
    async with Client(private=True, patience=Patience(answer=20.0)) as client:
        before = peak()
        listing = await list_models(lister("acme"), account, client, {"KEY": "k"})
    after = peak()
    print(json.dumps({"grown": after - before, "reasons": [it.reason for it in listing.problems],
                      "models": len(listing.models)}))

asyncio.run(main())
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")

#: Times the bytes of the largest list.
MOST = 6


async def asked(reply: Reply) -> dict[str, Any]:
    async with raw(reply) as server:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, f"{server.url}/v1", stdout=asyncio.subprocess.PIPE
        )
        out, _ = await child.communicate()
    assert child.returncode == 0
    found: dict[str, Any] = json.loads(out)
    return found


ENTRY = json.dumps({"id": "@", "object": "model", "description": "x" * 900, "context_window": 128_000})


def of_megabytes(count: int) -> bytes:
    entries = (ENTRY.replace("@", f"model-{at}") for at in range(count * 2**20 // len(ENTRY)))
    return f'{{"data": [{",".join(entries)}]}}'.encode()


HOSTILE: dict[str, tuple[Reply, str]] = {
    "a body without end": (poured(OK + b"\r\n", b" " * 2**16), "too_large"),
    "headers without end": (poured(OK, b"X-Header: x\r\n" * 1000), "unreachable"),
    "something behind a gzip": (
        poured(OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED, b"x" * 2**16),
        "unreadable",
    ),
    "gzip that unpacks to nothing": (
        poured(OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:10], b"\x00\x00\x00\xff\xff" * 2**14),
        "too_large",
    ),
    "an error without end": (poured(b"HTTP/1.1 500 Oh\r\n\r\n", b"x" * 2**16), "failing"),
    "brackets": (said(b'{"data": [' + b"[" * (MOST_BYTES - 100)), "unreadable"),
    "many tiny entries": (said(b'{"data": [' + b"1," * (MOST_BYTES // 4) + b"1]}"), "unreadable"),
    "as many as may be": (said(b'{"data": [' + b"1," * (MAX_VALUES - 1) + b"1]}"), "unreadable"),
    "many tiny members": (said(b"{" + b",".join(b'"%x":1' % at for at in range(MAX_VALUES)) + b"}"), "unreadable"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_answer_is_given_up_within_bounds_of_memory(name: str) -> None:
    reply, reason = HOSTILE[name]
    found = await asked(reply)
    assert (found["reasons"], found["models"]) == ([reason], 0)
    assert found["grown"] < MOST * MOST_BYTES, f"{found['grown'] / 2**20:.0f} MiB"


async def test_a_list_of_fifty_megabytes_is_read_within_bounds_of_memory() -> None:
    found = await asked(said(of_megabytes(50)))
    assert (found["reasons"], found["models"] > 50_000) == ([], True)
    assert found["grown"] < MOST * MOST_BYTES, f"{found['grown'] / 2**20:.0f} MiB"
