"""The page about monitoring names every table and every metric that there is, and no other."""

import re

from radiant.sql import object_names
from tests.conftest import ROOT

PAGE = (ROOT / "docs/how-to/monitor.md").read_text("utf-8")


def test_of_every_table_it_is_said_how_long_its_rows_are_kept() -> None:
    grows = PAGE.partition("## What grows")[2]
    rows = [line.split("|")[1] for line in grows.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    there = {name for kind, name in object_names() if kind == "table"}
    jobs = {"jobs.procrastinate_periodic_defers"}  # schedules are ours, so nothing is written there
    assert there - named - jobs == set(), "say in docs/how-to/monitor.md what makes these grow, and what ends it"
    assert named - there == set()


def test_every_metric_is_described_and_no_other_is_used() -> None:
    source = (ROOT / "src/radiant/insight/metrics.py").read_text("utf-8").replace("{word}", "success")
    made = set(re.findall(r'"(radiant_[a-z_]+)"', source))
    short = {f"radiant_snapshot{it}" for it in re.findall(r"`…(_[a-z_]+)`", PAGE)}
    said = set(re.findall(r"\bradiant_[a-z_]+", PAGE)) | short
    assert made - said - {"radiant_build_info"} == set()
    assert said - made - {"radiant_snapshot_last_failure_", "radiant_run_last_failure_timestamp_seconds"} == set()
