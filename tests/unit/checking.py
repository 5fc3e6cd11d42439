"""A right file of each kind, and what the check of the whole catalog says of one."""

from pathlib import Path

from radiant.catalog.check import check_catalog

EXTERNAL = """\
display_name = "M"
description = "A model."
category = "llm"
task = "chat"
capabilities = ["vision"]
input_modalities = ["text"]
output_modalities = ["text"]
context_window = 1000
price = { input_per_mtok = 1.5, output_per_mtok = 2 }
class = "standard"

[[sources]]
url = "https://example.com/m"
read = 2026-01-01
fields = ["capabilities", "input_modalities", "output_modalities", "context_window", "class", "throughput_tps", "price"]

[[sources]]
url = "https://example.com/prices"
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

[license]
note = "There are no weights."

[license.code]
license = "MIT"
url = "https://example.com/license"
read = 2026-01-01
commercial_use = "yes"

[[sources]]
url = "https://example.com/m"
read = 2026-01-01
fields = ["name", "capabilities", "input_modalities", "output_modalities", "parameters", "license", "hardware"]
"""

PROVIDER = """\
display_name = "N"
api_base_url = "https://api.example.com"
key_variables = ["N_KEY"]
docs_url = "https://example.com"
auth = { scheme = "bearer" }

[[compliance]]
standard = "HIPAA"
url = "https://example.com/baa"
read = 2026-01-01
note = "Signs a BAA."

[[sources]]
url = "pkg:pypi/litellm@1.106.2"
read = 2026-01-01
fields = ["api_base_url"]
"""

#: A default with somebody to follow it.
LASTING = '{ model = "gpt-6-luna", successor = "gpt-6.1-terra" }'


def problems(folder: Path, name: str, text: str) -> list[str]:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return [problem.removeprefix(f"{folder}/{name}:") for problem in check_catalog(folder).problems]
