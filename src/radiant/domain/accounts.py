"""What a provider says of an account or a key in an answer whose status says something else."""

from typing import Final

#: Of a key that is wrong, which Google and xAI answer with 400; so exactly since a message may repeat what was asked.
_KEYS: Final = ("api_key_invalid", "api key not valid", "incorrect api key", "invalid api key")

#: Of an account of which nothing is left. Anthropic answers 400 (BerriAI/litellm, pull request 16092), OpenAI 429
#: (langchain-ai/langchainjs, issue 1929; QuantumNous/new-api, issue 462), as where one has only to wait: read on
#: 2026-11-27. "You exceeded your current quota" alone is what Gemini says of a limit by the minute, too
#: (RooCodeInc/Roo-Code, issue 3883).
_ACCOUNTS: Final = ("insufficient_quota", "credit balance is too low", "your access was terminated")


def refuses_account(status: int, words: str) -> bool:
    """Whether a request was refused for whose it was, though its status speaks of the request or of its rate."""
    said = words.lower()
    if status == 400 and any(it in said for it in _KEYS):
        return True
    return status in (400, 429) and any(it in said for it in _ACCOUNTS)
