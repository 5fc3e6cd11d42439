"""What a model is charged at in the two books: what we pay, and what a tenant pays. Pure."""

import datetime as dt

import msgspec

from radiant.domain.price_sheet import Book

from .currencies import Unrated
from .sale import Markup, Scope, markup_for
from .stored import of_book as charged_in
from .timeline import Timeline


class Priced(msgspec.Struct, frozen=True):
    """A model with its prices and markups, and where they are from if not from the registry's own row. `unrated` are
    the currencies other than USD that it is told in."""

    provider_id: str
    model_id: str
    hosting: str
    prices: Timeline
    markups: tuple[Markup, ...]
    note: str | None = None
    unrated: tuple[Unrated, ...] = ()

    def whom(self, tenant: str | None) -> Scope:
        """A request of a tenant, as markups are chosen for it."""
        return Scope(tenant_id=tenant, hosting=self.hosting, provider_id=self.provider_id, model_id=self.model_id)

    def markup(self, tenant: str | None, at: dt.datetime) -> Markup | None:
        """What a tenant pays on top at a moment."""
        return markup_for(self.markups, self.whom(tenant), at)


def of_book(prices: Timeline, book: Book, tenant: str | None) -> Timeline:
    """What is charged in a book: contracts of the tenant, and rises as late as tenants pay them, in that of sales. The
    same timeline where no sheet is of one book alone."""
    late = book is Book.SALE
    for it in prices.sheets:
        if it.tenant_id is not None or it.book is Book.SALE or (late and it.sold_from is not None):
            return Timeline(charged_in(prices.sheets, book, tenant))
    return prices
