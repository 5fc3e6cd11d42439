"""What our own files and the shelves say of self-hosted models, held against what was looked up."""

import pytest

from radiant.catalog.load import SHIPPED, Catalog, load_catalog
from radiant.catalog.rows import warmup_seconds
from radiant.catalog.shelf import PREFIX, shelf_folder, shelf_names
from radiant.domain.errors import UnknownFilterValue
from radiant.domain.self_hosted import Readiness, SelfHostedModel
from radiant.domain.vocabulary import Modality, Task

READY, OWN_CODE = Readiness.READY, Readiness.BRING_YOUR_OWN_CODE


@pytest.fixture(scope="module")
def whole() -> Catalog:
    return load_catalog(shelves=shelf_names())


@pytest.fixture(scope="module")
def models(whole: Catalog) -> dict[str, SelfHostedModel]:
    return whole.self_hosted


@pytest.fixture(scope="module")
def ours(whole: Catalog) -> dict[str, SelfHostedModel]:
    return {id: it for id, it in whole.self_hosted.items() if whole.owner("self_hosted", id) == SHIPPED}


# What is served


@pytest.mark.parametrize(
    ("model", "served", "own"),
    [("llama-3.3-70b", 32_768, 131_072), ("qwen2.5-72b", 32_768, 131_072), ("gte-qwen2-7b", 16_384, 32_768)],
)
def test_a_window_is_what_the_endpoint_serves(
    ours: dict[str, SelfHostedModel], model: str, served: int, own: int
) -> None:
    assert (ours[model].context_window, ours[model].model_context_window) == (served, own)


#: Every one of the 56, by how its task was decided.
TASKS = {
    Task.AUDIO: "speecht5-tts",
    Task.TRANSCRIPTION: "whisper-large-v3 whisper-large-v3-turbo",
    Task.OCR: "paddleocr-v4 trocr-large",
    Task.THREE_D: "3dgs instant-ngp nerfstudio-nerfacto point-e shap-e",
    Task.COMPLETION: "starcoder2-15b",
    Task.CHAT: "codellama-70b deepseek-coder-33b llama-3.2-11b-vision llama-3.3-70b mistral-7b-v0.3 mixtral-8x7b "
    "qwen2.5-72b",
    Task.EMBEDDING: "bge-large-en bge-m3 biomedclip e5-mistral-7b esm2-3b esm2-650m gte-qwen2-7b jina-embeddings-v3 "
    "mxbai-embed-large titanet-l vit-l-14",
    Task.INFERENCE: "alphafold2 alphageometry chexnet clip-vit-l convnext-xl detr-resnet-101 efficientnet-b0 "
    "efficientnetv2-l esmfold geosam graphormer med-sam2 medsam monai-vista3d muzero nnunet prithvi-100m prithvi-600m "
    "pyannote-diarization-3.1 rosettafold2 sam-2 sam-vit-h satmae wav2vec2-xlsr-53 yolo11m yolov8m yolov8x",
}


def test_the_56_have_the_task_that_people_mean(ours: dict[str, SelfHostedModel]) -> None:
    found: dict[Task, set[str]] = {}
    for id, model in ours.items():
        found.setdefault(model.task, set()).add(id)
    assert found == {task: set(names.split()) for task, names in TASKS.items()}
    assert len(ours) == 56


def test_what_speaks_is_told_from_what_listens(
    models: dict[str, SelfHostedModel], ours: dict[str, SelfHostedModel]
) -> None:
    speaking = {id for id, it in models.items() if "text_to_speech" in it.capabilities}
    assert speaking == {id for id, it in models.items() if it.task is Task.AUDIO} == {"speecht5-tts", "kokoro-82m"}
    assert all(Modality.AUDIO in models[id].output_modalities for id in speaking)
    assert ours["pyannote-diarization-3.1"].capabilities == ("speaker_diarization",)
    assert "speaker_embedding" in ours["titanet-l"].capabilities


def test_who_brings_code_along_is_told_and_what_no_image_runs_names_none(ours: dict[str, SelfHostedModel]) -> None:
    assert sum(it.serving.readiness is OWN_CODE for it in ours.values()) == 33
    without = {id for id, it in ours.items() if it.serving.container is None}
    assert without == {"alphafold2", "alphageometry", "paddleocr-v4"}
    assert all("JAX" in (ours[id].serving.note or "") for id in ("alphafold2", "alphageometry"))
    assert all(it.serving.environment for it in ours.values() if it.serving.readiness is READY)


