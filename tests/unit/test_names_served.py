"""Which model of the registry a server means by the name it has for one."""

import pytest

from radiant.catalog.load import Catalog
from radiant.names.served import served_as
from radiant.registry.model_names import ModelNames
from radiant.runtimes.aws.deploying import default_name


@pytest.fixture(scope="module")
def known(catalog: Catalog) -> list[ModelNames]:
    return [
        ModelNames(id, "self_hosted", id, f"sagemaker/{id}", (it.name, it.display_name))
        for id, it in catalog.self_hosted.items()
    ]


@pytest.mark.parametrize(
    ("name", "model", "why"),
    [
        ("mistral-7b-v0.3", "mistral-7b-v0.3", "it is called so here"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b-v0.3", "it is called so here"),
        ("mixtral:8x7b", "mixtral-8x7b", "its name is the same but for case and separators"),
        ("llama3.3:70b", "llama-3.3-70b", "without owner, packing and tag both are called 'llama-3-3-70b'"),
        ("bge-m3:latest", "bge-m3", "without owner, packing and tag both are called 'bge-m-3'"),
        ("qwen2.5:72b-instruct-q4_K_M", "qwen2.5-72b", "without owner, packing and tag both are called 'qwen-2-5-72b'"),
        ("/models/bge-m3-f16.gguf", "bge-m3", "without owner, packing and tag both are called 'bge-m-3'"),
        ("mistral:7b", "mistral-7b-v0.3", "it is the only model here whose name begins with 'mistral-7b'"),
        ("whisper", None, "it may be whisper-large-v3 or whisper-large-v3-turbo"),
        ("nobody-knows:1b", None, "no model here is called so"),
        ("mistral-7b-v0.30", None, "no model here is called so"),
        ("", None, "no model here is called so"),
    ],
)
def test_a_name_at_a_server_means_one_model_or_none_and_says_why(
    known: list[ModelNames], name: str, model: str | None, why: str
) -> None:
    assert served_as(name, known) == (model, why)


def test_every_model_of_the_catalog_is_recognized_by_its_own_names(known: list[ModelNames]) -> None:
    for it in known:
        assert served_as(it.model_id, known).model_id == it.model_id


def test_whatever_we_create_at_sagemaker_is_known_by_its_name(known: list[ModelNames]) -> None:
    named = {it.model_id: served_as(default_name(it.model_id), known).model_id for it in known}
    assert {id: found for id, found in named.items() if found != id} == {}
