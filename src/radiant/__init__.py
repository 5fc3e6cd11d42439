"""Radiant: one live record of every AI model you can call, and which one should serve a request right now.

from radiant import Selector

async with await Selector.connect("postgresql://…") as selector:
    choice = selector.select(task="chat", input_modalities=["text"], output_modalities=["text"], tenant_tier=3)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from radiant.domain.choice import Choice as Choice
    from radiant.domain.price_sheet import Price as Price
    from radiant.domain.price_sheet import Rating as Rating
    from radiant.domain.price_sheet import Sheet as Sheet
    from radiant.domain.price_sheet import Tier as Tier
    from radiant.pricing.rating import rate as rate
    from radiant.pricing.responses import consumed as consumed
    from radiant.pricing.timeline import Timeline as Timeline
    from radiant.selector import Selector as Selector

_MODULES = {
    "Choice": "radiant.domain.choice",
    "Price": "radiant.domain.price_sheet",
    "Rating": "radiant.domain.price_sheet",
    "Selector": "radiant.selector",
    "Sheet": "radiant.domain.price_sheet",
    "Tier": "radiant.domain.price_sheet",
    "Timeline": "radiant.pricing.timeline",
    "consumed": "radiant.pricing.responses",
    "rate": "radiant.pricing.rating",
}

__all__ = ["Choice", "Price", "Rating", "Selector", "Sheet", "Tier", "Timeline", "consumed", "rate"]


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that the command line starts in a tenth of a second.
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'radiant' has no attribute {name!r}")
