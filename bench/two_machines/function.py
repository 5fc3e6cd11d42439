"""EventBridge and Lambda in one: calls the handler for each kind each second, until it is told to stop."""

import datetime as dt
import signal
import sys
import time

from radiant.aws.handlers import Failed, handler


class Context:
    """A function that has as long as the thermal one."""

    function_name, aws_request_id = "radiant", "bench"

    def __init__(self) -> None:
        self._end = time.monotonic() + 295

    def get_remaining_time_in_millis(self) -> int:
        return round((self._end - time.monotonic()) * 1000)


def main() -> None:
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    while not stopping:
        for kind in ("health", "thermal", "pricing"):
            event = {"syncType": kind, "scheduledTime": dt.datetime.now(dt.UTC).isoformat()}
            try:
                told = handler(event, Context())
            except Failed as error:
                told = {"failed": str(error)}
            if "skipped" not in told:
                print(told, file=sys.stderr, flush=True)
        time.sleep(1)


if __name__ == "__main__":
    main()
