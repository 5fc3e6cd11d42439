"""What schemathesis takes for the formats of our OpenAPI document: cursors as given, categories that models have,
providers and standards that there are."""

import datetime as dt

import schemathesis
from hypothesis import strategies as st

from radiant.api.cursor import cursor_of
from radiant.domain.fact import ConflictPlace
from radiant.domain.registry_model import ModelPlace
from radiant.domain.sync import RunPlace
from radiant.domain.vocabulary import Category

_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)

schemathesis.openapi.format(
    "cursor",
    st.builds(cursor_of, st.builds(ConflictPlace, st.booleans(), st.none() | st.floats(0, 1), _WORDS, _WORDS, _WORDS)),
)

schemathesis.openapi.format("model-cursor", st.builds(cursor_of, st.builds(ModelPlace, _WORDS, _WORDS, _WORDS)))

schemathesis.openapi.format(
    "run-cursor",
    st.builds(cursor_of, st.builds(RunPlace, st.datetimes(timezones=st.just(dt.UTC)), st.uuids())),
)

schemathesis.openapi.format("capabilities", st.sampled_from(["function_calling", "vision,function_calling"]))

schemathesis.openapi.format("category", st.sampled_from([it.value for it in Category]))

schemathesis.openapi.format("provider", st.sampled_from(["openai", "Anthropic", "azure-openai", "self_hosted"]))

schemathesis.openapi.format("provider-id", st.sampled_from(["openai", "anthropic"]))

schemathesis.openapi.format("cron", st.sampled_from(["0 0 * * *", "*/5 * * * *", "*/10 * * * * *"]))

schemathesis.openapi.format("moment", st.sampled_from(["2126-12-24T00:00:00Z", "2131-01-01T12:30:00+02:00"]))

schemathesis.openapi.format("past-moment", st.sampled_from(["2001-01-01T00:00:00Z", "1999-12-31T23:00:00-01:00"]))

schemathesis.openapi.format("spend-by", st.sampled_from(["tenant,model,day", "provider", "month"]))

schemathesis.openapi.format("last-moment", st.just("2199-12-31T00:00:00Z"))

schemathesis.openapi.format("recent-moment", st.builds(lambda: dt.datetime.now(dt.UTC).isoformat()))

schemathesis.openapi.format("capability", st.sampled_from(["vision", "tools", "function-calling", "json"]))

schemathesis.openapi.format("standard", st.sampled_from(["HIPAA", "GDPR", "soc2"]))
schemathesis.openapi.format("base-url", st.sampled_from(["https://llm.example.com/v1", "https://example.org"]))

schemathesis.openapi.format("public-catalog", st.sampled_from(["litellm", "models.dev", "openrouter", "genai-prices"]))

schemathesis.openapi.format("name", st.sampled_from(["Acme", "Models of our own", "Übung 2"]))

schemathesis.openapi.format("own-model", st.sampled_from(["mistral-7b-v0.3", "sam-2"]))

schemathesis.openapi.format("window", st.sampled_from(["0 8 * * mon-fri", "*/30 * * * *"]))

schemathesis.openapi.format("time-zone", st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]))

schemathesis.openapi.format("runtime", st.sampled_from(["ollama", "vLLM", "llama.cpp"]))

#: Where nobody listens, so that looks end at once.
schemathesis.openapi.format("endpoint-url", st.builds("http://127.0.0.1:{}".format, st.integers(1, 9)))
