"""Checking the catalog as a whole: what is well-formed and still cannot be right."""

from pathlib import Path

import pytest

from radiant.catalog.check import check_catalog
from tests.unit.checking import EXTERNAL, PROVIDER, SELF_HOSTED, problems

pytestmark = pytest.mark.usefixtures("checked_catalog")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("providers/openai/m.toml", EXTERNAL),
        ("self_hosted/vision/m.toml", SELF_HOSTED),
        ("providers/new/provider.toml", PROVIDER),
    ],
)
def test_what_is_right_has_no_problem(tmp_path: Path, name: str, text: str) -> None:
    assert problems(tmp_path, name, text) == []


def test_a_report_counts_what_was_read() -> None:
    report = check_catalog()
    assert (report.providers, report.external, report.self_hosted, report.problems) == (1, 3, 0, ())


EXTERNAL_PROBLEMS = [
    ("a long description", '"A model."', f'"{"x" * 201}"',
     ["2: `description`: has 201 characters; one sentence of up to 200"]),
    ("a capability in capitals", '"vision"', '"Vision"',
     ["5: `capabilities`: 'Vision' is not written in a-z, 0-9 and _"]),
    ("a model that takes nothing", 'input_modalities = ["text"]', "input_modalities = []",
     ["6: `input_modalities`: every model takes and gives something"]),
    ("a window of a slipped unit", "1000", "128_000_000",
     ["8: `context_window`: is 128000000; expected 1 to 20,000,000 tokens"]),
    ("a date at the end of days", "context_window = 1000", "context_window = 1000\nretires = 9999-12-31",
     ["9: `retires`: is 9999-12-31; expected a date from 1970 to 2199"]),
    ("a price of a slipped unit", "1.5", "15_000",
     ["9: `price.input_per_mtok`: 15,000 USD per million tokens is taken for a mistake; at most 2,500 is believed"]),
    ("a price of a slipped unit, by the image", "input_per_mtok = 1.5", "per_image = 1_500",
     ["9: `price.per_image`: 1,500 USD per image is taken for a mistake; at most 100 is believed"]),
    ("a tier of a slipped unit", "output_per_mtok = 2 }",
     "output_per_mtok = 2, tiers = [{ above_input_tokens = 200_000, output_per_mtok = 3_000 }] }",
     ["9: `price.tiers[0].output_per_mtok`: 3,000 USD per million tokens is taken for a mistake; "
      "at most 2,500 is believed"]),
    ("no price and no word about it", "price = { input_per_mtok = 1.5, output_per_mtok = 2 }\n", "",
     ["1: `price`: is missing; write it, or name it in `unknown`"]),
    ("no class and no word about it", 'class = "standard"\n', "",
     ["1: `class`: is missing; write it, or name it in `unknown`"]),
    ("a class that is written and named unknown", "[[sources]]", 'unknown = ["class"]\n\n[[sources]]',
     ["12: `unknown`: class is named unknown, but the file has it"]),
    ("a field of ours in place of its key", "[[sources]]", 'unknown = ["model_class"]\n\n[[sources]]',
     ["12: `unknown`: model_class is no key of this file"]),
    ("a speed nobody reaches", 'class = "standard"', 'class = "standard"\nthroughput_tps = 25_000',
     ["11: `throughput_tps`: is 25000; expected up to 20,000 output tokens per second"]),
    ("more input than window", "context_window = 1000", "context_window = 1000\nmax_input = 1001",
     ["9: `max_input`: is 1001; expected 1 to the context window (1,000)",
      "9: `max_input`: no source supports it; name it in the `fields` of one"]),
    ("a successor without a name", "context_window = 1000", 'context_window = 1000\nsuccessor = ""',
     ["9: `successor`: is ''; expected a name, on one line and without control characters"]),
    ("a price below nothing", "input_per_mtok = 1.5", "input_per_mtok = -1",
     ["9: `price.input_per_mtok`: is -1; expected US dollars from 0 to 1,000,000,000"]),
    ("an unknown that is known", "[[sources]]", 'unknown = ["context_window"]\n\n[[sources]]',
     ["12: `unknown`: context_window is named unknown, but the file has it"]),
    ("an unknown that is no key", "[[sources]]", 'unknown = ["context", "price.per_moon"]\n\n[[sources]]',
     ["12: `unknown`: context is no key of this file", "12: `unknown`: price.per_moon is no key of this file"]),
    ("a source that is no address", "https://example.com/m", "example.com/m",
     ["13: `sources[0].url`: 'example.com/m' is no http(s) address"]),
    ("a source that supports nothing", '["price"]', "[]",
     ["20: `sources[1].fields`: name the facts this source supports"]),
    ("a fact no source supports", '"context_window", ', "",
     ["8: `context_window`: no source supports it; name it in the `fields` of one"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "said"), [it[1:] for it in EXTERNAL_PROBLEMS], ids=[it[0] for it in EXTERNAL_PROBLEMS]
)
def test_an_external_model_that_cannot_be_right(tmp_path: Path, right: str, wrong: str, said: list[str]) -> None:
    assert right in EXTERNAL
    found = problems(tmp_path, "providers/openai/m.toml", EXTERNAL.replace(right, wrong, 1))
    assert found == said


def test_a_class_that_was_looked_for_in_vain_is_named_unknown(tmp_path: Path) -> None:
    text = EXTERNAL.replace('class = "standard"', 'unknown = ["class"]')
    assert problems(tmp_path, "providers/openai/m.toml", text) == []


def test_a_fact_without_a_source_is_a_guess(tmp_path: Path) -> None:
    text = EXTERNAL.split("[[sources]]")[0] + "sources = []\n"
    found = problems(tmp_path, "providers/openai/m.toml", text)
    assert found[0] == "12: `sources`: a fact without a source is a guess"


CONTAINERS = "huggingface-pytorch, lmi, pytorch, tei, triton, vllm-omni"

SELF_HOSTED_PROBLEMS = [
    ("a specialty of two words", '"testing"', '"two words"', ["4: `specialty`: is one word in a-z, 0-9 and _"]),
    ("a format with a dot in front", '"png"', '".PNG"',
     ["9: `input_formats`: '.PNG' is no short format name such as wav or geotiff"]),
    ("no benchmark and no word about it", 'unknown = ["benchmark"]\n', "",
     ["1: `benchmark`: is missing; write it, or name it in `unknown` or `not_applicable`"]),
    ("an instance nobody knows", "ml.g5.xlarge", "ml.g9.huge",
     ["12: `hardware.instance_type`: ml.g9.huge is not in instances.toml"]),
    ("too little memory", "1_000_000_007", "69_999_999_999",
     ["12: `hardware.instance_type`: ml.g5.xlarge has 24 GB of GPU memory, the model needs 170"]),
    ("memory without a basis", 'instance_type = "ml.g5.xlarge"', 'instance_type = "ml.g5.xlarge", gpu_memory_gb = 5',
     ["12: `hardware.gpu_memory_basis`: a measured need and its basis go together"]),
    ("a container nobody knows", '"pytorch"', '"podman"',
     [f"13: `serving.container`: podman is not in containers.toml; expected one of: {CONTAINERS}"]),
    ("a repository that is no address", '"https://example.com/m", official', '"github/m", official',
     ["14: `upstream.repository`: 'github/m' is no http(s) address"]),
    ("a license SPDX does not know", '"MIT"', '"MTI"',
     ["21: `license.code.license`: MTI is no SPDX license; write LicenseRef-… with a name where SPDX has none"]),
    ("a license that is no expression", '"MIT"', '"MIT OR"',
     ["21: `license.code.license`: 'MIT OR' is no SPDX expression: OR requires two or more licenses as in: "
      "MIT OR BSD"]),
    ("a license of one's own without a name", '"MIT"', '"LicenseRef-Mine"',
     ["20: `license.code.name`: a LicenseRef needs the license's name"]),
    ("conditions nobody names", '"yes"', '"conditional"',
     ["20: `license.code.conditions`: say which conditions"]),
    ("conditions where all is allowed", 'commercial_use = "yes"',
     'commercial_use = "yes"\nconditions = [{ kind = "users", text = "Few.", limit = 5, unit = "users" }]',
     ["24: `license.code.commercial_use`: there are conditions; then it is `conditional`"]),
    ("a limit without a unit", 'commercial_use = "yes"',
     'commercial_use = "conditional"\nconditions = [{ kind = "users", text = "Few.", limit = 5 }]',
     ["25: `license.code.conditions[0].unit`: a limit and its unit go together"]),
    ("a text of thanks nobody asks for", 'commercial_use = "yes"', 'commercial_use = "yes"\nattribution = "By N"',
     ["25: `license.code.attribution`: an attribution text that is not required; set attribution_required"]),
    ("no word about weights", 'note = "There are no weights."', "",
     ["17: `license.note`: say why there is no license of weights"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "said"), [it[1:] for it in SELF_HOSTED_PROBLEMS], ids=[it[0] for it in SELF_HOSTED_PROBLEMS]
)
def test_a_self_hosted_model_that_cannot_be_right(tmp_path: Path, right: str, wrong: str, said: list[str]) -> None:
    assert right in SELF_HOSTED
    found = problems(tmp_path, "self_hosted/vision/m.toml", SELF_HOSTED.replace(right, wrong, 1))
    assert found == said


def test_memory_that_cannot_be_computed_is_written_or_named_unknown(tmp_path: Path) -> None:
    text = SELF_HOSTED.replace("parameters = 1_000_000_007\n", "").replace(
        '["benchmark"]', '["benchmark", "parameters"]'
    )
    assert problems(tmp_path, "self_hosted/vision/m.toml", text) == [
        "11: `hardware.gpu_memory_gb`: cannot be computed without `parameters`; write it with its basis, "
        "or name it in `unknown`"
    ]
    known = text.replace('"parameters"]', '"parameters", "hardware.gpu_memory_gb"]')
    assert problems(tmp_path, "self_hosted/vision/m.toml", known) == []


def test_code_or_weights_have_a_license_or_it_is_said_that_none_is_stated(tmp_path: Path) -> None:
    start, end = SELF_HOSTED.index("[license.code]"), SELF_HOSTED.index("[[sources]]")
    found = problems(tmp_path, "self_hosted/vision/m.toml", SELF_HOSTED[:start] + SELF_HOSTED[end:])
    assert found == [
        "17: `license`: neither code nor weights have a license; use LicenseRef-NotStated where there is none"
    ]


@pytest.mark.parametrize(
    ("task", "category", "missing"),
    [
        ("chat", "llm", ["context_window", "max_output"]),
        ("embedding", "llm", ["context_window", "embedding_dimension"]),
        ("completion", "vision", ["max_output"]),
        ("inference", "llm", ["context_window"]),
    ],
)
def test_a_language_model_says_how_much_it_takes_and_gives(
    tmp_path: Path, task: str, category: str, missing: list[str]
) -> None:
    text = SELF_HOSTED.replace('"inference"', f'"{task}"')
    text = text.replace('"structured"', '"embedding"' if task == "embedding" else '"text"')
    found = problems(tmp_path, f"self_hosted/{category}/m.toml", text)
    assert [problem.split("`")[1] for problem in found] == missing


def test_a_provider_without_a_region_has_nowhere_to_be_probed(tmp_path: Path) -> None:
    found = problems(tmp_path, "providers/new/provider.toml", PROVIDER.replace("auth =", "regions = []\nauth ="))
    assert found == ['5: `regions`: names no region; write ["global"] where there is one address for all']


def test_our_own_catalog_has_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    report = check_catalog()
    assert report.problems == ()
    assert report.self_hosted == 56


def test_a_source_that_calls_itself_second_hand_in_a_note_has_to_be_one(tmp_path: Path) -> None:
    text = EXTERNAL.replace('fields = ["price"]', 'fields = ["price"]\nnote = "Second-hand: a reseller."')
    (found,) = problems(tmp_path, "providers/openai/m.toml", text)
    assert found.endswith("`sources[1].note`: says that it is second-hand; write `second_hand = true`")
    assert problems(tmp_path, "providers/openai/m.toml", text.replace("\nnote", "\nsecond_hand = true\nnote")) == []
