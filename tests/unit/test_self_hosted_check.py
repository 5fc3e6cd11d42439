"""Self-hosted models that could not be served as their file says, and words that will not stay true."""

from pathlib import Path

import pytest

from tests.unit.checking import EXTERNAL, SELF_HOSTED, problems

pytestmark = pytest.mark.usefixtures("checked_catalog")

FILE = "self_hosted/llm/m.toml"

LANGUAGE = (
    SELF_HOSTED.replace('task = "inference"', 'task = "chat"')
    .replace('["image"]', '["text"]')
    .replace('["structured"]', '["text"]')
    .replace('unknown = ["benchmark"]', 'unknown = ["benchmark", "max_output"]\ncontext_window = 32_768')
    .replace('"parameters", "license"', '"parameters", "context_window", "model_context_window", "license"')
)


def served(environment: str, *, container: str = "lmi", window: str = "32_768", more: str = "") -> str:
    serving = f'serving = {{ readiness = "ready", container = "{container}", environment = {environment} }}'
    text = LANGUAGE.replace('serving = { readiness = "bring_your_own_code", container = "pytorch" }', serving)
    return text.replace("context_window = 32_768", f"context_window = {window}{more}")


@pytest.mark.parametrize(
    "setting",
    [
        "MAX_MODEL_LEN",
        "VLLM_MAX_MODEL_LEN",
        "SM_VLLM_MAX_MODEL_LEN",
        "OPTION_MAX_MODEL_LEN",
        "MAX_TOTAL_TOKENS",
        "MAX_BATCH_TOKENS",
    ],
)
def test_a_window_above_what_the_environment_serves_is_refused(tmp_path: Path, setting: str) -> None:
    text = served(f'{{ HF_MODEL_ID = "m", {setting} = "32768" }}', window="131_072")
    assert problems(tmp_path, FILE, text) == [
        f"16: `context_window`: is 131,072, but its {setting} lets the endpoint serve 32,768; write that, and the "
        "model's own as model_context_window"
    ]


def test_a_served_window_and_the_models_own_beside_it_are_right(tmp_path: Path) -> None:
    environment = '{ HF_MODEL_ID = "m", OPTION_MAX_MODEL_LEN = "32768" }'
    text = served(environment, more="\nmodel_context_window = 131_072")
    assert problems(tmp_path, FILE, text) == []
    same = served(environment, more="\nmodel_context_window = 32_768")
    assert problems(tmp_path, FILE, same) == [
        "17: `model_context_window`: is the window of the model where the endpoint serves less; leave it out here"
    ]


def test_a_container_that_serves_less_than_the_model_by_itself_counts_as_well(tmp_path: Path) -> None:
    found = problems(tmp_path, FILE, served('{ HF_MODEL_ID = "m" }', container="tei"))
    assert found == [
        "16: `context_window`: is 32,768, but its container tei serves, unless the environment says otherwise, 16,384; "
        "write that, and the model's own as model_context_window"
    ]
    raised = served('{ HF_MODEL_ID = "m", MAX_BATCH_TOKENS = "32768" }', container="tei")
    assert problems(tmp_path, FILE, raised) == []


def test_a_setting_that_is_no_number_is_told(tmp_path: Path) -> None:
    text = served('{ HF_MODEL_ID = "m", OPTION_MAX_MODEL_LEN = "32k" }')
    assert problems(tmp_path, FILE, text) == [
        "13: `serving.environment.OPTION_MAX_MODEL_LEN`: is '32k'; expected a whole number of tokens"
    ]


BYO = 'serving = { readiness = "bring_your_own_code", container = "pytorch" }'


@pytest.mark.parametrize(
    ("serving", "said"),
    [
        ('serving = { readiness = "ready", container = "lmi" }',
         "`serving.readiness`: is ready, but no environment tells the container what to load; write it, or "
         "bring_your_own_code"),
        ('serving = { readiness = "ready", note = "An image with JAX." }',
         "`serving.container`: is missing; what is ready to be served names its container"),
        ('serving = { readiness = "bring_your_own_code" }',
         "`serving.note`: is missing; without a container, say what an image of one's own has to hold"),
        ('serving = { readiness = "bring_your_own_code", container = "pytorch", runtime = "moon" }',
         "`serving.runtime`: moon is not in runtimes.toml; expected one of: sagemaker"),
        ('serving = { readiness = "bring_your_own_code", container = "pytorch", key_variables = ["hf-token"] }',
         "`serving.key_variables`: 'hf-token' is no name of an environment variable"),
        ('serving = { readiness = "ready", container = "lmi", environment = { HF_TOKEN = "x" }, '
         'key_variables = ["HF_TOKEN"] }',
         "`serving.environment`: holds HF_TOKEN, whose value is a secret; `key_variables` names it already"),
    ],
)  # fmt: skip
def test_what_nobody_could_start_a_model_by_is_told(tmp_path: Path, serving: str, said: str) -> None:
    found = problems(tmp_path, "self_hosted/vision/m.toml", SELF_HOSTED.replace(BYO, serving))
    assert found == [f"13: {said}"]


