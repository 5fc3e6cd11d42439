"""Runs an asynchronous command, and names options instead of fields in its errors."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import typer

from radiant.domain.errors import (
    InvalidCriteria,
    NoEligibleModel,
    RadiantError,
    RuleViolated,
    UnknownFilterValue,
    UsageInvalid,
)

if TYPE_CHECKING:
    from radiant.app import App

T = TypeVar("T")

#: Exit codes. `ALREADY`: another run holds the place of the one asked for.
FAILED, WRONG_USAGE, NOTHING_FITS, ALREADY = 1, 2, 3, 3

#: The field of a request for each parameter of `radiant select` that is named otherwise.
CRITERIA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "input": "input_modalities",
        "output": "output_modalities",
        "tier": "tenant_tier",
        "hosting": "prefer_hosting",
        "capability": "required_capabilities",
        "provider": "prefer_providers",
        "min_context": "min_context_window",
        "max_latency": "max_latency_ms",
        "max_cost": "max_cost_per_request",
        "hipaa": "require_hipaa",
        "commercial": "require_commercial_use",
        "only_provider": "only_providers",
        "exclude_provider": "exclude_providers",
        "connected": "connected_only",
        "max_input_cost": "max_input_cost_per_1k",
        "max_output_cost": "max_output_cost_per_1k",
        "max_wait": "max_wait_s",
    }
)

#: The meter of each parameter of `radiant cost` that is one; others stand in `--use`.
METERS_OF_COST: Final[Mapping[str, str]] = MappingProxyType(
    {"input": "input_tokens", "output": "output_tokens", "cached": "cache_read_tokens"}
)

#: As `CRITERIA`, for filters of models.
FILTERS: Final[Mapping[str, str]] = MappingProxyType(
    {"input": "input_modalities", "output": "output_modalities", "capability": "capabilities"}
)

#: Where parameters are named as the fields are.
NAMED_ALIKE: Final[Mapping[str, str]] = MappingProxyType({})


def run(
    command: Callable[[], Coroutine[Any, Any, T]],
    context: typer.Context | None = None,
    fields: Mapping[str, str] = NAMED_ALIKE,
) -> T:
    """Run one asynchronous command. Its errors name what was typed: the options of `context` that stand for fields."""
    import asyncio
    import gc

    gc.set_threshold(100_000)  # thousands of models are read once and printed: looking for garbage among them is idle
    try:
        return asyncio.run(command())
    except (InvalidCriteria, UnknownFilterValue, UsageInvalid, NoEligibleModel, RuleViolated) as error:
        if context is None:
            raise
        raise as_typed(error, options_of(context, fields)) from error


def asked(
    ask: "Callable[[App], Awaitable[T]]",
    context: typer.Context | None = None,
    fields: Mapping[str, str] = NAMED_ALIKE,
) -> T:
    """What `ask` gets from the registry, which is open for as long; `context` and `fields` as in `run`."""
    from radiant.app import App
    from radiant.settings import Settings

    async def command() -> T:
        async with await App.open(Settings.from_environment()) as app:
            return await ask(app)

    return run(command, context, fields)


def typed(given: Mapping[str, Any], kind: type[T], *, option: str | None = None, **named: str) -> T:
    """What was typed as a `kind`, within the bounds that its fields have.

    Raises BadParameter for the option of the field that is wrong: `option`, or what `named` says, or one that is named
    as the field is.
    """
    import msgspec

    from radiant.wording import complaint

    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        found = complaint(error, kind)
        field = found.field.partition(".")[0].partition("[")[0]
        allowed = f" ({', '.join(found.allowed)})" if found.allowed else ""
        hint = option or named.get(field, f"--{field.replace('_', '-')}")
        raise typer.BadParameter(f"{found.problem}{allowed}", param_hint=hint) from error


def options_of(context: typer.Context, fields: Mapping[str, str] = NAMED_ALIKE) -> dict[str, str]:
    """How each field is typed: `--tier` for `tenant_tier`, and an argument as usage shows it."""
    typed = {"usage": "--input-tokens or --output-tokens"}
    for parameter in context.command.params:
        name = str(parameter.name)
        is_option = parameter.param_type_name == "option"
        typed[fields.get(name, name)] = (
            max(parameter.opts, key=len) if is_option else str(parameter.metavar or name.upper())
        )
    return typed


def as_typed(error: RadiantError, options: Mapping[str, str]) -> RadiantError:
    """The same error in the words of a command line."""
    if isinstance(error, InvalidCriteria):
        field = error.field.removeprefix("usage.").partition("[")[0]  # which of several that were typed is in the words
        typed = options.get(field, error.field)
        return InvalidCriteria(typed, error.problem, error.allowed, error.close)
    if isinstance(error, UnknownFilterValue):
        from radiant.names.folding import nearest

        close = error.close or nearest(error.value, error.allowed)
        return UnknownFilterValue(options.get(error.field, error.field), error.value, error.allowed, close)
    if isinstance(error, UsageInvalid):
        from radiant.domain.meter import METERS

        other = f"{options['use']} {error.field}" if "use" in options and error.field in METERS else error.field
        return UsageInvalid(options.get(error.field, other), error.problem)
    if isinstance(error, RuleViolated) and error.field is not None and error.field in options:
        typed = options[error.field]
        return RuleViolated(error.rule, error.kind, f"{typed}: {error}", field=typed)
    if isinstance(error, NoEligibleModel):
        return NoEligibleModel(error.diagnosis, options)
    return error


def exit_code(error: RadiantError) -> int:
    if isinstance(error, InvalidCriteria | UnknownFilterValue | UsageInvalid):
        return WRONG_USAGE
    if isinstance(error, RuleViolated) and error.field is not None:
        return WRONG_USAGE
    return NOTHING_FITS if isinstance(error, NoEligibleModel) else FAILED
