"""Calls of tools that a response tells outside its usage: as items of the output, or as what an answer rests on."""

from collections.abc import Iterator, Mapping
from typing import Final

from .response_shape import Response, at, mappings
from .response_unread import counts_below

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


#: What OpenAI counts outside the usage, of other models: images that a tool made, drawings that were written. Searches
#: that are charged are counted there as well, and fewer than the items: pkg:pypi/openai@3.57.0 (ToolUsage, SvgUsage),
#: 2026-11-27.
_OF_OTHER_MODELS: Final = (("tool_usage",), ("svg_usage",))
#: Where Cohere says how many tokens were cached, beside those it bills; nothing says at what price.
_CACHED_OUTSIDE: Final = ("usage", "meta")

#: Tools of Groq's systems that are charged by time, or otherwise than by calls.
_UNCOUNTED_TOOLS: Final = frozenset(
    {"python", "browser_automation", "visit", "wolfram", "browser.search", "browser.open"}
)

_SEARCHES: Final = ("tool_usage", "web_search", "num_requests")


def calls(response: Response) -> dict[str, int]:
    """How often each meter of a tool was used."""
    found: dict[str, int] = {}
    for meter, number in (*_items(response), *_in_messages(response), *_grounding(response)):
        found[meter] = found.get(meter, 0) + number
    # Titan embeds a text, an image or both, and counts the text alone: https://github.com/BerriAI/litellm/pull/25907.
    if response.get("inputTextTokenCount") == 0 and isinstance(response.get("embedding"), list):
        found["input_images"] = 1
    charged = at(response, _SEARCHES)
    if isinstance(charged, int) and not isinstance(charged, bool):
        found["web_searches"] = charged
    return {meter: number for meter, number in found.items() if number}


def beyond(response: Response) -> tuple[str, ...]:
    """The names of what a response counts outside its usage, which other models were used for; an image that a tool
    made is named even where nobody counts its tokens."""
    found = [
        name
        for path in _OF_OTHER_MODELS
        if isinstance(below := at(response, path), Mapping)
        for name in counts_below(below, *path)
        if name != ".".join(_SEARCHES)
    ]
    made = any(it.get("type") == "image_generation_call" for it in mappings(response.get("output")))
    found += ["output.image_generation_call"] if made and not found else []
    for path in _CACHED_OUTSIDE:
        billed, cached = at(response, (path, "billed_units")), at(response, (path, "cached_tokens"))
        found += [f"{path}.cached_tokens"] if isinstance(billed, Mapping) and counts_below(cached, path) else []
    ran = [it.get("type") for each in mappings(response.get("choices")) for it in _ran(each)]
    found += [f"choices.message.executed_tools.{it}" for it in map(str, ran) if it in _UNCOUNTED_TOOLS]
    models = mappings(at(response, ("usage_breakdown", "models")))
    found += ["usage_breakdown.models"] if len({str(it.get("model")) for it in models}) > 1 else []
    # Claude Code counts what further models did apart: https://github.com/IstiN/dmtools-agents/pull/359, 2026-11-27.
    by_model = response.get("modelUsage")
    found += ["model_usage"] if isinstance(by_model, Mapping) and len(by_model) > 1 else []
    return tuple(dict.fromkeys(found))


def _ran(choice: Response) -> tuple[Response, ...]:
    return mappings(at(choice, ("message", "executed_tools")))


def _items(response: Response) -> Iterator[tuple[str, int]]:
    containers: set[str] = set()
    for item in mappings(response.get("output")):
        kind, container = item.get("type"), str(item.get("container_id") or "")
        meter = _CALLS.get(kind) if isinstance(kind, str) else None
        # A page that is opened, or searched in, is no search; code runs again in a container that is charged once.
        if meter is None or at(item, ("action", "type")) not in (None, "search") or container in containers:
            continue
        if container:
            containers.add(container)
        yield meter, 1


def _in_messages(response: Response) -> Iterator[tuple[str, int]]:
    """What stands in the messages of chats: a search that a model of OpenAI always does, told by what it cites
    (https://developers.openai.com/api/docs/guides/tools-web-search), and tools that Groq's systems ran
    (pkg:pypi/groq@1.7.0, ExecutedTool). Both read on 2026-11-27."""
    messages = [at(it, ("message",)) for it in mappings(response.get("choices"))]
    model = response.get("model")
    cites = any(it.get("type") == "url_citation" for each in messages for it in mappings(at(each, ("annotations",))))
    if cites and isinstance(model, str) and "-search-" in model:
        yield "web_searches", 1
    for each in messages:
        for it in mappings(at(each, ("executed_tools",))):
            if it.get("type") == "search":
                yield "web_searches", 1


def _grounding(response: Response) -> Iterator[tuple[str, int]]:
    """Different queries of the web that Gemini made, whose answer rests on them."""
    queries: set[str] = set()
    maps = False
    for candidate in mappings(response.get("candidates")):
        metadata = at(candidate, ("groundingMetadata",))
        said = at(metadata, ("webSearchQueries",))
        of_maps = any("maps" in it for it in mappings(at(metadata, ("groundingChunks",))))
        maps = maps or of_maps
        if isinstance(said, list) and not of_maps:
            queries |= {it for it in said if isinstance(it, str) and it}
    if queries:
        model = at(response, ("modelVersion",))
        yield "web_searches", 1 if isinstance(model, str) and model.startswith(_ONCE) else len(queries)
    if maps:
        yield "map_searches", 1
