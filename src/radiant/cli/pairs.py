"""Options that are pairs: NAME=VALUE."""

import typer


def pairs(option: str, given: list[str] | None) -> dict[str, str]:
    """What was typed, by name. Raises BadParameter, which names the option."""
    found = {}
    for pair in given or ():
        name, equals, value = pair.partition("=")
        if not (name and equals and value):
            raise typer.BadParameter(f"{pair!r:.60} is no pair; expected such as name=value", param_hint=option)
        if name in found:
            raise typer.BadParameter(f"says {name!r:.60} twice; say it once", param_hint=option)
        found[name] = value
    return found
