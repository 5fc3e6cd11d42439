"""Which models a change reaches, and which of them are held."""

import pytest

from radiant.registry.changes import Holdings, Touched, touched


@pytest.mark.parametrize(
    ("table", "keys", "found"),
    [
        ("models", ["a/m", "a/m/n"], Touched(models=frozenset({("a", "m"), ("a", "m/n")}))),
        ("self_hosted_models", ["x/y"], Touched(models=frozenset({("self_hosted", "x/y")}))),
        ("thermal_states", ["x"], Touched(models=frozenset({("self_hosted", "x")}))),
        ("model_health", ["a/m/n"], Touched(models=frozenset({("a", "m/n")}))),
        ("provider_health", ["a/eu", "b/eu/1"], Touched(measured=frozenset({"a", "b"}))),
        ("providers", ["a"], Touched(providers=frozenset({"a"}), known_providers=True)),
        ("default_models", ["chat"], Touched(defaults=True)),
        ("default_models", None, Touched(defaults=True)),
        ("models", None, None),
        ("providers", None, None),
        ("*", None, None),
        ("a_table_of_next_year", ["a/m"], None),
    ],
)
def test_what_a_change_reaches(table: str, keys: list[str] | None, found: Touched | None) -> None:
    assert touched([(table, keys)]) == found


def test_several_changes_are_one_and_a_provider_takes_its_models_along() -> None:
    changes = [("models", ["a/m"]), ("providers", ["a"]), ("models", ["b/m"]), ("default_models", ["chat"])]
    changes += [("provider_health", ["a/eu", "b/eu"]), ("model_health", ["a/n"])]
    assert touched(changes) == Touched(
        providers=frozenset({"a"}),
        measured=frozenset({"b"}),
        models=frozenset({("b", "m")}),
        known_providers=True,
        defaults=True,
    )
    assert touched([*changes, ("models", None)]) is None


def test_nothing_is_touched_by_nothing() -> None:
    assert not touched([])
    assert Touched(defaults=True)
    assert Touched(measured=frozenset({"a"}))
    assert Touched(known_providers=True)


def test_the_keys_of_a_provider_are_those_it_had_and_those_it_has() -> None:
    holdings = Holdings([("a", "old"), ("a", "stays"), ("b", "other")])
    of_a = Touched(providers=frozenset({"a"}))
    assert holdings.renew(of_a, [("a", "stays"), ("a", "new")]) == {("a", "old"), ("a", "stays"), ("a", "new")}
    assert holdings.renew(of_a, []) == {("a", "stays"), ("a", "new")}
    assert holdings.renew(of_a, []) == set()
    assert holdings.renew(Touched(providers=frozenset({"b"})), []) == {("b", "other")}


def test_the_models_of_a_provider_can_be_counted() -> None:
    holdings = Holdings([("a", "one"), ("a", "other"), ("b", "one")])
    assert holdings.count(["a", "nobody"]) == 2


def test_the_keys_of_models_are_those_that_were_touched_whether_they_are_there_or_not() -> None:
    holdings = Holdings([("a", "gone"), ("a", "stays")])
    models = frozenset({("a", "gone"), ("a", "new"), ("c", "never")})
    assert holdings.renew(Touched(models=models), [("a", "new")]) == models
    assert holdings.renew(Touched(providers=frozenset({"a", "c"})), []) == {("a", "stays"), ("a", "new")}
