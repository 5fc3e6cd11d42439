"""`--reason`: why somebody decided something, which is more than nothing."""

from typing import Final

import typer


def reason_said(reason: str | None) -> str | None:
    """The reason that was given, if any. Raises BadParameter for one that says nothing."""
    if reason is not None and not reason.strip():
        raise typer.BadParameter("is empty; say why")
    return reason


REASON: Final = typer.Option("--reason", help="Why.", callback=reason_said)
