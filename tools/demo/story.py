"""What the demo tells: each thing that happens, when, and the command that shows it."""

import sys
import textwrap
import time
from collections import Counter
from pathlib import Path

from .machine import Machine
from .providers import GONE, LATER, OWN, RUNTIME, THERE

WIDTH = 79
_INDENT = " " * 8
_BEGAN = time.monotonic()


def tell(machine: Machine) -> None:
    """The whole story. Raises DemoFailed."""
    _out("A registry that keeps itself true, with providers that are played: no key,")
    _out("no network, a folder of its own.\n")
    _begin(machine)
    _discover(machine)
    _wake(machine)
    _live(machine)
    _account_for_it(machine)


def play_on(machine: Machine) -> None:
    """Say how to go on by hand, and wait for Ctrl-C."""
    say("It goes on. In another terminal, and then any command from above:")
    for name in ("RADIANT_HOME", "RADIANT_ALLOW_PRIVATE_NETWORKS", "RADIANT_ABSENCE_INTERVAL"):
        _out(f"{_INDENT}export {name}={machine.environment[name]}")
    _out(f'{_INDENT}export PATH="{Path(sys.executable).parent}:$PATH"')
    _out(f"{_INDENT}Ctrl-C here ends everything.")
    while True:
        time.sleep(60)


def _begin(machine: Machine) -> None:
    places = machine.simulate()
    say(
        f"{len(places) - 1} fake providers answer over HTTP, as real ones do, and an Ollama with a model that sleeps.",
        "radiant simulate demo.json",
    )
    machine.places = places
    machine.make()
    say("A registry is made. It asks nobody before its providers are pointed at the fakes.", "radiant db url")
    for id in ("openrouter", "anthropic"):
        machine.command("providers", "set", id, "--base-url", places[id])
    say(
        "Two providers are pointed at the fakes.", f"radiant providers set openrouter --base-url {places['openrouter']}"
    )
    machine.command("providers", "add", "globex", "--base-url", places["globex"], "--key-env", "GLOBEX_API_KEY")
    say(
        "globex speaks OpenAI's API: a row is all it needs. Its key stays in the environment.",
        f"radiant providers add globex --base-url {places['globex']} --key-env GLOBEX_API_KEY",
    )
    url = machine.receiver.url
    machine.command("events", "sink", "add", "demo", "--kind", "webhook", "--url", url)
    say("A webhook is told of everything.", f"radiant events sink add demo --kind webhook --url {url}")
    models = machine.up()
    say(f"The registry is up: {models}. It calls nobody that has no key.", "radiant up")


def _discover(machine: Machine) -> None:
    machine.command("schedules", "run", "models")
    machine.event("radiant.sync.completed", lambda it: it["data"]["sync_type"] == "models")
    say("All three were asked for their lists, by a job.", "radiant schedules run models")
    listed = machine.command("review", "list")
    say("What nobody knew waits for review, with what is missing to serve it:", "radiant review list")
    quote(listed)
    machine.command("review", "approve", "openrouter", "--reason", "the demo says so")
    say("What OpenRouter has is approved in one step, and can be chosen:", "radiant review approve openrouter")
    asked = ("select", "chat", "--only-provider", "openrouter")
    chosen = machine.waited(lambda: found if "acme/" in (found := machine.command(*asked)) else None, "a choice")
    quote(chosen, f"radiant {' '.join(asked)}")


