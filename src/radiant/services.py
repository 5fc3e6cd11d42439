"""What a registry can be asked and told: one service for each subject, loaded when it is first needed."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from radiant.insight.models import Models
from radiant.registry.database import Database
from radiant.settings import Settings

if TYPE_CHECKING:
    from radiant.admin.catalogs import Catalogs
    from radiant.admin.compliance import ComplianceDeclarations
    from radiant.admin.currencies import CurrencyRates
    from radiant.admin.endpoints import Endpoints
    from radiant.admin.event_sinks import EventSinks
    from radiant.admin.markups import Markups
    from radiant.admin.overrides import Overrides
    from radiant.admin.paid_probes import PaidProbes
    from radiant.admin.prices import PriceDecisions
    from radiant.admin.providers import Providers
    from radiant.admin.rerating import Reratings
    from radiant.admin.review import Review
    from radiant.admin.review_rules import ReviewRules
    from radiant.admin.schedules import Schedules
    from radiant.admin.sources import Sources
    from radiant.admin.usage import UsageLedger
    from radiant.admin.warmth import Warmths
    from radiant.insight.costs import Costs
    from radiant.insight.currencies import Currencies
    from radiant.insight.facts import Facts
    from radiant.insight.health import Health
    from radiant.insight.litellm import LiteLLM
    from radiant.insight.own_costs import OwnCosts
    from radiant.insight.prices import Prices
    from radiant.insight.runs import Runs
    from radiant.insight.spend import Spending


class Services:
    """Those that need nothing but the database, the settings and the environment with the keys of providers; the faces
    see them through `App`."""

    def __init__(self, settings: Settings, database: Database, *, environment: Mapping[str, str]) -> None:
        self.settings, self.database, self.environment = settings, database, environment
        self.models = Models(database)

    @cached_property
    def facts(self) -> "Facts":
        from radiant.insight.facts import Facts

        return Facts(self.database, self.models)

    @cached_property
    def costs(self) -> "Costs":
        from radiant.insight.costs import Costs

        return Costs(self.database)

    @cached_property
    def own_costs(self) -> "OwnCosts":
        from radiant.insight.own_costs import OwnCosts

        return OwnCosts(self.database, self.costs)

    @cached_property
    def prices(self) -> "Prices":
        from radiant.insight.prices import Prices

        return Prices(self.database, self.models)

    @cached_property
    def price_decisions(self) -> "PriceDecisions":
        from radiant.admin.prices import PriceDecisions

        return PriceDecisions(self.database, grace=self.settings.price_grace)

    @cached_property
    def currencies(self) -> "Currencies":
        from radiant.insight.currencies import Currencies

        return Currencies(self.database)

    @cached_property
    def currency_rates(self) -> "CurrencyRates":
        from radiant.admin.currencies import CurrencyRates

        return CurrencyRates(self.database, grace=self.settings.price_grace)

    @cached_property
    def markups(self) -> "Markups":
        from radiant.admin.markups import Markups

        return Markups(self.database)

    @cached_property
    def usage(self) -> "UsageLedger":
        from radiant.admin.usage import UsageLedger

        return UsageLedger(self.database, self.costs.priced)

    @cached_property
    def reratings(self) -> "Reratings":
        from radiant.admin.rerating import Reratings

        return Reratings(self.database)

    @cached_property
    def spend(self) -> "Spending":
        from radiant.insight.spend import Spending

        return Spending(self.database)

    @cached_property
    def runs(self) -> "Runs":
        from radiant.insight.runs import Runs

        return Runs(self.database)

    @cached_property
    def health(self) -> "Health":
        from radiant.insight.health import Health

        return Health(self.database, self.settings.probe_budget)

    @cached_property
    def paid_probes(self) -> "PaidProbes":
        from radiant.admin.paid_probes import PaidProbes

        return PaidProbes(self.database, self.settings, environment=self.environment)

    @cached_property
    def overrides(self) -> "Overrides":
        from radiant.admin.overrides import Overrides

        return Overrides(self.database)

    @cached_property
    def schedules(self) -> "Schedules":
        from radiant.admin.schedules import Schedules

        return Schedules(self.database)

    @cached_property
    def catalogs(self) -> "Catalogs":
        from radiant.admin.catalogs import Catalogs

        return Catalogs(self.database, grace=self.settings.price_grace)

    @cached_property
    def litellm(self) -> "LiteLLM":
        # It reads the catalog of public names, which a command that only chooses never needs.
        from radiant.insight.litellm import LiteLLM

        return LiteLLM(self.database, self.facts)

    @cached_property
    def compliance(self) -> "ComplianceDeclarations":
        from radiant.admin.compliance import ComplianceDeclarations

        return ComplianceDeclarations(self.database)

    @cached_property
    def endpoints(self) -> "Endpoints":
        from radiant.admin.endpoints import Endpoints

        return Endpoints(self.database, environment=self.environment)

    @cached_property
    def warmth(self) -> "Warmths":
        from radiant.admin.warmth import Warmths

        return Warmths(self.database)

    @cached_property
    def event_sinks(self) -> "EventSinks":
        from radiant.admin.event_sinks import EventSinks

        return EventSinks(self.database)

    @cached_property
    def providers(self) -> "Providers":
        from radiant.admin.providers import Providers

        return Providers(self.database, environment=self.environment)

    @cached_property
    def sources(self) -> "Sources":
        from radiant.admin.sources import Sources

        return Sources(self.database, online=self.settings.online, environment=self.environment)

    @cached_property
    def review(self) -> "Review":
        from radiant.admin.review import Review

        return Review(self.database)

    @cached_property
    def review_rules(self) -> "ReviewRules":
        from radiant.admin.review_rules import ReviewRules

        return ReviewRules(self.database)
