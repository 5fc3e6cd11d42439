"""The packaged catalogs, read."""

import datetime as dt

import pytest

from radiant.claims.reading import Reading
from radiant.public_catalogs import genai_prices, litellm, models_dev

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="session")
def litellm_reading(litellm_body: bytes) -> Reading:
    return litellm.read(litellm_body)


@pytest.fixture(scope="session")
def models_dev_reading(models_dev_body: bytes) -> Reading:
    return models_dev.read(models_dev_body)


@pytest.fixture(scope="session")
def genai_prices_reading(genai_prices_body: bytes) -> Reading:
    return genai_prices.read(genai_prices_body, TODAY)


@pytest.fixture(params=["litellm", "models_dev", "genai_prices"])
def reading(request: pytest.FixtureRequest) -> Reading:
    found = request.getfixturevalue(f"{request.param}_reading")
    assert isinstance(found, Reading)
    return found
