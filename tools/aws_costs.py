"""What a deployment to AWS costs a month, by part, in USD: `python -m tools.aws_costs --service --seconds 12`.

Prices of us-east-1 per hour, GB or piece. The NAT gateway's were read at https://basavytix.com/blog/aws-nat-gateway-pricing
on 2026-11-26; the others are AWS's list prices as we remember them, to be checked with https://calculator.aws.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Final

HOURS: Final = 730
DAYS: Final = HOURS / 24

NAT: Final = 0.045
NAT_GB: Final = 0.045
PUBLIC_ADDRESS: Final = 0.005
DATABASE: Final = 0.016  # db.t4g.micro, one zone
STORAGE_GB: Final = 0.115
FUNCTION_GB_SECOND: Final = 0.0000133334  # arm64
SECRET: Final = 0.40
LOG_GB: Final = 0.50
ALARM: Final = 0.10
VCPU: Final = 0.03238  # Fargate, arm64
MEMORY_GB: Final = 0.00356
BALANCER: Final = 0.0225
SMALL_MACHINE: Final = 0.0168  # t4g.small

#: Health and thermal every five minutes, full daily, pricing weekly.
CALLS_A_DAY: Final = 2 * 288 + 1 + 1 / 7


def costs(
    *, seconds: float = 8.0, traffic_gb: float = 5.0, storage_gb: float = 20.0, multi_az: bool, service: bool
) -> dict[str, float]:
    """By part. `seconds` is what a call of a function takes at 1 GB."""
    zones = 2 if multi_az else 1
    found = {
        "NAT gateway": HOURS * (NAT + PUBLIC_ADDRESS) + traffic_gb * NAT_GB,
        "database": zones * (HOURS * DATABASE + storage_gb * STORAGE_GB),
        "functions": DAYS * CALLS_A_DAY * seconds * FUNCTION_GB_SECOND,
        "secrets": 2 * SECRET,
        "logs and alarms": 2 * LOG_GB + 11 * ALARM,
    }
    if service:
        found["Fargate, four tasks"] = 4 * HOURS * (0.5 * VCPU + 1.0 * MEMORY_GB)
        found["load balancer"] = HOURS * BALANCER
        found["the API's token"] = SECRET
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="aws_costs", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--traffic-gb", type=float, default=5.0)
    parser.add_argument("--storage-gb", type=float, default=20.0)
    parser.add_argument("--multi-az", action="store_true")
    parser.add_argument("--service", action="store_true")
    given = parser.parse_args(arguments)
    found = costs(**vars(given))
    found["in all"] = sum(found.values())
    found["instead: one t4g.small with `radiant up`"] = HOURS * SMALL_MACHINE
    for part, cost in found.items():
        sys.stdout.write(f"{part:42}{cost:8.2f}\n")


if __name__ == "__main__":
    main()
