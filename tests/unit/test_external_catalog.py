"""What our own files say of external models, held against what was looked up: who is there, changes, clocks, limits."""

import datetime as dt
import re
from collections import Counter, defaultdict
from decimal import Decimal as D
from typing import Any

import pytest

from radiant.catalog.expiring import AHEAD
from radiant.catalog.load import Catalog
from radiant.catalog.price_check import changes
from radiant.domain.external import ExternalModel
from radiant.domain.vocabulary import Task
from radiant.providers.probe_roster import probing
from radiant.providers.roster import lister

#: Of each provider, models that people ask for by name.
ASKED_FOR = {
    "openai": "gpt-6.2-astra gpt-6.2-sol gpt-5.5 gpt-5.4-mini gpt-audio-1.5",
    "google": "gemini-4-argon gemini-4-carbon gemini-4-neon gemini-4-hydrogen gemini-3.1-flash-lite "
    "veo-3.1-generate-001 veo-3.1-fast-generate-001",
    "anthropic": "claude-fable-5-1 claude-opus-5 claude-sonnet-5 claude-haiku-4-5",
    "xai": "grok-4.6 grok-imagine-image-2.0 grok-imagine-video-1.5 grok-voice-transcribe-2.0",
    "moonshot": "kimi-k3.1-pro",
    "cohere": "rerank-v5.0-pro rerank-v5.0-fast parse-v5.0",
    "mistral": "devstral-latest voxtral-small-transcribe-3 voxtral-mini-tts-3",
    "meta": "muse-spark-1.3 muse-image-1.0",
    "dashscope": "qwen3.7-max qwen3.8-omni-flash",
    "perplexity": "search",
}

PROVIDERS = "vertex_ai fal_ai deepinfra novita azure_ai vercel_ai_gateway databricks nebius oci cloudflare meta"

#: Providers that stand here without a model, and what their own page says of the reason.
WITHOUT_MODELS = {"ai21": "sunset on 2026-08-09", "github_models": "retired on 2026-07-30"}


@pytest.mark.parametrize("provider", ASKED_FOR)
def test_the_models_that_people_ask_for_are_there(catalog: Catalog, provider: str) -> None:
    wanted = ASKED_FOR[provider].split()
    assert [name for name in wanted if (provider, name) not in catalog.external] == []


def test_the_providers_that_people_ask_for_serve_models(catalog: Catalog) -> None:
    served = Counter(provider for provider, _ in catalog.external)
    assert [name for name in PROVIDERS.split() if served[name] < 2] == []
    assert set(catalog.providers) - set(served) == set(WITHOUT_MODELS)
    for name, reason in WITHOUT_MODELS.items():
        assert any(reason in (source.note or "") for source in catalog.providers[name].sources)
        assert probing(name).silent is not None and not lister(name).lists_models


#: Where providers were asked once, and what their own notices say of the end.
RETIRED_ADDRESSES = {
    ".services.ai.azure.com/models": "2026-08-26, Azure/azure-rest-api-specs#43907",
    "api-inference.huggingface.co": "410, NVIDIA/NemoClaw#1473",
    "api.llama.com": "2026-07-06, langchain-ai/langchain-meta#22",
}


def test_no_provider_that_serves_models_is_asked_where_nobody_answers_any_longer(catalog: Catalog) -> None:
    serving = [catalog.providers[name] for name in sorted({provider for provider, _ in catalog.external})]
    asked = [address or "" for it in serving for address in (it.api_base_url, it.models_url)]
    assert [address for address in asked if any(old in address for old in RETIRED_ADDRESSES)] == []


#: Variables that the provider's own quickstart names, beside those of other clients.
OWN_VARIABLES = {"meta": "MODEL_API_KEY", "moonshot": "MOONSHOT_API_KEY", "xai": "XAI_API_KEY"}


@pytest.mark.parametrize("provider", OWN_VARIABLES)
def test_whoever_follows_the_quickstart_is_connected(catalog: Catalog, provider: str) -> None:
    assert OWN_VARIABLES[provider] in catalog.providers[provider].key_variables


def test_every_task_has_models_that_stay(catalog: Catalog) -> None:
    def stays(model: ExternalModel) -> bool:
        newest = max(source.read for source in model.sources)
        soon = newest + dt.timedelta(days=AHEAD)
        return model.successor is None and (model.retires is None or model.retires > soon)

    staying = Counter(it.task for it in catalog.external.values() if stays(it))
    assert [task for task in Task if task is not Task.OTHER and staying[task] < 3] == []
    assert len(catalog.external) >= 260


# Prices

FIRST_PRICES: dict[tuple[str, str], tuple[Any, Any, Any]] = {
    ("openai", "gpt-6.2-astra"): (8, 40, None),
    ("openai", "gpt-6.2-sol"): (2, 10, None),
    ("google", "gemini-4-argon"): (2, 10, D("0.10")),
}


@pytest.mark.parametrize("model", FIRST_PRICES, ids="/".join)
def test_the_price_is_that_of_today(catalog: Catalog, model: tuple[str, str]) -> None:
    price = catalog.external[model].price
    assert price is not None
    assert (price.input_per_mtok, price.output_per_mtok, price.cache_read_per_mtok) == FIRST_PRICES[model]


STEPS = {
    "gemini-4-argon": (dt.date(2026, 12, 1), 4, 20, D("0.20")),
    "gemini-3.8-flash": (dt.date(2027, 1, 1), D("1.50"), D("7.50"), D("0.15")),
    "gemini-3.8-flash-tts": (dt.date(2027, 1, 1), 1, 18, None),
    "gemini-3.8-flash-lite-tts": (dt.date(2027, 1, 1), 1, 12, None),
}


