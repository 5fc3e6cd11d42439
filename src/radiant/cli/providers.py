"""`radiant providers`: which companies are asked for their models, where, and what is declared about them."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from . import completion
from .command import asked
from .output import JsonOption, print_json, print_table, say
from .reason import reason_said

if TYPE_CHECKING:
    from radiant.app import App
    from radiant.domain.compliance import ProviderCompliance
    from radiant.domain.sync import ProviderState

providers = typer.Typer(no_args_is_help=True)

Provider = Annotated[str, typer.Argument(help="Its id, such as openai.", autocompletion=completion.providers)]
Standard = Annotated[str, typer.Argument(help="Such as HIPAA.")]
Reason = Annotated[
    str | None, typer.Option("--reason", help="Why, such as the date of the agreement.", callback=reason_said)
]
BaseUrl = Annotated[str | None, typer.Option("--base-url", help="The root of its API; {region} stands for a name.")]
KeyEnv = Annotated[
    str | None, typer.Option("--key-env", help="The environment variable with its key, in place of those known.")
]


@providers.command("list")
def list_(json: JsonOption = False) -> None:
    """List the providers, whether each has a key here, and what became of its list."""
    found: list[ProviderState] = asked(lambda app: app.providers.listed())
    if json:
        print_json(found)
        return
    columns = ("provider", "key", "variable", "status", "last complete list (UTC)")
    rows = [
        (it.id, it.has_key, it.key_env, it.status, it.last_complete and f"{it.last_complete:%Y-%m-%d %H:%M}")
        for it in found
    ]
    print_table("", columns, rows, prose=("status",))


@providers.command()
def show(context: typer.Context, provider: Provider, json: JsonOption = False) -> None:
    """Show how a provider is asked, and what came of it."""
    _stated(context, lambda app: app.providers.of(provider), json)


@providers.command()
def add(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="An id for it: lower-case letters, digits, and . _ -")],
    base_url: Annotated[str, typer.Option("--base-url", help="The root of its API, such as https://llm.acme.com/v1.")],
    name: Annotated[str | None, typer.Option("--name", help="How people call it.")] = None,
    key_env: KeyEnv = None,
    json: JsonOption = False,
) -> None:
    """Add any server that speaks OpenAI's API."""
    _stated(context, lambda app: app.providers.add(provider, name=name, base_url=base_url, key_env=key_env), json)


@providers.command("set")
def set_(
    context: typer.Context,
    provider: Provider,
    base_url: BaseUrl = None,
    key_env: KeyEnv = None,
    enable: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Whether it is asked, and its models are served.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Set how a provider is asked. Keys are read from the environment and never stored."""
    if base_url is None and key_env is None and enable is None:
        raise typer.BadParameter("say what to set: --base-url, --key-env, --enable or --disable")
    _stated(
        context, lambda app: app.providers.change(provider, base_url=base_url, key_env=key_env, enabled=enable), json
    )


def _stated(context: typer.Context, ask: "Callable[[App], Awaitable[ProviderState]]", json: bool) -> None:
    import msgspec

    found = asked(ask, context)
    if json:
        print_json(found)
        return
    print_table(found.display_name, ("field", "value"), msgspec.structs.asdict(found).items(), prose=("value",))
    if not found.lists_models:
        say("It has no list of its models.")


@providers.command()
def declare(
    context: typer.Context, provider: Provider, standard: Standard, reason: Reason = None, json: JsonOption = False
) -> None:
    """Declare that the condition of a standard is met, so that requests that require it may go there."""
    _changed(context, lambda app: app.compliance.declare(provider, standard, reason=reason), json)


@providers.command()
def undeclare(
    context: typer.Context, provider: Provider, standard: Standard, reason: Reason = None, json: JsonOption = False
) -> None:
    """Take such a declaration back."""
    _changed(context, lambda app: app.compliance.undeclare(provider, standard, reason=reason), json)


def _changed(context: typer.Context, change: "Callable[[App], Awaitable[ProviderCompliance]]", json: bool) -> None:
    found = asked(change, context)
    if json:
        print_json(found)
    else:
        _show(found)


def _show(found: "ProviderCompliance") -> None:
    """What holds now, and what would with a declaration."""
    typer.echo(f"{found.display_name} counts as: {', '.join(found.compliance) or 'nothing'}.")
    for name, terms in sorted(found.conditional.items()):
        if terms.condition is None and terms.covers is None:
            typer.echo(f"{terms.words(name)} ({terms.url}).")
            continue
        state = "declared met" if name in found.declared else "not declared"
        typer.echo(f"{terms.words(name)} ({terms.url}): {state}.")
