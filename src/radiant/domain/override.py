"""A field that a person set, or a row that a person deleted, in place of what the catalog says."""

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


def subject_of(provider_id: str, model_id: str) -> str:
    """How a model is called in decisions."""
    return f"self_hosted:{model_id}" if provider_id == "self_hosted" else f"model:{provider_id}/{model_id}"
