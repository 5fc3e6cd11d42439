"""The models of last resort that ship."""

from radiant.catalog.load import load_catalog
from radiant.domain.vocabulary import Task


def test_each_default_that_ships_has_an_offering_that_lasts_and_one_to_follow_it() -> None:
    catalog = load_catalog()
    assert set(catalog.defaults) == set(Task) - {Task.OTHER}
    for name in (*catalog.defaults.values(), *catalog.successors.values()):
        offerings = [it for (by, id), it in catalog.external.items() if name in (id, f"{by}/{id}")]
        own = str(name) in catalog.self_hosted
        assert own or any(it.price and it.successor is None and it.retires is None for it in offerings), name
