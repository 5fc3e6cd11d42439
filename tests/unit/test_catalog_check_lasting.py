"""Checking prices with their announced changes, and defaults that have to last."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from radiant.catalog import load
from radiant.catalog.check import check_catalog
from radiant.catalog.doubt_check import doubtful
from radiant.catalog.load import Catalog
from tests.unit.checking import EXTERNAL, LASTING, problems

pytestmark = pytest.mark.usefixtures("checked_catalog")


@pytest.mark.parametrize(
    ("default", "said"),
    [
        ('model = "gpt-imagined", successor = "gpt-6-luna"', "gpt-imagined is not in the catalog"),
        (
            'model = "gpt-4o-mini", successor = "gpt-6-luna"',
            "gpt-4o-mini retires on 2027-01-14, within 90 days of the day it was last read (2026-11-26)",
        ),
        (
            'model = "gpt-6-luna", successor = "gpt-4o-mini"',
            "the successor gpt-4o-mini retires on 2027-01-14, within 90 days of the day it was last read (2026-11-26)",
        ),
        ('model = "gpt-6-luna"', "gpt-6-luna has no successor; name the model that takes its place when it goes"),
        ('model = "gpt-6-luna", successor = "gpt-6-luna"', "gpt-6-luna cannot succeed itself"),
        ('model = "gpt-6-luna", successor = "gpt-7"', "the successor gpt-7 is not in the catalog"),
        ('model = "unpriced", successor = "gpt-6-luna"', "unpriced has no known price"),
        (
            'model = "replaced", successor = "gpt-6-luna"',
            "replaced is on its way out: its provider names gpt-9 in its place",
        ),
    ],
)
def test_a_default_that_will_not_last_is_refused(tmp_path: Path, default: str, said: str) -> None:
    file = tmp_path / "providers/openai/unpriced.toml"
    file.parent.mkdir(parents=True)
    file.write_text(EXTERNAL.replace("{ input_per_mtok = 1.5, output_per_mtok = 2 }", '{ note = "Sources differ." }'))
    replaced = EXTERNAL.replace("[[sources]]", 'successor = "gpt-9"\n\n[[sources]]', 1)
    file.with_name("replaced.toml").write_text(replaced.replace('"throughput_tps"', '"throughput_tps", "successor"'))
    assert problems(tmp_path, "defaults.toml", f"embedding = {LASTING}\nchat = {{ {default} }}") == [
        f"2: `chat`: {said}"
    ]


def test_a_task_without_a_default_is_told(tmp_path: Path) -> None:
    """Only our own file has to name one for every task; the test's is cut down to all but one."""
    ours = Path(load.OURS) / "defaults.toml"
    ours.write_text("".join(line for line in ours.read_text().splitlines(True) if not line.startswith("ocr =")))
    assert check_catalog().problems == ("catalog/defaults.toml: `ocr`: has no default model",)


