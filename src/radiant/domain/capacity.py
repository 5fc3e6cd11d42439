"""What a service answers to a request for a model of which nothing runs at the moment."""


def has_no_capacity(status: int, words: str) -> bool:
    """Whether a refused request to an inference component of Amazon SageMaker says that no copy of it runs.

    That is no failure: the model sleeps, or is on its way up. SageMaker answers 400 then, or 429 while a copy starts.
    """
    return (status == 400 and "has no capacity" in words) or (status == 429 and "ModelNotReady" in words)
