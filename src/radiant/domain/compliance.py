"""Standards that hold only with a condition, and what to do about a refusal for one."""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Terms(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """On what terms a provider states a standard, and on which page.

    `condition` is what a customer must have or do; `covers` the product the page speaks of, where that is another
    than the API the models are called through. `models` are patterns of the only ids it covers, `excepted` of those it
    leaves out.
    """

    url: str
    condition: str | None = None
    covers: str | None = None
    models: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()

    def covered(self, model_id: str) -> bool:
        """Whether the page speaks of this model of the provider."""
        return (not self.models or _matches(self.models, model_id)) and not _matches(self.excepted, model_id)

    def words(self, standard: str, model_id: str | None = None) -> str:
        """The terms as half a sentence, of one model or of all."""
        if self.covers is not None:
            return f"{standard} is stated for {self.covers}, not for this API"
        if model_id is not None and not self.covered(model_id):
            return f"{standard} is not stated for this model"
        whole = "holds" if self.condition is None else f"holds only with: {self.condition.rstrip('.')}"
        scope = f"; of these models: {', '.join(self.models)}" if self.models else ""
        lacking = f"; not of: {', '.join(self.excepted)}" if self.excepted else ""
        return f"{standard} {whole}" + ("" if model_id is not None else scope + lacking)


def _matches(patterns: Iterable[str], called: str) -> bool:
    """Whether this is one of the patterns; select_model() in SQL asks the same."""
    return any(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), called, re.DOTALL) for pattern in patterns)


class Step(StrEnum):
    """What a person can do so that a model is refused no longer."""

    DECLARE = "declare_compliance"  #: declare that the condition of `standard` is met at `provider_id`
    DECIDE = "decide_license"  #: read the license and decide about commercial use oneself


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """A step, and what it is about."""

    step: Step
    provider_id: str | None = None
    standard: str | None = None

    @staticmethod
    def decision(model_id: str) -> str:
        """How one decides about the license of a model oneself: a statement for psql, in double quotes."""
        text = "\"UPDATE self_hosted_models SET commercial_use_allowed = true WHERE model_id = '{}'\""
        return text.format(model_id.replace("'", "''"))


class ProviderCompliance(msgspec.Struct, frozen=True, kw_only=True):
    """What holds at one provider: without a condition or because an operator declared it (`compliance`), what of that
    was declared, and the terms of every standard that has some."""

    provider_id: str
    display_name: str
    compliance: tuple[str, ...]
    declared: tuple[str, ...]
    conditional: dict[str, Terms]