@pytest.mark.parametrize("model", STEPS)
def test_what_google_announced_is_a_step(catalog: Catalog, model: str) -> None:
    price = catalog.external["google", model].price
    assert price is not None
    (step,) = price.steps
    assert (step.since, step.input_per_mtok, step.output_per_mtok, step.cache_read_per_mtok) == STEPS[model]


RETIRING = {
    ("google", "gemini-omni-1.1-flash"): (dt.date(2026, 12, 3), "gemini-omni-1.2-flash"),
    ("google", "gemini-3.1-flash-image"): (None, "gemini-nano-banana-2.1"),
    ("mistral", "devstral-latest"): (dt.date(2026, 7, 31), "mistral-medium-2604"),
    ("mistral", "mistral-large-2512"): (dt.date(2027, 4, 30), None),
    ("mistral", "mistral-medium-2604"): (dt.date(2027, 4, 30), None),
    ("novita", "qwen/qwen3-reranker-8b"): (dt.date(2026, 1, 8), None),
    ("openai", "gpt-4o-mini"): (dt.date(2027, 1, 14), "gpt-6-luna"),
}


@pytest.mark.parametrize("model", RETIRING, ids="/".join)
def test_the_day_it_ends_is_a_fact_and_so_is_who_follows(catalog: Catalog, model: tuple[str, str]) -> None:
    found = catalog.external[model]
    assert (found.retires, found.successor) == RETIRING[model]
    assert found.successor is None or (model[0], found.successor) in catalog.external


DEEPSEEK = {"deepseek-v4-pro": (D("1.32"), D("3.96"), D("0.044")), "deepseek-flash": (D("0.3"), D("1.2"), D("0.006"))}


@pytest.mark.parametrize("model", DEEPSEEK)
def test_deepseeks_price_is_the_peak_and_the_other_hours_are_data(catalog: Catalog, model: str) -> None:
    price = catalog.external["deepseek", model].price
    assert price is not None
    assert (price.input_per_mtok, price.output_per_mtok, price.cache_read_per_mtok) == DEEPSEEK[model]
    halves = {"input_per_mtok", "output_per_mtok", "cache_read_per_mtok"}
    for hours in price.hours:
        assert {field: D(str(value)) * 2 for field, value in changes(hours).items()} == {
            field: getattr(price, field) for field in halves
        }
    clocks = {(hours.weekdays, hours.utc) for hours in price.hours}
    assert clocks == {
        ((1, 2, 3, 4, 5), ("00:00-01:00", "04:00-06:00", "10:00-24:00")),
        ((6, 7), ("00:00-24:00",)),
    }


# Limits and capabilities


@pytest.mark.parametrize(
    ("model", "capabilities"),
    [
        (("openai", "gpt-6.1-terra"), {"pdf_input", "tool_choice", "parallel_function_calling"}),
        (("moonshot", "kimi-k3"), {"prompt_caching"}),
        (("groq", "openai/gpt-oss-120b"), {"prompt_caching"}),
        (("groq", "openai/gpt-oss-20b"), {"prompt_caching"}),
        (("minimax", "MiniMax-M3"), {"video_input"}),
        (("google", "gemini-4-argon"), {"computer_use"}),
        (("google", "gemini-3.8-flash"), {"computer_use"}),
        (("google", "gemini-3.5-flash-lite"), {"computer_use"}),
    ],
)
def test_a_model_says_what_it_can(catalog: Catalog, model: tuple[str, str], capabilities: set[str]) -> None:
    assert set(catalog.external[model].capabilities) >= capabilities


def test_the_window_of_omni_is_that_of_its_page(catalog: Catalog) -> None:
    assert catalog.external["google", "gemini-omni-1.1-flash"].context_window == 131_072


# Facts and offerings


def test_what_several_providers_serve_has_its_facts_in_one_file(catalog: Catalog) -> None:
    told = defaultdict(set)
    for (provider, id), model in catalog.external.items():
        offering = catalog.offerings.get((provider, id))
        told[canonical(id)].add((provider, offering.offers if offering else None))
        told[canonical(model.display_name)].add((provider, offering.offers if offering else None))
    several = {name: who for name, who in told.items() if len({provider for provider, _ in who}) > 1}
    assert len(several) > 30, "a comparison of nothing would find nothing"
    apart = {
        name for name, who in several.items() if len({file for _, file in who}) > 1 or (None in dict(who).values())
    }
    assert apart == SAME_NAME


#: Products that share a name and nothing else.
SAME_NAME = {"search"}


def canonical(name: str) -> str:
    """The name without who makes it, where it is served, how it is versioned there, and how words are parted."""
    name = name.lower().rsplit("/", 1)[-1]
    name = re.sub(
        r"^((us|eu|apac|global)\.)?(anthropic|meta|openai|qwen|deepseek|mistral|google|cohere|amazon)\.", "", name
    )
    name = re.sub(r"[-@](\d{8}|v\d+(:\d+)?|instruct|it)$", "", name)
    return re.sub(r"[^a-z0-9+]", "", name)


def test_a_status_page_that_nobody_nearer_names_is_second_hand(catalog: Catalog) -> None:
    told: dict[str, list[Any]] = {
        name: [source for source in provider.sources if "status_url" in source.fields]
        for name, provider in catalog.providers.items()
        if provider.status_url is not None
    }
    assert all(told.values())
    personal = re.compile(r"https://(raw\.githubusercontent|github)\.com/(?!anthropics/)")
    unmarked = [
        name
        for name, sources in told.items()
        if all(personal.match(source.url) and not source.second_hand for source in sources)
    ]
    assert unmarked == []
