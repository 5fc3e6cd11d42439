"""What LiteLLM is to be told of a model, to be pasted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from .output import print_json

if TYPE_CHECKING:
    from radiant.insight.litellm import Registration


def show_registrations(found: "Sequence[Registration]", *, json: bool) -> None:
    """Print each as Python, then all that a proxy needs; whether LiteLLM knows it stands in a comment."""
    if json:
        print_json(found)
        return
    for it in found:
        typer.echo(f"# {_known(it)}\n{it.python}")
        typer.echo(f"# For the config.yaml of a LiteLLM proxy:\n{it.proxy}")


def _known(it: "Registration") -> str:
    if it.known is None:
        return f"Nobody looked whether LiteLLM knows {it.litellm_id}."
    if it.known:
        return f"{it.release} knows {it.litellm_id}; this puts our prices in place of its own."
    return f"{it.release} does not know {it.litellm_id} and would count a price of 0."
