"""Whether a license is one that there is, and what it grants is said without contradiction."""

import re
from collections.abc import Iterator
from functools import cache

from license_expression import ExpressionError, Licensing, get_spdx_licensing

from radiant.domain.license import Rights
from radiant.domain.vocabulary import CommercialUse

from .source_check import Problem, url_problems


def rights_problems(key: str, rights: Rights) -> Iterator[Problem]:
    """What is wrong with the rights below `key`: expression, name, address, conditions."""
    for symbol in _expression_problems(rights.license):
        yield f"{key}.license", symbol
    if "LicenseRef-" in rights.license and not rights.name:
        yield f"{key}.name", "a LicenseRef needs the license's name"
    yield from url_problems(f"{key}.url", rights.url)
    if rights.commercial_use is CommercialUse.CONDITIONAL and not rights.conditions:
        yield f"{key}.conditions", "say which conditions"
    if rights.commercial_use is CommercialUse.YES and rights.conditions:
        yield f"{key}.commercial_use", "there are conditions; then it is `conditional`"
    for number, condition in enumerate(rights.conditions):
        if (condition.limit is None) != (condition.unit is None):
            yield f"{key}.conditions[{number}].unit", "a limit and its unit go together"
    if rights.attribution and not rights.attribution_required:
        yield f"{key}.attribution", "an attribution text that is not required; set attribution_required"


def _expression_problems(expression: str) -> Iterator[str]:
    try:
        unknown = _licensing().unknown_license_keys(expression)
    except ExpressionError as error:
        yield f"{expression!r} is no SPDX expression: {error}"
        return
    for symbol in unknown:
        if not re.match(r"^LicenseRef-[A-Za-z0-9.-]+$", symbol):
            yield f"{symbol} is no SPDX license; write LicenseRef-… with a name where SPDX has none"


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()
