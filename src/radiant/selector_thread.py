"""`Selector.open`: a selector for scripts and notebooks, kept fresh by a thread with an event loop of its own."""

import asyncio
import threading
import weakref
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from radiant.domain.choice import Choice

if TYPE_CHECKING:
    from radiant.domain.outcome import Buffered
    from radiant.registry.address import Address

    from .selector import Selector


class _Following(NamedTuple):
    selector: "Selector"
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event


class SelectorThread:
    """What `Selector.open` returns. Every question is that of `Selector` and answers at once; only
    `select_with_fallback` waits, until the registry has been asked for the warm-up."""

    def __init__(self, url: "str | Address", options: dict[str, Any]) -> None:
        """`options` are keywords of `Selector.connect`. Raises what that raises."""
        opened: Future[_Following] = Future()
        what = (url, options, opened)
        self._thread = threading.Thread(target=_follow, args=what, name="radiant-selector", daemon=True)
        self._thread.start()
        try:
            self._following = opened.result()
        except Exception:
            self._thread.join()
            raise
        selector = self._following.selector
        self.read, self.choose, self.select, self.rank = selector.read, selector.choose, selector.select, selector.rank
        self.explain, self.explain_at_length = selector.explain, selector.explain_at_length
        self.diagnose, self.remarks = selector.diagnose, selector.remarks
        self.report = selector.report
        self.selector = selector
        self._close = weakref.finalize(self, _end, self._following, self._thread)

    @property
    def following(self) -> bool:
        """Whether it keeps up with its registry."""
        return self.selector.following

    @property
    def buffered(self) -> "Buffered | None":
        """As `Selector.buffered`."""
        return self.selector.buffered

    def select_with_fallback(self, *criteria: Any, **asked: Any) -> Choice:
        """As `Selector.select_with_fallback`; returns when the warm-up has been asked for, where one is needed."""
        question = self.selector.select_with_fallback(*criteria, **asked)
        if not self._thread.is_alive():
            return asyncio.run(question)
        return asyncio.run_coroutine_threadsafe(question, self._following.loop).result()

    def close(self) -> None:
        """Stop staying fresh. What was seen last still answers."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _follow(url: "str | Address", options: dict[str, Any], opened: "Future[_Following]") -> None:
    asyncio.run(_until_stopped(url, options, opened))


async def _until_stopped(url: "str | Address", options: dict[str, Any], opened: "Future[_Following]") -> None:
    from .selector import Selector

    try:
        selector = await Selector.connect(url, **options)
    except BaseException as error:  # it belongs to whoever waits in the other thread
        opened.set_exception(error)
        return
    stop = asyncio.Event()
    async with selector:
        opened.set_result(_Following(selector, asyncio.get_running_loop(), stop))
        await stop.wait()


def _end(following: _Following, thread: threading.Thread) -> None:
    if thread.is_alive():
        following.loop.call_soon_threadsafe(following.stop.set)
        if thread is not threading.current_thread():
            thread.join()
