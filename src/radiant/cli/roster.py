"""The commands of `radiant`, in the order of its help: a command is one file and one line here.

Only the command that was typed is loaded. Its help stands here, since the page of all commands shows it without them.
"""

from typing import Final, NamedTuple


class Line(NamedTuple):
    """`found` is the module below `radiant.cli` and the name in it: a function, or a Typer with commands of its own."""

    name: str
    found: str
    help: str


ROSTER: Final = (
    Line("up", "up:up", "Start the registry: database, schema, catalog and API. Ctrl-C stops everything."),
    Line(
        "api",
        "worker:api",
        "Serve a registry that stands already, without running jobs. Prepares and changes nothing.",
    ),
    Line(
        "worker",
        "worker:worker",
        "Run jobs for a registry that stands already, until Ctrl-C. On as many machines as wanted.",
    ),
    Line("models", "models:models", "List the models of the registry."),
    Line("select", "selection:select", "Choose the model that should serve a request right now."),
    Line("cost", "cost:cost", "Show what a usage costs, item by item, at any moment."),
    Line("spend", "spend:spend", "Show what was spent, by tenant, provider, model, day or month."),
    Line(
        "own-cost",
        "own_cost:own_cost",
        "Show what a self-hosted model costs for each unit of work, and from when on it is cheaper than another.",
    ),
    Line("stats", "models:stats", "Count the models by hosting, health and thermal state."),
    Line(
        "sync",
        "sync:sync",
        "Ask providers for lists and signs of life, in this process. Exit codes: 0 done, 1 failed, 3 already running.",
    ),
    Line(
        "health",
        "health:health",
        "Show how providers are, as probes and reported outcomes measured it; times are UTC. Only --completion asks.",
    ),
    Line("token", "token:token", "Print the admin token."),
    Line("doctor", "doctor:doctor", "Say what is missing and what to do about it. Changes nothing."),
    Line(
        "simulate",
        "simulate:simulate",
        "Play fake providers, public catalogs and runtimes on 127.0.0.1 until Ctrl-C, with the faults a script says.",
    ),
    Line("model", "models:model", "One model."),
    Line("catalog", "catalog:catalog", "The curated facts, and what public catalogs say."),
    Line("providers", "providers:providers", "The companies whose APIs serve models."),
    Line("sources", "sources:sources", "The public catalogs that runs fetch; a fresh registry fetches none."),
    Line("endpoints", "endpoints:endpoints", "Where your own models run."),
    Line("thermal", "thermal:thermal", "How warm your own models are."),
    Line("review", "review:review", "Models that providers list and nobody has decided about."),
    Line("prices", "prices:prices", "Prices with their history, changes that wait, and prices of your own."),
    Line("overrides", "overrides:overrides", "What people changed or deleted by hand."),
    Line("events", "events:events", "What happened in the registry, and who is told of it."),
    Line("schedules", "schedules:schedules", "What runs by the clock; times are UTC."),
    Line("db", "database:db", "The database behind the registry."),
)