PRICE = "price = { input_per_mtok = 1.5, output_per_mtok = 2 }"


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("image_output_per_mtok = 30, image_tokens = 1120", []),
        ("image_tokens = 1120", ["9: `price.image_tokens`: is of no use without image_output_per_mtok"]),
        ("video_tokens_per_second = 5792",
         ["9: `price.video_tokens_per_second`: is of no use without video_output_per_mtok"]),
        ("per_search = 2_500",
         ["9: `price.per_search`: 2,500 USD per search is taken for a mistake; at most 100 is believed"]),
        ("steps = [{ from = 2026-12-01, input_per_mtok = 3 }, { from = 2027-01-01, output_per_mtok = 4 }]", []),
        ("steps = [{ from = 2026-12-01, input_per_mtok = 3 }, { from = 2026-12-01, output_per_mtok = 4 }]",
         ["9: `price.steps[1].from`: is 2026-12-01, not after 2026-12-01; the earliest step comes first"]),
        ("steps = [{ from = 2026-12-01 }]",
         ["9: `price.steps[0]`: changes nothing; name what costs something else from that day"]),
        ("steps = [{ from = 2026-12-01, input_per_mtok = 15_000 }]",
         ["9: `price.steps[0].input_per_mtok`: 15,000 USD per million tokens is taken for a mistake; "
          "at most 2,500 is believed"]),
        ('hours = [{ weekdays = [6, 7], utc = ["00:00-24:00"], input_per_mtok = 1 }]', []),
        ('hours = [{ weekdays = [0], utc = ["04:00-06:00"], input_per_mtok = 1 }]',
         ["9: `price.hours[0].weekdays`: are [0]; expected 1 (Monday) to 7 (Sunday)"]),
        ('hours = [{ weekdays = [1], utc = ["22:00-01:00"], input_per_mtok = 1 }]',
         ["9: `price.hours[0].utc`: holds 22:00-01:00; expected a span of one day such as 04:00-06:00 or 10:00-24:00"]),
        ('hours = [{ weekdays = [1], utc = ["04:00-06:00"], input_per_mtok = 3 }]',
         ["9: `price.hours[0].input_per_mtok`: is 3, above the price itself, 1.5; the dearest hours are the price"]),
        ('variants = [{ when = { service_tier = "priority" }, input_per_mtok = 3 }]', []),
        ('variants = [{ when = {}, input_per_mtok = 3 }]',
         ["9: `price.variants[0].when`: is {}; expected conditions that no other variant has"]),
        ('variants = [{ when = { a = "b" }, input_per_mtok = 3 }, { when = { a = "b" }, input_per_mtok = 4 }]',
         ["9: `price.variants[1].when`: is {'a': 'b'}; expected conditions that no other variant has"]),
        ('variants = [{ when = { a = "b" } }]',
         ["9: `price.variants[0]`: changes nothing; name what costs something else under its condition"]),
        ('variants = [{ when = { a = "b" }, input_per_mtok = 15_000 }]',
         ["9: `price.variants[0].input_per_mtok`: 15,000 USD per million tokens is taken for a mistake; "
          "at most 2,500 is believed"]),
    ],
)  # fmt: skip
def test_prices_and_their_announced_changes_are_checked(tmp_path: Path, price: str, said: list[str]) -> None:
    text = EXTERNAL.replace(PRICE, f"price = {{ input_per_mtok = 1.5, output_per_mtok = 2, {price} }}")
    assert problems(tmp_path, "providers/openai/m.toml", text) == said


def test_what_ends_soon_is_told_for_the_day_of_the_check(tmp_path: Path) -> None:
    file = tmp_path / "providers/openai/m.toml"
    file.parent.mkdir(parents=True)
    step = "steps = [{ from = 2026-12-01, input_per_mtok = 3 }]"
    file.write_text(EXTERNAL.replace(PRICE, f"price = {{ input_per_mtok = 1.5, {step} }}"))

    def told(day: dt.date) -> list[str]:
        return [str(ending) for ending in check_catalog(tmp_path, today=day).expiring]

    retires = "2027-01-14: openai/gpt-4o-mini retires"
    assert told(dt.date(2026, 9, 1)) == []
    assert told(dt.date(2026, 9, 2)) == ["2026-12-01: openai/m changes its price"]
    assert told(dt.date(2026, 11, 30)) == ["2026-12-01: openai/m changes its price", retires]
    assert told(dt.date(2026, 12, 1)) == [retires], "a step that has begun is no announcement"
    assert told(dt.date(2027, 1, 14)) == ["2027-01-14: openai/gpt-4o-mini is retired"]
    assert check_catalog(tmp_path).expiring == (), "without a day nothing is said"


def test_more_output_than_window_is_told(tmp_path: Path) -> None:
    text = EXTERNAL.replace(PRICE, f"max_output = 2000\n{PRICE}")
    said = [it for it in problems(tmp_path, "providers/openai/m.toml", text) if "no source supports" not in it]
    assert [it.partition(": ")[2] for it in said] == ["`max_output`: 2,000, above its window of 1,000; is that meant?"]


def test_our_offerings_of_one_model_are_held_against_each_other(catalog: Catalog) -> None:
    assert [*doubtful(catalog, alone=True)] == []
    name, model = next((name, it) for name, it in catalog.external.items() if name == ("groq", "openai/gpt-oss-120b"))
    assert model.context_window is not None
    odd = msgspec.structs.replace(model, context_window=model.context_window // 16)
    changed = msgspec.structs.replace(catalog, external={**catalog.external, name: odd})
    told = [*doubtful(changed, alone=True)]
    assert [(where, field) for where, field, _ in told] == [(name, "context_window")]
    assert "15 times below all" in told[0][2]
    assert [*doubtful(changed, alone=False)] == []
