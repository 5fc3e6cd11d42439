"""Checking what a provider states about standards: for which product, and for which of its models."""

from pathlib import Path

import pytest

from tests.unit.checking import PROVIDER, problems

pytestmark = pytest.mark.usefixtures("checked_catalog")

OPENAI = PROVIDER.replace('note = "Signs a BAA."', 'note = "Signs a BAA."\nexcept = ["gpt-6*"]')


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("", "", []),
        ("Signs a BAA.", "Is careful.",
         ["11: `compliance[0].note`: HIPAA stands only where the provider signs a BAA; say so with the page"]),
        ('except = ["gpt-6*"]', 'except = ["gtp-6*"]',
         ["12: `compliance[0].except`: gtp-6* is none of the provider's models in the catalog"]),
        ('except = ["gpt-6*"]', 'models = ["gpt-6-luna", "gpt-6-lun"]',
         ["12: `compliance[0].models`: gpt-6-lun is none of the provider's models in the catalog"]),
        ('except = ["gpt-6*"]', 'models = "gpt-6-luna"',
         ["12: `compliance[0].models`: expected an array, got text"]),
        ("[[sources]]", '[[compliance]]\nstandard = "HIPAA"\nurl = "https://example.com/b"\nread = 2026-01-01\n'
         'note = "A BAA."\n\n[[sources]]',
         ["8: `compliance[0].standard`: HIPAA is stated twice of the same product; say it in one table",
          "15: `compliance[1].standard`: HIPAA is stated twice of the same product; say it in one table"]),
        ("[[sources]]", '[[compliance]]\nstandard = "HIPAA"\nurl = "https://example.com/b"\nread = 2026-01-01\n'
         'covers = "Agents"\nnote = "A BAA."\n\n[[sources]]', []),
    ],
)  # fmt: skip
def test_a_statement_about_a_standard_is_checked(tmp_path: Path, right: str, wrong: str, said: list[str]) -> None:
    assert right in OPENAI
    assert problems(tmp_path, "providers/openai/provider.toml", OPENAI.replace(right, wrong, 1)) == said
