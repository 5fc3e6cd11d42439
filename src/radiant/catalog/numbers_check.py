"""Whether a number of a self-hosted model is counted, or says that it is rounded. Pure."""

from collections.abc import Iterator

from radiant.domain.self_hosted import SelfHostedModel

Problem = tuple[str | None, str]

#: A count that ends in as many zeros was read off a title; of ten thousand true ones, one looks so.
ROUND = 10_000


def number_problems(model: SelfHostedModel) -> Iterator[Problem]:
    """Counts that look rounded without saying so, and what is called approximate without being there."""
    for field in model.approximate:
        if not isinstance(getattr(model, field, None), int):
            yield "approximate", f"{field} is no number of this file"
    if model.parameters is not None and model.parameters % ROUND == 0 and "parameters" not in model.approximate:
        yield (
            "parameters",
            f"is {model.parameters:,}, a round number; count the header of the weights, or name it in `approximate`",
        )
