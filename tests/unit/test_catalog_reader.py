"""Reading catalog files: strict, and exact about where a file is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from radiant.catalog.load import load_catalog
from radiant.catalog.toml import line_of
from tests.unit.catalog_files import EXTERNAL, SELF_HOSTED, Write, problems

pytestmark = pytest.mark.usefixtures("small_catalog")

TASKS = (
    "chat, completion, embedding, image, video, audio, transcription, search, 3d, inference, rerank, moderation, "
    "ocr, realtime, other"
)


DOLLARS = "expected US dollars from 0 to 1,000,000,000"


NO_PLACE = (
    "is in no place of the catalog; expected providers/<provider>/<model>.toml, models/<maker>/<model>.toml, "
    "self_hosted/<category>/<model>.toml, instances.toml, containers.toml, runtimes.toml or defaults.toml"
)


EXTERNAL_FILES = [
    ("an unknown key", "category", "catgory", "3: `catgory`: unknown key; did you mean `category`?"),
    ("an unknown key inside", "input_per_mtok", "input_per_mtk",
     "8: `price.input_per_mtk`: unknown key; did you mean `input_per_mtok`?"),
    ("an unknown key of a list's entry", "fields =", "felds =",
     "13: `sources[0].felds`: unknown key; did you mean `fields`?"),
    ("an unknown key like no other", "[[sources]]", "rocket = 1\n[[sources]]",
     "10: `rocket`: unknown key; expected one of: aliases, capabilities, category, class, context_window, "
     "description, display_name, embedding_dimension, input_modalities, litellm_id, max_input, max_output, "
     "output_modalities, price, released, retires, sources, successor, task, throughput_tps, unknown"),
    ("a missing key", 'category = "llm"\n', "", "1: `category`: is required and missing"),
    ("a missing key of a list's entry", "read = 2026-01-01\n", "", "10: `sources[0].read`: is required and missing"),
    ("a number for a text", '"M"', "5", "1: `display_name`: expected text, got a whole number"),
    ("a text for a list", "capabilities = []", 'capabilities = "x"', "5: `capabilities`: expected an array, got text"),
    ("a number in a list of texts", "capabilities = []", "capabilities = [1]",
     "5: `capabilities[0]`: expected text, got a whole number"),
    ("a table for a list of tables", "[[sources]]", "[sources]", "10: `sources`: expected an array, got a table"),
    ("a text for a date", "2026-01-01", '"yesterday"', "12: `sources[0].read`: expected a date such as 2026-01-31"),
    ("a word for a price", "1.5", '"cheap"', "8: `price.input_per_mtok`: expected a number such as 0.15"),
    ("yes or no for a price", "1.5", "true", "8: `price.input_per_mtok`: expected a number, got true or false"),
    ("a task nobody knows", '"chat"', '"chta"', f"4: `task`: invalid enum value 'chta'; expected one of: {TASKS}"),
    ("a modality nobody knows", 'output_modalities = ["text"]', 'output_modalities = ["txt"]',
     "7: `output_modalities[0]`: invalid enum value 'txt'; expected one of: text, image, audio, video, file, 3d, "
     "volume, graph, mask, embedding, structured"),
    ("a negative price", "1.5", "-1.5", f"8: `price.input_per_mtok`: is -1.5; {DOLLARS}"),
    ("a price that is no number", "1.5", "nan", f"8: `price.input_per_mtok`: is NaN; {DOLLARS}"),
    ("a price that is no number, as text", "1.5", '"NaN"', f"8: `price.input_per_mtok`: is NaN; {DOLLARS}"),
    ("an endless price", "1.5", "inf", f"8: `price.input_per_mtok`: is Infinity; {DOLLARS}"),
    ("a price too fine to keep", "1.5", "1e-31",
     "8: `price.input_per_mtok`: is 1E-31; expected at most 30 digits behind the point"),
    ("a negative price of a tier", "output_per_mtok = 2 }",
     "output_per_mtok = 2, tiers = [{ above_input_tokens = 5, input_per_mtok = -2 }] }",
     f"8: `price.tiers[0].input_per_mtok`: is -2; {DOLLARS}"),
    ("a negative price of a step", "output_per_mtok = 2 }",
     "output_per_mtok = 2, steps = [{ from = 2026-12-01, per_search = -2 }] }",
     f"8: `price.steps[0].per_search`: is -2; {DOLLARS}"),
    ("a step without its day", "output_per_mtok = 2 }", "output_per_mtok = 2, steps = [{ per_search = 2 }] }",
     "8: `price.steps[0].from`: is required and missing"),
    ("a step with an unknown key", "output_per_mtok = 2 }",
     "output_per_mtok = 2, steps = [{ from = 2026-12-01, per_serch = 2 }] }",
     "8: `price.steps[0].per_serch`: unknown key; did you mean `per_search`?"),
    ("a currency in small letters", "output_per_mtok = 2 }", 'output_per_mtok = 2, currency = "eur" }',
     "8: `price.currency`: is 'eur'; expected three capital letters of ISO 4217, such as EUR"),
    ("a currency that is a number", "output_per_mtok = 2 }", "output_per_mtok = 2, currency = 978 }",
     "8: `price.currency`: expected text, got a whole number"),
    ("a negative price in euros", "output_per_mtok = 2 }", 'output_per_mtok = -2, currency = "EUR" }',
     "8: `price.output_per_mtok`: is -2; expected EUR from 0 to 1,000,000,000"),
    ("a price in euros too fine to be exact in USD", "output_per_mtok = 2 }",
     'output_per_mtok = 1e-19, currency = "EUR" }',
     "8: `price.output_per_mtok`: is 1E-19; expected at most 18 digits behind the point"),
    ("a currency of a part", "output_per_mtok = 2 }", 'tiers = [{ above_input_tokens = 5, currency = "EUR" }] }',
     "8: `price.tiers[0].currency`: unknown key; expected one of: above_input_tokens, audio_input_per_mtok, "
     "cache_read_per_mtok, cache_write_1h_per_mtok, cache_write_per_mtok, input_per_mtok, output_per_mtok"),
    ("an image of no tokens", "output_per_mtok = 2 }", "output_per_mtok = 2, image_tokens = 0 }",
     "8: `price.image_tokens`: is 0; expected up to 1,000,000 tokens"),
    ("endless tokens a second", "output_per_mtok = 2 }", "output_per_mtok = 2, audio_tokens_per_second = inf }",
     "8: `price.audio_tokens_per_second`: is Infinity; expected up to 1,000,000 tokens"),
    ("a name of blanks", '"M"', '" \u3000"',
     "1: `display_name`: is ' \\u3000'; expected a name, on one line and without control characters"),
    ("a name of two lines", '"M"', r'"a\nb"',
     r"1: `display_name`: is 'a\nb'; expected a name, on one line and without control characters"),
    ("a name without end", '"M"', f'"{"m" * 601}"', "1: `display_name`: has 601 characters; expected at most 600"),
    ("an empty capability", "capabilities = []", 'capabilities = ["a", ""]',
     "5: `capabilities`: has ''; expected names, on one line and without control characters"),
    ("more capabilities than are kept", "capabilities = []", f"capabilities = {['c'] * 201}",
     "5: `capabilities`: has 201 entries; expected at most 200"),
    ("a control character", "capabilities = []", r'capabilities = ["a", "\u0007"]',
     "5: `capabilities[1]`: holds a control character; write plain text"),
    ("a window of nothing", "capabilities = []", "capabilities = []\ncontext_window = 0",
     "6: `context_window`: is 0; expected 1 to 2,147,483,647"),
    ("a window no column can hold", "capabilities = []", "capabilities = []\nmax_output = 9999999999",
     "6: `max_output`: is 9999999999; expected 1 to 2,147,483,647"),
    ("a text without an end", '"chat"', '"chat', "4: is not valid TOML: Illegal character '\\n'"),
    ("a file cut off", EXTERNAL, EXTERNAL[:25], "2: is not valid TOML: Expected '=' after a key in a key/value pair"),
    ("a key written twice", "category", 'task = "chat"\ncategory', "5: is not valid TOML: Cannot overwrite a value"),
    ("a NUL in a text", '"llm"', '"a\\u0000"', "3: holds the character NUL, which no database can keep"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "said"), [it[1:] for it in EXTERNAL_FILES], ids=[it[0] for it in EXTERNAL_FILES]
)
def test_a_wrong_external_model_is_named_by_file_line_and_key_with_what_was_expected(
    write: Write, tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    assert right in EXTERNAL
    write("providers/openai/m.toml", EXTERNAL.replace(right, wrong, 1))
    assert problems(tmp_path) == [f"providers/openai/m.toml:{said}"]


SELF_HOSTED_FILES = [
    ("an unknown license key", "commercial_use = ", "commercial = ",
     "21: `license.code.commercial`: unknown key; did you mean `commercial_use`?"),
    ("rights nobody knows", '"yes"', '"maybe"',
     "21: `license.code.commercial_use`: invalid enum value 'maybe'; expected one of: yes, no, conditional, unknown"),
    ("tier 6", "parameters =", "min_tier = 6\nparameters =", "11: `min_tier`: is 6; expected 1 to 5"),
    ("no parameters at all", "1_000_000_007", "0",
     "11: `parameters`: is 0; expected 1 to 9,223,372,036,854,775,807"),
    ("a negative markup", "parameters =", "markup_percent = -1\nparameters =",
     "11: `markup_percent`: is -1; expected 0 to 9,999.99"),
    ("a negative price by the image", "parameters =", "price = { per_image = -0.1 }\nparameters =",
     f"11: `price.per_image`: is -0.1; {DOLLARS}"),
    ("more instances at least than at most", "parameters =", "thermal = { min_instances = 4 }\nparameters =",
     "11: `thermal.min_instances`: is above max_instances, 3"),
    ("a state nobody knows", "parameters =", 'thermal = { default_state = "COOL" }\nparameters =',
     "11: `thermal.default_state`: invalid enum value 'COOL'; expected one of: OFF, COLD, WARM, HOT"),
    ("less memory than none", 'instance_type = "ml.g5.xlarge"', 'instance_type = "x", gpu_memory_gb = -1',
     "12: `hardware.gpu_memory_gb`: is -1; expected 1 to 2,147,483,647"),
    ("a benchmark that is no number", 'unknown = ["benchmark"]',
     'benchmark = { name = "b", metric = "m", value = nan }', "15: `benchmark.value`: is NaN; expected a number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "said"), [it[1:] for it in SELF_HOSTED_FILES], ids=[it[0] for it in SELF_HOSTED_FILES]
)
def test_a_wrong_self_hosted_model_is_named_by_file_line_and_key_with_what_was_expected(
    write: Write, tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    assert right in SELF_HOSTED
    write("self_hosted/vision/m.toml", SELF_HOSTED.replace(right, wrong, 1))
    assert problems(tmp_path) == [f"self_hosted/vision/m.toml:{said}"]


OTHER_FILES: list[tuple[str, str, str | bytes, str]] = [
    ("not UTF-8", "providers/openai/m.toml", EXTERNAL.encode().replace(b"A model", b"A \xe9"),
     ":2: is not UTF-8; save it as UTF-8"),
    ("a huge file", "providers/openai/m.toml", b"# " + b"x" * 300_000,
     ": is larger than 256 KiB; a catalog file describes one thing"),
    ("JSON", "providers/openai/m.json", "{}", ": does not belong here; the catalog holds .toml files"),
    ("a category nobody knows", "self_hosted/toys/m.toml", SELF_HOSTED,
     ": toys is no category; expected one of: vision, audio, scientific, medical, geospatial, 3d, llm"),
    ("a self-hosted model without a category", "self_hosted/m.toml", SELF_HOSTED, f": {NO_PLACE}"),
    ("a model without a provider", "providers/m.toml", EXTERNAL, f": {NO_PLACE}"),
    ("a folder that is none of ours", "openai/m.toml", EXTERNAL, f": {NO_PLACE}"),
    ("a self-hosted model among the providers", "providers/self_hosted/m.toml", EXTERNAL,
     ": is self-hosted; expected self_hosted/<category>/<model>.toml"),
    ("a provider with signs in its name", "providers/Open AI/provider.toml", "",
     ": a provider's folder is named in a-z, 0-9, _ . -, at most 50 characters"),
    ("a provider whose key is sent in no known way", "providers/new/provider.toml",
     'display_name = "N"\napi_base_url = "https://x.y"\nkey_variables = []\ndocs_url = "https://x.y"\nsources = []\n'
     'auth = { scheme = "magic" }',
     ":6: `auth.scheme`: invalid enum value 'magic'; expected one of: bearer, token, header, sigv4, key"),
    ("a provider without a name", "providers/new/provider.toml",
     'display_name = ""\napi_base_url = "https://x.y"\nkey_variables = []\ndocs_url = "https://x.y"\nsources = []\n'
     'auth = { scheme = "bearer" }',
     ":1: `display_name`: is ''; expected a name, on one line and without control characters"),
    ("a self-hosted id too long to keep", f"self_hosted/vision/{'m' * 101}.toml", SELF_HOSTED,
     ": its id has 101 characters; expected at most 100"),
    ("a default for a task nobody knows", "defaults.toml", 'ocr = { model = "x" }\nchta = { model = "y" }',
     f":2: `chta`: is no task; expected one of: {TASKS}"),
    ("a default that is no name", "defaults.toml", "chat = 5", ":1: `chat`: expected a table, got a whole number"),
    ("a default with a key nobody knows", "defaults.toml", 'chat = { model = "x", succesor = "y" }',
     ":1: `chat.succesor`: unknown key; did you mean `successor`?"),
    ("an instance with an unknown key", "instances.toml", '["ml.x"]\ngpu_cont = 1',
     ':2: `"ml.x".gpu_cont`: unknown key; did you mean `gpu_count`?'),
    ("an instance without memory", "instances.toml",
     '["ml.x"]\ngpu = "x"\ngpu_count = 1\ngpu_memory_gb = 0\nsource = "https://x.y"\nread = 2026-01-01',
     ':4: `"ml.x".gpu_memory_gb`: is 0; expected 1 to 2,147,483,647'),
    ("a container that is no table", "containers.toml", "x = 1", ":1: `x`: expected a table, got a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), [it[1:] for it in OTHER_FILES], ids=[it[0] for it in OTHER_FILES])
def test_a_wrong_file_is_named(write: Write, tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    write(name, text)
    assert problems(tmp_path) == [f"{name}{said}"]


def test_prices_are_read_exactly(write: Write, tmp_path: Path) -> None:
    write("providers/openai/m.toml", EXTERNAL.replace("1.5", "0.100000000000000000000000000001"))
    price = load_catalog(tmp_path).external["openai", "m"].price
    assert price is not None
    assert (price.input_per_mtok, price.output_per_mtok) == (Decimal("0.100000000000000000000000000001"), Decimal(2))


def test_a_mark_that_some_editors_put_in_front_does_no_harm(write: Write, tmp_path: Path) -> None:
    write("providers/openai/m.toml", b"\xef\xbb\xbf" + EXTERNAL.encode())
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("display_name", 1),
        ("price", 8),
        ("price.input_per_mtok", 8),
        ("sources[0].url", 11),
        ("sources[1].url", None),
        ("nothing", None),
    ],
)
def test_the_line_of_a_key_is_where_it_or_what_it_is_in_is_set(key: str, line: int | None) -> None:
    assert line_of(EXTERNAL, key) == line