def _wake(machine: Machine) -> None:
    add = ("endpoints", "add", OWN, "--runtime", "ollama", "--url", machine.places[RUNTIME], "--name", THERE)
    machine.command(*add)
    say("A model of one's own is there, asleep:", f"radiant {' '.join(add)}")
    ask = ("select", "chat", "--hosting", "self_hosted")
    handed = machine.waited(
        lambda: found if OWN in (found := machine.command(*ask, "--fallback")) else None, "a hand-over"
    )
    quote(handed, f"radiant {' '.join(ask)} --fallback")
    machine.event("radiant.thermal.warmup_ended", lambda it: it["data"]["model_id"] == OWN)
    say("It is awake, and serves from now on:")
    own = machine.waited(lambda: found if "WARM" in (found := machine.command(*ask)) else None, "a warm model")
    quote(own, f"radiant {' '.join(ask)}")
    machine.command("thermal", "cool", OWN)
    machine.event("radiant.thermal.state_changed", lambda it: it["data"]["after"] == "COLD")
    say("Sent to sleep again, as it would be after 15 minutes without work:", f"radiant thermal cool {OWN}")
    quote(machine.command("thermal", "list"), "radiant thermal list")


def _live(machine: Machine) -> None:
    every = "* * * * * */2"  # the sixth field is seconds
    machine.command("schedules", "set", "models", every)
    say("From now on they are asked every two seconds.", f"radiant schedules set models '{every}'")
    machine.event("radiant.model.discovered", lambda it: LATER in it["subject"])
    say(f"{LATER} is new. It waits for review; nobody is served by it.", f"radiant review show openrouter/{LATER}")
    failed = machine.waited(
        lambda: next((it for it in machine.history() if it["sync_type"] == "models" and it["errors"]), None),
        "a failing provider",
    )
    say("globex fails. That is one line of the run, and nothing else changes:", "radiant providers show globex")
    quote(failed["errors"][0])
    machine.event("radiant.model.deprecated", lambda it: GONE in it["subject"])
    machine.command("schedules", "pause", "models")
    say(f"{GONE} was absent from three complete lists in a row. It is deprecated, with the evidence:")
    shown = ("model", "show", f"openrouter/{GONE}", "--lifecycle")
    quote(machine.command(*shown), f"radiant {' '.join(shown)}")
    machine.command("schedules", "resume", "models")
    machine.event("radiant.model.restored", lambda it: GONE in it["subject"])
    say(f"{GONE} is listed again, and restored.", "radiant events list")


def _account_for_it(machine: Machine) -> None:
    machine.waited(lambda: "radiant.model.restored" in machine.receiver.types or None, "the webhook")
    counts = Counter(machine.receiver.types)
    say(f"The webhook was told of all that, {sum(counts.values())} events:", "radiant events sinks")
    quote("\n".join(f"{count:>3}  {type}" for type, count in counts.most_common()))
    say("Whether the work gets done can be asked by people, and by Prometheus:")
    doctor = machine.command("doctor").splitlines()
    quote("\n".join(line for line in doctor if line[6:].startswith(("worker", "queue"))), "radiant doctor")
    wanted = ("radiant_jobs{", "radiant_workers", "radiant_events_waiting{", "radiant_review_pending")
    found = [line for line in machine.metrics() if line.startswith(wanted)]
    quote("\n".join(found), f"curl {machine.address}/metrics")


def say(sentence: str, command: str | None = None) -> None:
    """One thing that happened, with the seconds since the beginning, and how to see it."""
    head = f"{time.monotonic() - _BEGAN:5.1f} s "
    _out(textwrap.fill(sentence, WIDTH, initial_indent=head, subsequent_indent=_INDENT))
    _type(command)


def quote(output: str, command: str | None = None) -> None:
    """What a command printed, each line cut to the width."""
    _type(command)
    for line in filter(None, map(str.rstrip, output.splitlines())):
        room = WIDTH - len(_INDENT)
        _out(f"{_INDENT}{line if len(line) <= room else line[: room - 1] + '…'}")


def _type(command: str | None) -> None:
    """A command as it is typed; one that is too long goes on behind a backslash."""
    if command is None:
        return
    words = textwrap.wrap(command, WIDTH - len(_INDENT) - 4, break_long_words=False, break_on_hyphens=False)
    _out(f"{_INDENT}$ " + f" \\\n{_INDENT}    ".join(words))


def _out(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
