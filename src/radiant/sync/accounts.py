"""Which providers are asked for their lists, and how; and why the others are not."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from radiant.domain.external import Auth, AuthScheme
from radiant.domain.keys import variable_in_use
from radiant.domain.sync import ProviderState
from radiant.providers.keys import Account
from radiant.providers.lister import Lister
from radiant.providers.roster import lister

#: What stands for a placeholder of a base URL: the variables it may come from, the first that is set.
_PLACES: Mapping[str, tuple[str, ...]] = {
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
    "resource": ("AZURE_RESOURCE_NAME",),
    "account_id": ("CLOUDFLARE_ACCOUNT_ID",),
}
_REGION = "us-east-1"


def account(row: Mapping[str, Any], environment: Mapping[str, str], *, region: str | None = None) -> Account:
    """A provider's row as it is asked from here, in a region. One without a scheme of its own takes a bearer key."""
    auth = msgspec.convert(row["auth"], Auth) if row["auth"] else Auth(scheme=AuthScheme.BEARER)
    values = {name: _set(environment, variables) for name, variables in _PLACES.items()}
    values["region"] = region or values["region"] or _REGION
    return Account(
        id=row["id"],
        base_url=row["api_base_url"] or "",
        auth=auth,
        key_variables=tuple(row["key_variables"]),
        values={name: value for name, value in values.items() if value},
    )


def skipped(row: Mapping[str, Any], how: Lister, environment: Mapping[str, str]) -> str | None:
    """Why a provider is not asked, or None. Nobody is asked without a key who was not enabled by hand."""
    if not row["enabled"]:
        return "it is disabled"
    if not how.lists_models:
        return how.silent or "it has no list of models"
    if not row["api_base_url"]:
        return "it has no base URL; set one with `radiant providers set`"
    return without_key(row, environment, keyless=how.keyless)


def without_key(row: Mapping[str, Any], environment: Mapping[str, str], *, keyless: bool) -> str | None:
    """Why a provider is not asked for want of a key, or None. `keyless`: it answers also without one."""
    if account(row, environment).has_key(environment):
        return None
    names = " or ".join(row["key_variables"]) or "none is named for it"
    if not keyless:
        return f"it has no key here ({names})"
    return None if row["contact"] else f"it has no key here ({names}) and was not enabled by hand"


def checked_by_claims(row: Mapping[str, Any], how: Lister, environment: Mapping[str, str]) -> bool:
    """Whether what public catalogs claim stands in for a list: in use here, and without one."""
    in_use = row["contact"] or account(row, environment).has_key(environment)
    return bool(row["enabled"] and not how.lists_models and in_use)


def state(row: Mapping[str, Any], told: Mapping[str, Any], environment: Mapping[str, str]) -> ProviderState:
    """A provider for people: whether its list is asked for, and what the newest of them brought."""
    how, variables = lister(row["id"]), tuple(row["key_variables"])
    present = {name for name, value in environment.items() if value.strip()}
    used = variable_in_use(variables, present)
    why = skipped(row, how, environment)
    errors = told.get("errors") or []
    last: dt.datetime | None = told.get("last_attempt")
    if checked_by_claims(row, how, environment):
        why = f"{how.silent}; it is checked against public catalogs"
    status = f"skipped: {why}" if why else "not asked yet" if last is None else "failing" if errors else "listed"
    return ProviderState(
        id=row["id"],
        display_name=row["display_name"],
        api_base_url=row["api_base_url"],
        key_variables=variables,
        key_env=used or next(iter(variables), None),
        has_key=used is not None,
        enabled=row["enabled"],
        contact=row["contact"],
        lists_models=how.lists_models,
        status=status,
        last_attempt=last,
        last_complete=told.get("last_complete"),
        digest=told.get("digest"),
        last_error=next(iter(errors), None),
    )


def _set(environment: Mapping[str, str], variables: tuple[str, ...]) -> str | None:
    return next((environment[it].strip() for it in variables if environment.get(it, "").strip()), None)
