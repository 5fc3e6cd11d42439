"""Answers that have no usage: what was made or heard is counted by the answer itself."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, Final

from radiant.domain.meter import METERS

from .quantity import MOST, PLACES
from .response_shape import Response, at, mappings

_SMALLEST: Final = Decimal(1).scaleb(-PLACES)

#: Counts of Replicate's metrics, and what they are: https://github.com/replicate/cog-runtime, 2026-11-27. Where none of
#: them is told, the time is what is charged.
_METRICS: Final = {
    "image_output_count": "images",
    "image_count": "images",
    "token_input_count": "input_tokens",
    "input_token_count": "input_tokens",
    "token_output_count": "output_tokens",
    "output_token_count": "output_tokens",
    "character_input_count": "input_characters",
    "audio_output_duration_seconds": "output_audio_seconds",
    "video_output_duration_seconds": "output_video_seconds",
}

#: Where a list of images stands, and what tells that an entry is one: OpenAI's Images API (also xAI, Together),
#: Stability's and Google's Imagen as HTTP and as clients have it.
_IMAGES: Final = (
    ("data", ("url", "b64_json")),
    ("artifacts", ("base64",)),
    ("predictions", ("bytesBase64Encoded",)),
    ("generatedImages", ("image",)),
    ("generated_images", ("image",)),
    ("images", ("url",)),
)

#: How an answer says that nothing came of it, or not yet.
_UNDONE: Final = frozenset(
    {
        "queued",
        "in_progress",
        "processing",
        "starting",
        "pending",
        "failed",
        "error",
        "canceled",
        "cancelled",
        "aborted",
    }
)


def counted(response: Response) -> dict[str, Any]:
    """What an answer without usage was for; nothing where that cannot be told."""
    if str(response.get("status")).lower() in _UNDONE:
        return {}
    for count in _COUNTERS:
        if usage := count(response):
            return usage
    return {}


def measured(seconds: Any) -> Any:
    """A time as it was measured, in as many places as are kept; what is no number stays as it is."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | str | Decimal):
        return seconds
    try:
        exact = Decimal(str(seconds))
        return exact.quantize(_SMALLEST, rounding=ROUND_HALF_EVEN) if abs(exact) <= MOST else seconds
    except InvalidOperation:
        return seconds


def _images(response: Response) -> dict[str, Any]:
    """Images, by quality and size where the answer says both."""
    for name, marks in _IMAGES:
        made = [it for it in mappings(response.get(name)) if any(mark in it for mark in marks)]
        if made:
            return _of_size(response, len(made))
    # Stability answers with one image (https://platform.stability.ai/docs/api-reference, 2026-11-27), Black Forest Labs
    # with where it is (https://docs.bfl.ai/api-reference, 2026-11-27).
    if isinstance(response.get("image"), str) and "finish_reason" in response:
        return {"images": 1}
    if isinstance(at(response, ("result", "sample")), str):
        return {"images": 1}
    return {"images": encoded} if (encoded := _encoded(response)) else {}


def _encoded(response: Response) -> int:
    """How many images a model of Bedrock made, which answers with their bytes; of Stability's one that was filtered
    says why and is none: pkg:pypi/litellm@1.110.2 (Nova Canvas),
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-diffusion-stable-ultra-text-image-request-response.html.
    Both read on 2026-11-27."""
    images, reasons = response.get("images"), response.get("finish_reasons")
    if not isinstance(images, list):
        return 0
    kept = reasons if isinstance(reasons, list) and len(reasons) == len(images) else [None] * len(images)
    return sum(isinstance(it, str) and bool(it) and reason is None for it, reason in zip(images, kept, strict=True))


def _of_size(response: Response, number: int) -> dict[str, Any]:
    said = [it for key in ("quality", "size") if isinstance(it := response.get(key), str) and it]
    usage: dict[str, Any] = {"images": number}
    name = "_".join(("images", *said))
    if name in METERS:
        usage[name] = number
    return usage


def _heard(response: Response) -> dict[str, Any]:
    """Transcriptions: seconds of sound, of each channel that was transcribed by itself.

    OpenAI, Groq: `duration`; AssemblyAI (https://www.assemblyai.com/docs/billing-and-pricing): `audio_duration`;
    ElevenLabs (pkg:pypi/elevenlabs@2.78.0): `audio_duration_secs`; Deepgram, which charges for each channel
    (https://github.com/orgs/deepgram/discussions/932): `metadata.duration`. All read on 2026-11-27.
    """
    if "text" in response:
        for name in ("duration", "audio_duration", "audio_duration_secs"):
            if _is_number(response.get(name)):
                return {"input_audio_seconds": measured(response[name])}
    seconds = at(response, ("metadata", "duration"))
    if _is_number(seconds) and ("results" in response or "request_id" in response["metadata"]):
        channels = at(response, ("metadata", "channels"))
        times = channels if isinstance(channels, int) and not isinstance(channels, bool) and channels > 1 else 1
        heard = measured(seconds)
        return {"input_audio_seconds": heard * min(times, MOST) if isinstance(heard, Decimal) else heard}
    return {}


def _video(response: Response) -> dict[str, Any]:
    """A film that OpenAI made: pkg:pypi/openai@3.57.0 (Video), 2026-11-27."""
    if response.get("object") == "video" and _is_number(response.get("seconds")):
        return {"output_video_seconds": measured(response["seconds"])}
    return {}


def _embedded(response: Response) -> dict[str, Any]:
    """Embeddings as Vertex AI has them, as HTTP and as its client: tokens, else characters.
    https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api, 2026-11-27."""
    told = [at(it, ("embeddings", "statistics", "token_count")) for it in mappings(response.get("predictions"))]
    told += [at(it, ("statistics", "tokenCount")) for it in mappings(response.get("embeddings"))]
    tokens = [Decimal(str(it)) for it in told if _is_number(it)]
    if tokens:
        return {"input_tokens": sum(tokens)}
    characters = at(response, ("metadata", "billableCharacterCount"))
    return {"input_characters": characters} if _is_number(characters) else {}


def _measured_work(response: Response) -> dict[str, Any]:
    """What a prediction of Replicate was measured by."""
    metrics = response.get("metrics")
    if not isinstance(metrics, Mapping) or not _is_number(metrics.get("predict_time")):
        return {}
    usage = {meter: measured(metrics[name]) for name, meter in _METRICS.items() if _is_number(metrics.get(name))}
    return usage or {"gpu_seconds": measured(metrics["predict_time"])}


def _is_number(it: Any) -> bool:
    """Whether it is a number, or one that is written as a text."""
    if isinstance(it, str):
        return bool(it) and it.replace(".", "", 1).isdecimal()
    return isinstance(it, int | float | Decimal) and not isinstance(it, bool)


_COUNTERS: Final[tuple[Callable[[Response], dict[str, Any]], ...]] = (
    _images,
    _heard,
    _video,
    _embedded,
    _measured_work,
)
