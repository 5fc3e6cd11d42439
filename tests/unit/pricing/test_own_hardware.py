"""What own hardware costs for each unit of work, and from when on it is cheaper."""

from decimal import Decimal

import pytest

from radiant.pricing.own_hardware import Hardware, UnitCost, break_even_per_day, capacity_per_day, own_prices

#: 7.2 USD an hour are 0.002 a second.
BUSY = Hardware(hourly=Decimal("7.2"), tokens_per_second=Decimal(500), utilization=Decimal("0.4"))


def test_a_million_tokens_cost_the_seconds_they_take() -> None:
    # 1,000,000 / 500 = 2,000 seconds, 4 USD; at 40 % of the hours 10.
    assert own_prices(BUSY).per_million_tokens == UnitCost(Decimal(4), Decimal(10))


def test_more_instances_change_no_price_of_a_unit() -> None:
    three = Hardware(hourly=BUSY.hourly, instances=3, tokens_per_second=Decimal(500), utilization=Decimal("0.4"))
    assert own_prices(three) == own_prices(BUSY)


def test_images_and_minutes_of_audio() -> None:
    found = own_prices(
        Hardware(hourly=Decimal("7.2"), images_per_second=Decimal("0.5"), audio_seconds_per_second=Decimal(40))
    )
    # Two seconds an image; a minute in 1.5 seconds.
    assert found.per_image == UnitCost(Decimal("0.004"), Decimal("0.004"))
    assert found.per_audio_minute == UnitCost(Decimal("0.003"), Decimal("0.003"))
    assert found.per_million_tokens is None


@pytest.mark.parametrize("throughput", [None, Decimal(0)])
def test_without_a_throughput_nothing_is_invented(throughput: Decimal | None) -> None:
    found = own_prices(Hardware(hourly=Decimal(1), tokens_per_second=throughput))
    assert found.per_million_tokens is None


def test_from_when_on_it_is_cheaper() -> None:
    # 172.8 USD a day; at 3 USD a million that is 57.6 million tokens.
    assert break_even_per_day(BUSY, Decimal(3), 1_000_000) == 57_600_000
    assert break_even_per_day(BUSY, Decimal(7), 1_000_000) == 24_685_715  # rounded up: one less does not pay
    assert break_even_per_day(BUSY, Decimal(0), 1_000_000) is None
    assert capacity_per_day(BUSY, Decimal(500)) == 43_200_000
