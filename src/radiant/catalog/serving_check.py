"""Whether a self-hosted model can be served as its file says, and gives what its task promises. Pure."""

import re
from collections.abc import Iterator

from radiant.domain.external import ExternalModel
from radiant.domain.self_hosted import Readiness, SelfHostedModel
from radiant.domain.vocabulary import Modality, Task

from .load import Catalog

Problem = tuple[str | None, str]

#: Settings that bound the tokens of one request, input and output: of vLLM by itself and in AWS's images, of Large
#: Model Inference, of Text Generation Inference, of Text Embeddings Inference.
WINDOW_SETTINGS = (
    "MAX_MODEL_LEN",
    "VLLM_MAX_MODEL_LEN",
    "SM_VLLM_MAX_MODEL_LEN",
    "OPTION_MAX_MODEL_LEN",
    "MAX_TOTAL_TOKENS",
    "MAX_BATCH_TOKENS",
)

#: The token that the Hugging Face hub asks for before it hands out a gated model.
HUB_TOKEN = "HF_TOKEN"  # noqa: S105 - the name of a variable

_VARIABLE = re.compile(r"^[A-Z][A-Z0-9_]*$")

#: What a model of a task gives at the least: one of these.
GIVES: dict[Task, frozenset[Modality]] = {
    Task.CHAT: frozenset({Modality.TEXT, Modality.AUDIO}),
    Task.COMPLETION: frozenset({Modality.TEXT}),
    Task.EMBEDDING: frozenset({Modality.EMBEDDING}),
    Task.IMAGE: frozenset({Modality.IMAGE}),
    Task.VIDEO: frozenset({Modality.VIDEO}),
    Task.AUDIO: frozenset({Modality.AUDIO}),
    Task.TRANSCRIPTION: frozenset({Modality.TEXT}),
    Task.THREE_D: frozenset({Modality.THREE_D}),
    Task.OCR: frozenset({Modality.TEXT, Modality.STRUCTURED}),
    Task.RERANK: frozenset({Modality.STRUCTURED, Modality.TEXT}),
    Task.MODERATION: frozenset({Modality.STRUCTURED, Modality.TEXT}),
}


def task_problems(model: ExternalModel | SelfHostedModel) -> Iterator[Problem]:
    """Whether what comes out of a model is what people mean who ask for its task: a diarizer speaks no word."""
    given = GIVES.get(model.task)
    if given is not None and not given & set(model.output_modalities):
        expected = " or ".join(sorted(given))
        yield "task", f"is {model.task}, but the model gives no {expected}; a model that only analyzes is `inference`"
    if "text_to_speech" in model.capabilities and not (
        Modality.TEXT in model.input_modalities and Modality.AUDIO in model.output_modalities
    ):
        yield "capabilities", "text_to_speech takes text and gives audio; the modalities say otherwise"


def serving_problems(model: SelfHostedModel, catalog: Catalog) -> Iterator[Problem]:
    """Keys of `serving` and the windows that contradict each other, or that nobody could start a model by."""
    serving = model.serving
    if serving.container is None:
        if serving.readiness is Readiness.READY:
            yield "serving.container", "is missing; what is ready to be served names its container"
        if not serving.note:
            yield "serving.note", "is missing; without a container, say what an image of one's own has to hold"
    elif serving.container not in catalog.containers:
        allowed = ", ".join(sorted(catalog.containers))
        yield "serving.container", f"{serving.container} is not in containers.toml; expected one of: {allowed}"
    elif serving.readiness is Readiness.READY and not serving.environment:
        yield (
            "serving.readiness",
            "is ready, but no environment tells the container what to load; write it, or bring_your_own_code",
        )
    if serving.runtime not in catalog.runtimes:
        allowed = ", ".join(sorted(catalog.runtimes))
        yield "serving.runtime", f"{serving.runtime} is not in runtimes.toml; expected one of: {allowed}"
    yield from _keys(model)
    yield from _window(model, catalog)


def _keys(model: SelfHostedModel) -> Iterator[Problem]:
    for name in model.serving.key_variables:
        if not _VARIABLE.match(name):
            yield "serving.key_variables", f"{name!r} is no name of an environment variable"
        elif name in model.serving.environment:
            yield "serving.environment", f"holds {name}, whose value is a secret; `key_variables` names it already"
    gated = model.license.weights is not None and model.license.weights.gated
    on_hub = "huggingface.co/" in (model.upstream.weights or "")
    if gated and on_hub and HUB_TOKEN not in model.serving.key_variables:
        yield "serving.key_variables", f"does not name {HUB_TOKEN}, without which the hub gives out no gated model"


def _window(model: SelfHostedModel, catalog: Catalog) -> Iterator[Problem]:
    own, served = model.model_context_window, model.context_window
    if own is not None and (served is None or own <= served):
        yield "model_context_window", "is the window of the model where the endpoint serves less; leave it out here"
    limits: dict[str, int] = {}
    for name in WINDOW_SETTINGS:
        value = model.serving.environment.get(name)
        if value is None:
            continue
        if not re.fullmatch(r"[1-9][0-9]{0,8}", value):
            yield f"serving.environment.{name}", f"is {value!r}; expected a whole number of tokens"
        else:
            limits[f"its {name} lets the endpoint serve"] = int(value)
    container = catalog.containers.get(model.serving.container or "")
    if not limits and container is not None and container.default_window is not None:
        limits[f"its container {model.serving.container} serves, unless the environment says otherwise,"] = (
            container.default_window
        )
    for words, limit in limits.items():
        if served is not None and served > limit:
            yield (
                "context_window",
                f"is {served:,}, but {words} {limit:,}; write that, and the model's own as model_context_window",
            )
