"""A number with its noun, singular or plural."""


def counted(count: int, one: str, more: str = "") -> str:
    """`1 model`, `4,242 models`. Words that change with the number go along: ("model is", "models are")."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"
