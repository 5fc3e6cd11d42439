"""A selector on one of the machines: writes a line for each change that it sees, with the time. The clock is one."""

import asyncio
import sys
import time

from radiant import Selector

WATCHED = ("openai", "gpt-4o-mini")


async def follow(url: str) -> None:
    selector: Selector | None = None

    def seen() -> None:
        if selector is not None:
            names = [it.display_name for it in selector.candidates if (it.provider_id, it.model_id) == WATCHED]
            print(time.monotonic(), names[0].removeprefix("change "), flush=True)

    selector = await Selector.connect(url, on_change=seen)
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(follow(sys.argv[1]))
