"""One result of each provider, where a run asks it for its list and for a sign of life."""

from collections.abc import Sequence

import msgspec

from radiant.domain.sync import ProviderResult


def together(lists: Sequence[ProviderResult], checked: Sequence[ProviderResult]) -> tuple[ProviderResult, ...]:
    """What a run found in the lists of providers and of their health, as one result of each."""
    results = {it.provider_id: it for it in lists}
    for it in checked:
        listed = results.get(it.provider_id)
        results[it.provider_id] = it if listed is None else joined(listed, it)
    return tuple(results[id] for id in sorted(results))


def joined(listed: ProviderResult, checked: ProviderResult) -> ProviderResult:
    """What was found in the list of a provider and of its health, as one result."""
    return msgspec.structs.replace(
        listed,
        status_changes=checked.status_changes,
        skipped=listed.skipped if checked.skipped else None,
        note="; ".join(filter(None, (listed.note, checked.note))) or None,
        errors=(*listed.errors, *checked.errors),
        duration_ms=listed.duration_ms + checked.duration_ms,
    )
