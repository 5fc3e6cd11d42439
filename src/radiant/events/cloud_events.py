"""Events in the JSON format of CloudEvents 1.0. Pure."""

from typing import Any, Final

import msgspec

from radiant.domain.event import Event

#: The media type of one event.
MEDIA_TYPE: Final = "application/cloudevents+json"


def cloud_event(event: Event) -> dict[str, Any]:
    """The attributes and data of an event. `sequence` is the extension of that name: its number, as text."""
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": event.source,
        "type": event.type,
        **({} if event.subject is None else {"subject": event.subject}),
        "time": event.time,
        "datacontenttype": "application/json",
        "sequence": str(event.seq),
        "data": event.data,
    }


def encoded(event: Event) -> bytes:
    """The same as JSON."""
    return msgspec.json.encode(cloud_event(event))
