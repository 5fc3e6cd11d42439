"""A decision of a person that departs from the catalog."""

import datetime as dt
from typing import Any

import msgspec

#: The field of a deletion: the row does not come back.
DELETION = "*"


class Override(msgspec.Struct, frozen=True):
    """One field of one subject (`model:openai/gpt-4o-mini`, `self_hosted:ID`, `provider:ID`, `default:TASK`)."""

    subject: str
    field: str
    value: Any
    reason: str | None
    set_by: str
    set_at: dt.datetime

    @property
    def is_deletion(self) -> bool:
        return self.field == DELETION
