"""Every runtime that Radiant speaks to: one line each. An endpoint names its line."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from radiant.domain.endpoint import Observed

from .generic import Generic
from .llama_cpp import LlamaCpp
from .llama_swap import LlamaSwap
from .lm_studio import LmStudio
from .ollama import Ollama
from .runtime import Runtime
from .sagemaker import SageMaker
from .sglang import SGLang
from .tgi import Tgi
from .v2 import Indexed, KServe
from .vllm import Vllm

RUNTIMES: Final[Mapping[str, Runtime]] = MappingProxyType(
    {
        "vllm": Vllm(),
        "ollama": Ollama(),
        "llama_cpp": LlamaCpp(),
        "llama_swap": LlamaSwap(),
        "kserve": KServe("kserve", "openai"),
        "triton": Indexed("triton", "triton"),
        "mlserver": Indexed("mlserver", "triton"),
        "tgi": Tgi(),
        "sglang": SGLang(),
        "lm_studio": LmStudio(),
        "http": Generic(),
        "sagemaker": SageMaker(),
    }
)


def unknown(runtime: str, at: dt.datetime) -> Observed:
    """What is seen of an endpoint whose runtime is not in the roster: a newer program, or `psql`, wrote it."""
    return Observed(at=at, state=None, problem=f"this version knows no runtime {runtime}")
