"""A right file of each kind of model, and what is wrong with a folder of them."""

from collections.abc import Callable
from pathlib import Path

from radiant.catalog.load import read_catalog

EXTERNAL = """\
display_name = "M"
description = "A model."
category = "llm"
task = "chat"
capabilities = []
input_modalities = ["text"]
output_modalities = ["text"]
price = { input_per_mtok = 1.5, output_per_mtok = 2 }

[[sources]]
url = "https://example.com/m"
read = 2026-01-01
fields = ["price"]
"""

SELF_HOSTED = """\
name = "m"
display_name = "M"
description = "A model."
specialty = "testing"
task = "inference"
capabilities = []
input_modalities = ["image"]
output_modalities = ["structured"]
input_formats = ["png"]
output_formats = ["json"]
parameters = 1_000_000_007
hardware = { instance_type = "ml.g5.xlarge" }
serving = { readiness = "bring_your_own_code", container = "pytorch" }
upstream = { repository = "https://example.com/m", official = true }
unknown = ["benchmark"]

[license.code]
license = "MIT"
url = "https://example.com/license"
read = 2026-01-01
commercial_use = "yes"

[[sources]]
url = "https://example.com/m"
read = 2026-01-01
fields = ["parameters"]
"""

Write = Callable[[str, str | bytes], None]


def problems(folder: Path) -> list[str]:
    """What is wrong with the catalog, with paths from the folder on."""
    return [str(problem).removeprefix(f"{folder}/") for problem in read_catalog(folder)[1]]
