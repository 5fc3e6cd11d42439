"""Events to a bus of AWS EventBridge, through boto3 (`pip install 'radiant-registry[eventbridge]'`)."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from radiant.domain.event import SOURCE, Event
from radiant.domain.event_kinds import KINDS
from radiant.events.outcome import TAKEN, Fate, Outcome

#: Bytes of one entry, and of all entries of one request.
LARGEST: Final = 256 * 1024

#: Errors of one entry by which AWS says that this very entry will never do.
_REFUSED: Final = ("MalformedDetail", "InvalidArgument")


class EventBridgeSink:
    """Batches of up to 10. `settings` may have `bus` and `region`; keys are found as boto3 finds them."""

    batch: Final = 10

    def __init__(
        self, settings: Mapping[str, str], *, client: Callable[[Mapping[str, str]], Any] | None = None
    ) -> None:
        self.settings, self._make = settings, client or _client
        self._made: Any = None

    async def send(self, events: Sequence[Event]) -> list[Outcome]:
        entries = [_entry(event, self.settings.get("bus")) for event in events]
        fitting, size = 0, 0
        while fitting < len(entries) and size + _size(entries[fitting]) <= LARGEST:
            size += _size(entries[fitting])
            fitting += 1
        outcomes = await asyncio.to_thread(self._put, entries[:fitting])
        if fitting < len(entries) and all(it is TAKEN for it in outcomes):
            return [*outcomes, *await self.send(events[fitting:])]
        return [*outcomes, *[Outcome(Fate.LATER, "those before it come first") for _ in entries[fitting:]]]

    def _put(self, entries: list[dict[str, Any]]) -> list[Outcome]:
        try:
            if self._made is None:
                self._made = self._make(self.settings)
            answer = self._made.put_events(Entries=entries)
        except ImportError:
            problem = "boto3 is not installed: pip install 'radiant-registry[eventbridge]'"
            return [Outcome(Fate.BLOCKED, problem) for _ in entries]
        except Exception as error:  # botocore's errors are made at run time
            self._made = None
            return [_failed(error) for _ in entries]
        return [_outcome(entry) for entry in answer["Entries"]]


def _client(settings: Mapping[str, str]) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 1, "mode": "standard"})
    return boto3.client("events", region_name=settings.get("region"), config=config)


def _failed(error: Exception) -> Outcome:
    """In few words: what an AWS error says may hold the id of a key."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    unset = type(error).__name__ in ("NoCredentialsError", "NoRegionError", "PartialCredentialsError")
    return Outcome(Fate.BLOCKED if unset else Fate.LATER, f"AWS EventBridge: {code or type(error).__name__}")


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    code = entry.get("ErrorCode")
    if code is None:
        return TAKEN
    return Outcome(Fate.REFUSED if code in _REFUSED else Fate.LATER, f"AWS EventBridge: {code}")


def _entry(event: Event, bus: str | None) -> dict[str, Any]:
    kind = KINDS.get(event.type)
    entry: dict[str, Any] = {
        "Source": SOURCE,
        "DetailType": kind.detail_type if kind else event.type,
        "Time": event.time,
        "Detail": "",
    }
    if bus is not None:
        entry["EventBusName"] = bus
    detail = {_camel(name): value for name, value in event.data.items()}
    if "syncId" not in detail:
        detail |= {"eventId": str(event.id), "subject": event.subject}
    room = LARGEST - _size(entry)
    return {**entry, "Detail": fitted(detail, room)}


def fitted(detail: Mapping[str, Any], room: int) -> str:
    """`detail` as JSON of at most `room` bytes: lists are cut, with `<name>Truncated` for how many entries are left
    out; where that is not enough, only `truncated` is left, the size in bytes."""
    text = msgspec.json.encode(detail)
    if len(text) <= room:
        return text.decode()
    short = dict(detail)
    for name, value in detail.items():
        if isinstance(value, list) and value:
            others = len(msgspec.json.encode({**short, name: [], f"{name}Truncated": len(value)}))
            kept = _kept(value, room - others)
            short |= {name: value[:kept], f"{name}Truncated": len(value) - kept}
    cut = msgspec.json.encode(short)
    return (cut if len(cut) <= room else msgspec.json.encode({"truncated": len(text)})).decode()


def _kept(values: list[Any], room: int) -> int:
    """How many of the first values fit."""
    for count, value in enumerate(values):
        room -= len(msgspec.json.encode(value)) + 1
        if room < 0:
            return count
    return len(values)


def _size(entry: Mapping[str, Any]) -> int:
    """Bytes as AWS counts them: 14 for the time, then source, detail type and detail in UTF-8."""
    return 14 + sum(len(entry[name].encode()) for name in ("Source", "DetailType", "Detail"))


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)
