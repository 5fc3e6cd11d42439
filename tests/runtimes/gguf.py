"""A model of half a megabyte in the format of llama.cpp (GGUF 3): two layers of zeros, with a vocabulary of bytes.

What it answers is nothing; that it is loaded, listed and unloaded is real.
"""

import struct
from pathlib import Path
from typing import Any, Final

WIDTH: Final = 64
LAYERS: Final = 2
FORWARD: Final = 128
VOCABULARY: Final = 288

#: Types of values: uint32, int32, float32, string, list.
_UINT, _INT, _FLOAT, _STRING, _LIST = 4, 5, 6, 8, 9

#: Types of tokens: normal, unknown, control, byte.
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6

_ALIGNMENT: Final = 32
_TEMPLATE: Final = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


def write_model(path: Path) -> None:
    """Write the model to `path`."""
    named, tensors = _values(), _tensors()
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(named))]
    head += [_text(name) + struct.pack("<I", kind) + value for name, (kind, value) in named.items()]
    offset = 0
    data: list[bytes] = []
    for name, shape in tensors.items():
        head.append(_text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset))
        size = 4
        for length in shape:
            size *= length
        ones = name.endswith("norm.weight")
        body = struct.pack("<f", 1.0 if ones else 0.0) * (size // 4)
        data.append(body + b"\0" * (-size % _ALIGNMENT))
        offset += len(data[-1])
    before = b"".join(head)
    path.write_bytes(before + b"\0" * (-len(before) % _ALIGNMENT) + b"".join(data))


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _list(kind: int, values: list[Any]) -> bytes:
    packed = [_text(it) if kind == _STRING else struct.pack("<f" if kind == _FLOAT else "<i", it) for it in values]
    return struct.pack("<IQ", kind, len(values)) + b"".join(packed)


def _values() -> dict[str, tuple[int, bytes]]:
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{it:02X}>" for it in range(256))]
    fillers = [f"filler{it}" for it in range(VOCABULARY - len(tokens))]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_NORMAL] * len(fillers)]
    counts = {
        "llama.context_length": 512,
        "llama.embedding_length": WIDTH,
        "llama.block_count": LAYERS,
        "llama.feed_forward_length": FORWARD,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 4,
        "llama.rope.dimension_count": 16,
        "llama.vocab_size": VOCABULARY,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "general.alignment": _ALIGNMENT,
    }
    texts = {
        "general.architecture": "llama",
        "general.name": "tiny",
        "tokenizer.ggml.model": "llama",
        "tokenizer.chat_template": _TEMPLATE,
    }
    return {
        **{name: (_STRING, _text(it)) for name, it in texts.items()},
        **{name: (_UINT, struct.pack("<I", it)) for name, it in counts.items()},
        "llama.attention.layer_norm_rms_epsilon": (_FLOAT, struct.pack("<f", 1e-5)),
        "tokenizer.ggml.tokens": (_LIST, _list(_STRING, [*tokens, *fillers])),
        "tokenizer.ggml.scores": (_LIST, _list(_FLOAT, [0.0] * VOCABULARY)),
        "tokenizer.ggml.token_type": (_LIST, _list(_INT, kinds)),
    }


def _tensors() -> dict[str, tuple[int, ...]]:
    """Names and shapes, the fastest dimension first."""
    whole = {
        "token_embd.weight": (WIDTH, VOCABULARY),
        "output_norm.weight": (WIDTH,),
        "output.weight": (WIDTH, VOCABULARY),
    }
    for layer in range(LAYERS):
        at = f"blk.{layer}."
        whole |= {f"{at}attn_norm.weight": (WIDTH,), f"{at}ffn_norm.weight": (WIDTH,)}
        whole |= {f"{at}attn_{it}.weight": (WIDTH, WIDTH) for it in ("q", "k", "v", "output")}
        whole |= {f"{at}ffn_{it}.weight": (WIDTH, FORWARD) for it in ("gate", "up")}
        whole |= {f"{at}ffn_down.weight": (FORWARD, WIDTH)}
    return whole