def test_an_image_of_ones_own_is_right_where_it_says_what_it_holds(tmp_path: Path) -> None:
    own = 'serving = { readiness = "bring_your_own_code", note = "An image with JAX." }'
    assert problems(tmp_path, "self_hosted/vision/m.toml", SELF_HOSTED.replace(BYO, own)) == []


def test_a_gated_model_names_the_token_that_the_hub_asks_for(tmp_path: Path) -> None:
    weights = '\n[license.weights]\nlicense = "MIT"\nurl = "https://example.com/l"\nread = 2026-01-01\n'
    text = SELF_HOSTED.replace("official = true", 'official = true, weights = "https://huggingface.co/o/m"')
    text = text.replace("\n[[sources]]", f'{weights}commercial_use = "yes"\ngated = true\n\n[[sources]]')
    text = text.replace('["name", ', '["name", "upstream", ')
    assert problems(tmp_path, "self_hosted/vision/m.toml", text) == [
        "13: `serving.key_variables`: does not name HF_TOKEN, without which the hub gives out no gated model"
    ]
    named = text.replace('container = "pytorch" }', 'container = "pytorch", key_variables = ["HF_TOKEN"] }')
    assert problems(tmp_path, "self_hosted/vision/m.toml", named) == []


def test_a_round_count_says_that_it_is_rounded(tmp_path: Path) -> None:
    text = SELF_HOSTED.replace("1_000_000_007", "150_000_000")
    assert problems(tmp_path, "self_hosted/vision/m.toml", text) == [
        "11: `parameters`: is 150,000,000, a round number; count the header of the weights, or name it in `approximate`"
    ]
    named = text.replace("unknown =", 'approximate = ["parameters"]\nunknown =')
    assert problems(tmp_path, "self_hosted/vision/m.toml", named) == []
    nothing = text.replace("parameters = 150_000_000\n", "").replace(
        "unknown =", 'approximate = ["parameters"]\nunknown ='
    )
    said = [it for it in problems(tmp_path, "self_hosted/vision/m.toml", nothing) if "approximate" in it]
    assert said == ["14: `approximate`: parameters is no number of this file"]


# What a task gives


@pytest.mark.parametrize(
    ("task", "expected"),
    [("audio", "audio"), ("image", "image"), ("video", "video"), ("embedding", "embedding"), ("3d", "3d"),
     ("transcription", "text"), ("chat", "audio or text"), ("completion", "text")],
)  # fmt: skip
def test_a_model_that_does_not_give_what_its_task_promises_is_refused(tmp_path: Path, task: str, expected: str) -> None:
    text = SELF_HOSTED.replace('"inference"', f'"{task}"')
    said = f"5: `task`: is {task}, but the model gives no {expected}; a model that only analyzes is `inference`"
    assert said in problems(tmp_path, "self_hosted/vision/m.toml", text)


def test_an_external_diarizer_is_no_speech_either(tmp_path: Path) -> None:
    text = EXTERNAL.replace('"chat"', '"audio"').replace('["vision"]', '["text_to_speech"]')
    assert problems(tmp_path, "providers/openai/m.toml", text) == [
        "4: `task`: is audio, but the model gives no audio; a model that only analyzes is `inference`",
        "5: `capabilities`: text_to_speech takes text and gives audio; the modalities say otherwise",
    ]


# Words that age


@pytest.mark.parametrize(
    ("description", "word"),
    [
        ("OpenAI's most capable model.", "most capable"),
        ("A state-of-the-art encoder.", "state-of-the-art"),
        ("State of the art in OCR.", "state of the art"),
        ("The latest Qwen.", "latest"),
        ("Google's frontier model.", "frontier"),
        ("The most widely used detector.", "most widely used"),
        ("xAI's current model.", "current"),
        ("Embeds in the best quality.", "best"),
    ],
)
def test_a_word_that_ages_is_refused_without_a_date(tmp_path: Path, description: str, word: str) -> None:
    said = "ages; say what the model does, or since when it was true (as of 2026-11)"
    for name, text in (("providers/openai/m.toml", EXTERNAL), ("self_hosted/vision/m.toml", SELF_HOSTED)):
        found = problems(tmp_path / name.split("/", 1)[0], name, text.replace("A model.", description))
        assert [it.partition("`description`: ")[2] for it in found] == [f"{word!r} {said}"]
        dated = text.replace("A model.", f"{description[:-1]} as of 2026-11.")
        assert problems(tmp_path / name.split("/", 1)[0], name, dated) == []


@pytest.mark.parametrize(
    "description", ["For most work.", "Renders new viewpoints.", "Takes the first image.", "For most of it."]
)
def test_words_that_compare_with_nothing_are_no_claim(tmp_path: Path, description: str) -> None:
    assert problems(tmp_path, "providers/openai/m.toml", EXTERNAL.replace("A model.", description)) == []
