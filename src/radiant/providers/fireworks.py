"""Fireworks: the account `fireworks` has the public models; ids keep `accounts/…/models/`."""

from typing import Final

from .entry import Entry
from .listing import Kind
from .paging import Cursor
from .shape import Shape

#: More than 200 a page are cut to 200.
PAGING: Final = Cursor(field="nextPageToken", parameter="pageToken", size=("pageSize", 200))

_ADAPTERS: Final = ("HF_PEFT_ADDON", "HF_TEFT_ADDON")


def _kind(entry: Entry) -> None:
    if entry.at("kind") in _ADAPTERS:
        entry.is_made_from(entry.at("peftDetails.baseModel"), Kind.ADAPTER)
    elif entry.says("supportsServerless") is False:
        # Of 283 models a dozen are answered without a deployment of one's own (rllm-org/rllm, pull request 665).
        entry.left_out = "runs on deployments of one's own alone; it is left out"


SHAPE: Final = Shape(
    arrays=("models",),
    id=("name",),
    facts={"display_name": "displayName", "context_window": "contextLength", "retires": "deprecationDate"},
    capabilities={"supportsTools": "function_calling", "supportsImageInput": "vision"},
    created="createTime",
    more=_kind,
    absent_is_empty=True,
)
