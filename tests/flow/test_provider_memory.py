"""A list of 50 MB, and the keys used: what stays in memory, and what comes out of a process."""

import asyncio
import json
import logging
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from radiant.providers.lister import list_models
from radiant.simulator.script import Behavior
from tests.flow.playing import SHORT, play

#: KiB by which the process may grow for a list of 50 MB beside the list itself: its models, and room to breathe.
MOST_GROWTH = 100 * 1024

READ = textwrap.dedent(
    """
    import json, re, sys
    from pathlib import Path
    from radiant.providers.lister import Fetched, read
    from radiant.providers.roster import LISTERS

    def most() -> int:
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

    body = Path(sys.argv[1]).read_bytes()
    before = most()
    listing = read(LISTERS["groq"], "groq", Fetched(pages=((0, "https://example.com", body),), problems=()))
    print(json.dumps([len(body), len(listing.models), listing.complete, most() - before]))
    """
)


@pytest.mark.skipif(sys.platform != "linux", reason="the most that was used is told by /proc")
def test_a_list_of_50_mb_is_read_in_bounded_memory(tmp_path: Path) -> None:
    entry = {"object": "model", "created": 1764150000, "context_window": 131072, "description": "d" * 920}
    made = [json.dumps({"id": f"model-{number:06}", **entry}) for number in range(50_000)]
    file = tmp_path / "list.json"
    file.write_text(f'{{"object": "list", "data": [{",".join(made)}]}}')
    done = subprocess.run([sys.executable, "-c", READ, str(file)], capture_output=True, text=True, check=True)
    size, models, complete, grown = json.loads(done.stdout)
    assert size > 50_000_000
    assert (models, complete) == (50_000, True)
    assert grown < MOST_GROWTH, f"{grown / 1024:.0f} MiB more for {size / 2**20:.0f} MiB"


async def test_no_key_comes_out_whatever_a_provider_does(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    named = dict.fromkeys(("openai", "anthropic", "google", "xai", "deepgram", "replicate", "huggingface"), "well")
    ids = {**named, **{f"server-{it}": it.value for it in Behavior if it not in (Behavior.ENDLESS, Behavior.DRIP)}}
    keys = {id: f"sk-{id}-0123456789" for id in ids}
    scripts = [{"id": id, "key": keys[id], "count": 20, "page_size": 7, "behavior": how} for id, how in ids.items()]
    async with play(*scripts, patience=type(SHORT)(connect=1, read=1, answer=5, pages=5)) as stage:
        right = await asyncio.gather(*(stage.ask(id) for id in ids))
        wrong = await asyncio.gather(*(stage.ask(id, dict.fromkeys(stage.environment(id), keys["xai"])) for id in ids))
        parts = [repr(stage.client.__dict__), *(repr(stage.theater.roles[id].account) for id in ids)]
    told = "".join([*map(repr, right), *map(repr, wrong), *parts, caplog.text, *capsys.readouterr()])
    hostile = {"broken", "html", "empty", "wrong_types", "bomb", "cut", "silent"}
    hostile |= {"throttled", "failing", "not_found", "redirect", "locked"}
    assert {listing.provider_id.removeprefix("server-") for listing in right if listing.problems} == hostile
    assert all(listing.problems for listing in wrong if listing.provider_id not in ("xai", "huggingface"))
    assert "receive_response_headers" in told
    assert [key for key in keys.values() if key in told] == []


async def test_no_key_stands_in_an_address_that_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    async with play({"id": "google", "key": "AIza-secret", "count": 120, "page_size": 50}) as stage:
        asked: list[str] = []
        get = stage.client.get

        async def noted(url: str, **arguments: object) -> object:
            asked.append(url)
            return await get(url, **arguments)  # type: ignore[arg-type]

        stage.client.get = noted  # type: ignore[method-assign,assignment]
        role = stage.theater.roles["google"]
        listing = await list_models(role.lister, role.account, stage.client, stage.environment("google"))
    assert (len(listing.models), len(asked)) == (120, 3)
    assert [url for url in asked if "AIza" in url or "key=" in url] == []
