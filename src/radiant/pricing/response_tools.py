"""Calls of tools that a response tells outside its usage: as items of the output, or as what an answer rests on."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .response_shape import Response, at

#: Calls of tools that stand as items in the output of OpenAI's and xAI's responses.
_CALLS: Final = {
    "web_search_call": "web_searches",
    "x_search_call": "social_searches",
    "file_search_call": "storage_searches",
    "code_interpreter_call": "code_executions",
}

#: Gemini before version 3 charges a prompt that rests on searches once, later ones each query:
#: https://ai.google.dev/gemini-api/docs/pricing, 2026-11-26.
_ONCE: Final = ("gemini-1", "gemini-2")


def calls(response: Response) -> dict[str, int]:
    """How often each meter of a tool was used."""
    found: dict[str, int] = {}
    for meter, number in (*_items(response), *_grounding(response)):
        found[meter] = found.get(meter, 0) + number
    return found


def _items(response: Response) -> Iterator[tuple[str, int]]:
    for item in _mappings(response.get("output")):
        kind = item.get("type")
        meter = _CALLS.get(kind) if isinstance(kind, str) else None
        # A page that is opened, or searched in, is no search.
        if meter is not None and at(item, ("action", "type")) in (None, "search"):
            yield meter, 1


def _grounding(response: Response) -> Iterator[tuple[str, int]]:
    """Different queries of the web that Gemini made, whose answer rests on them."""
    queries: set[str] = set()
    maps = False
    for candidate in _mappings(response.get("candidates")):
        metadata = at(candidate, ("groundingMetadata",))
        said = at(metadata, ("webSearchQueries",))
        of_maps = any("maps" in it for it in _mappings(at(metadata, ("groundingChunks",))))
        maps = maps or of_maps
        if isinstance(said, list) and not of_maps:
            queries |= {it for it in said if isinstance(it, str) and it}
    if queries:
        model = at(response, ("modelVersion",))
        yield "web_searches", 1 if isinstance(model, str) and model.startswith(_ONCE) else len(queries)
    if maps:
        yield "map_searches", 1


def _mappings(raw: Any) -> Iterator[Mapping[str, Any]]:
    yield from (it for it in (raw if isinstance(raw, list) else ()) if isinstance(it, Mapping))
