"""The closed vocabularies of the registry.

Every member's value is what stands in PostgreSQL, in catalog files and on the wire.
"""

from enum import StrEnum


class Word(StrEnum):
    """One of a closed list. It is looked up by each model of a registry, and Enum's own hash is written in Python."""

    __hash__ = str.__hash__


class Task(Word):
    """What a request wants done; the `primary_mode` of a model."""

    CHAT = "chat"
    COMPLETION = "completion"
    EMBEDDING = "embedding"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    TRANSCRIPTION = "transcription"
    SEARCH = "search"
    THREE_D = "3d"
    INFERENCE = "inference"
    RERANK = "rerank"
    MODERATION = "moderation"
    OCR = "ocr"
    REALTIME = "realtime"
    OTHER = "other"


class Modality(Word):
    """What goes into a model or comes out of it."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"  #: documents such as PDF
    THREE_D = "3d"  #: meshes, point clouds, radiance fields, atomic coordinates
    VOLUME = "volume"  #: CT, MRI and other voxel data
    GRAPH = "graph"  #: molecular and other graphs
    MASK = "mask"  #: segmentation masks
    EMBEDDING = "embedding"  #: vectors
    STRUCTURED = "structured"  #: labels, boxes, scores, JSON


class Hosting(Word):
    EXTERNAL = "external"
    SELF_HOSTED = "self_hosted"


class Category(Word):
    """The shelf of a self-hosted model."""

    VISION = "vision"
    AUDIO = "audio"
    SCIENTIFIC = "scientific"
    MEDICAL = "medical"
    GEOSPATIAL = "geospatial"
    THREE_D = "3d"
    LLM = "llm"


class ModelClass(Word):
    """How a model's own provider positions it among its models."""

    FLAGSHIP = "flagship"  #: its most capable
    STANDARD = "standard"  #: balanced, for general work
    SMALL = "small"  #: its fastest and most cost-efficient


class ThermalState(Word):
    OFF = "OFF"  #: disabled, never started by a request
    COLD = "COLD"  #: scaled to zero, can be started on demand
    WARM = "WARM"  #: minimum instances up
    HOT = "HOT"  #: scaled up for load


class HealthStatus(Word):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


class CommercialUse(Word):
    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