def test_the_gated_models_name_the_token(ours: dict[str, SelfHostedModel]) -> None:
    named = {id for id, it in ours.items() if it.serving.key_variables == ("HF_TOKEN",)}
    gated = {id for id, it in ours.items() if it.license.weights and it.license.weights.gated}
    assert named == gated and len(gated) == 5


def test_a_warm_up_is_several_minutes_and_more_for_more_weights(whole: Catalog) -> None:
    def seconds(id: str) -> int:
        model = whole.self_hosted[id]
        return warmup_seconds(model, whole.runtimes[model.serving.runtime])

    assert min(map(seconds, whole.self_hosted)) >= 300
    assert (seconds("efficientnet-b0"), seconds("whisper-large-v3"), seconds("llama-3.3-70b")) == (301, 313, 865)
    assert whole.runtimes["sagemaker"].source.startswith("https://docs.aws.amazon.com/sagemaker/")


# Numbers

COUNTED = {
    "prithvi-600m": 657_668_248,
    "prithvi-100m": 112_639_488,
    "esm2-3b": 2_839_005_634,
    "monai-vista3d": 217_964_982,
    "whisper-large-v3": 1_543_490_560,
    "whisper-large-v3-turbo": 808_878_080,
    "sam-vit-h": 641_090_608,
    "yolov8m": 25_902_640,
    "yolov8x": 68_229_648,
    "yolo11m": 20_114_688,
    "clip-vit-l": 427_616_513,
    "vit-l-14": 304_368_640,
    "convnext-xl": 350_196_968,
    "efficientnetv2-l": 118_515_272,
    "wav2vec2-xlsr-53": 317_390_592,
    "biomedclip": 195_902_721,
}


def test_counts_are_those_of_the_weights(ours: dict[str, SelfHostedModel]) -> None:
    assert {id: ours[id].parameters for id in COUNTED} == COUNTED
    assert not any("parameters" in ours[id].approximate for id in COUNTED)


def test_what_is_still_rounded_says_so(ours: dict[str, SelfHostedModel]) -> None:
    rounded = {id for id, it in ours.items() if "parameters" in it.approximate}
    assert {"shap-e", "point-e", "sam-2", "satmae"} <= rounded
    assert len(rounded) == 14
    assert ours["muzero"].parameters is None, "a method, not a product of 1,532 parameters"


def test_whisper_is_counted_layer_by_layer(ours: dict[str, SelfHostedModel]) -> None:
    """From the layers of whisper/model.py: keys have no bias, and the output is the embedding again."""
    width, tokens, mels = 1280, 51_866, 128
    attention, norm, inner = 4 * width**2 + 3 * width, 2 * width, 8 * width**2 + 5 * width
    encoder = 3 * mels * width + 3 * width**2 + 2 * width + 1500 * width + 32 * (attention + 2 * norm + inner) + norm
    for id, layers in (("whisper-large-v3", 32), ("whisper-large-v3-turbo", 4)):
        decoder = (tokens + 448) * width + layers * (2 * attention + 3 * norm + inner) + norm
        assert ours[id].parameters == encoder + decoder


@pytest.mark.parametrize(
    ("model", "dimension"),
    [("prithvi-100m", 768), ("prithvi-600m", 1_280), ("satmae", 1_024), ("wav2vec2-xlsr-53", 1_024)],
)
def test_an_encoder_says_how_long_its_vectors_are(ours: dict[str, SelfHostedModel], model: str, dimension: int) -> None:
    assert ours[model].embedding_dimension == dimension


# The second shelf


def test_the_shelf_has_what_the_56_lack(whole: Catalog) -> None:
    shelved = {id: it for id, it in whole.self_hosted.items() if whole.owner("self_hosted", id) == f"{PREFIX}more"}
    assert len(shelved) >= 12
    tasks = {it.task for it in shelved.values()}
    assert {Task.IMAGE, Task.VIDEO, Task.RERANK, Task.MODERATION, Task.OCR, Task.EMBEDDING, Task.CHAT} <= tasks
    assert all(it.sources and it.license.weights for it in shelved.values())


def test_our_own_catalog_alone_has_the_56(catalog: Catalog) -> None:
    assert len(catalog.self_hosted) == 56
    assert catalog.shelves == ()


def test_a_shelf_there_is_not_is_told() -> None:
    with pytest.raises(UnknownFilterValue, match="shelf 'less' is unknown; expected one of: more"):
        shelf_folder("less")
