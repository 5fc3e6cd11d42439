"""What it costs a process to be woken at all: the floor under what a change costs one that follows."""

import asyncio
import multiprocessing
import socket
import time

#: Wakes that are measured, and seconds between them, as changes come that are one by one.
WAKES, PAUSE = 100, 0.1


def woken_cpu_ms() -> float:
    """Milliseconds of processor time for one wake of an event loop by a socket, which then reads one byte."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = context.Process(target=_say, args=(theirs,), daemon=True)
        process.start()
        spent = asyncio.run(_listen(ours))
        process.join(10)
    return round(spent / WAKES * 1000, 3)


def _say(pipe: socket.socket) -> None:
    for _ in range(WAKES + 1):
        time.sleep(PAUSE)
        pipe.send(b"x")


async def _listen(pipe: socket.socket) -> float:
    pipe.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_recv(pipe, 1)
    begun = time.process_time()
    for _ in range(WAKES):
        await loop.sock_recv(pipe, 1)
    return time.process_time() - begun
