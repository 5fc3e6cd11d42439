"""The page about AWS says what the calculator reckons."""

import re
from pathlib import Path

from tools.aws_costs import HOURS, SMALL_MACHINE, costs

PAGE = Path(__file__).parents[2] / "docs/how-to/deploy-on-aws.md"


def test_the_table_of_costs_is_what_is_reckoned() -> None:
    told = {
        part.strip(" *"): float(cost)
        for part, cost in re.findall(r"^\|([^|]+)\|[^|]*\|[ *]*([\d.]+)[ *]*\|$", PAGE.read_text(), re.M)
    }
    base, more = costs(multi_az=False, service=False), costs(multi_az=False, service=True)
    reckoned = {**more, "in all, without the service": sum(base.values()), "in all, with it": sum(more.values())}
    reckoned["instead: one t4g.small with `radiant up`"] = HOURS * SMALL_MACHINE
    assert told == {part: round(cost, 2) for part, cost in reckoned.items()}


def test_more_of_anything_costs_more() -> None:
    least = sum(costs(multi_az=False, service=False).values())
    for more in ({"seconds": 9.0}, {"traffic_gb": 6.0}, {"storage_gb": 30.0}):
        assert sum(costs(multi_az=False, service=False, **more).values()) > least
    assert sum(costs(multi_az=True, service=False).values()) > least
