"""The rules of tables that keep prices: meters, sheets and their items, markups, claims, proposals, rates of
currencies."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .rule import LEAST_CHARGE, NAMES, TEXTS, TIMES, Rule, one_of

_AMOUNT = Rule("A price is a finite amount from 0; without a row it is unknown.")
_CURRENCY = Rule("A currency is three capital letters, such as USD.")
_END = Rule("What is no longer believed says in short texts without control characters who ended it, and why.")
_PER = Rule("A price is for a number of things from 1.")

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "meter_per": _PER,
        "meter_texts": TEXTS,
        "meter_is_one_thing": Rule("There is a meter with these dimensions already.", "conflict"),
        "price_offer_key": Rule("What has prices has one row for each book, tenant, model and context.", "conflict"),
        "price_offer_book": Rule("A book is purchase or sale."),
        "price_offer_names": NAMES,
        "price_offer_context": Rule('A context is an object of texts, such as {"processing": "batch"}.'),
        "price_sheet_rank": Rule("The rank of a sheet is a whole number from 0 to 9."),
        "price_sheet_valid": Rule("A sheet holds from a moment until just before a later one."),
        "price_sheet_known": Rule("A sheet is believed from a moment until just before a later one."),
        "price_sheet_times": TIMES,
        "price_sheet_said": Rule("A source says when a sheet holds as always, date or instant."),
        "price_sheet_currency": _CURRENCY,
        "price_sheet_origin": Rule("A sheet comes from sync, administrator, contract, correction or derived."),
        "price_sheet_minimum": _AMOUNT,
        "price_sheet_texts": TEXTS,
        "price_sheet_end": _END,
        "price_sheets_one_at_a_time": Rule(
            "At one moment one sheet of a rank holds and is believed; append_sheet() ends the other.", "conflict"
        ),
        "price_item_amount": _AMOUNT,
        "price_item_minimum": _AMOUNT,
        "price_item_per": _PER,
        "price_item_quoted": Rule("What was said in another currency is a finite amount from 0, and names its rate."),
        "price_item_above": Rule(
            "A tier begins above a number of input tokens from 0; -1 is the price below all tiers."
        ),
        "price_item_texts": TEXTS,
        "price_history_is_kept": Rule(
            "The history of prices and markups is only appended to; append_sheet() and append_markup() correct what was"
            " wrong and keep the rest.",
            "conflict",
        ),
        "markup_scope_key": Rule("Whom and what a markup is for has one row.", "conflict"),
        "markup_scope_hosting": one_of("A hosting", ("external", "self_hosted")),
        "markup_scope_one_thing": Rule("A markup for a model names its provider, and one for a hosting no provider."),
        "markup_scope_names": NAMES,
        "markup_rate": Rule("A markup is a number above -1 and below 100 with at most 4 decimals; 0.4 makes 1.4 of 1."),
        "markup_of_all": Rule("A markup of less than 0 is for one tenant: nobody sells to all below what it costs."),
        "markup_minimum": LEAST_CHARGE,
        "markup_valid": Rule("A markup holds from a moment until just before a later one."),
        "markup_known": Rule("A markup is believed from a moment until just before a later one."),
        "markup_rank": Rule("The rank of a markup is 0 for what is usual and 1 for what somebody set."),
        "markup_texts": TEXTS,
        "markup_end": _END,
        "markups_one_at_a_time": Rule(
            "At one moment one markup of a scope holds and is believed; append_markup() ends the other.", "conflict"
        ),
        "price_claim_said": Rule("A source says when a price holds as always, date or instant."),
        "price_claim_prices": Rule("Prices that a source states are an object of at most 200,000 bytes."),
        "price_claim_seen": Rule("A claim was seen from a moment until just before a later one."),
        "price_claim_times": Rule("A price begins between the years 1 and 9999."),
        "price_claim_taken_times": Rule("A claim counts from a moment of the calendar until the same or a later one."),
        "price_claim_texts": TEXTS,
        "price_claim_now": Rule("A source says one thing of an entry from one moment on.", "conflict"),
        "price_claim_currency": _CURRENCY,
        "fx_rate_currency": Rule(
            "A rate is of a currency of three capital letters, such as EUR, and not of USD itself."
        ),
        "fx_rate_day": Rule("The day of a rate is one of the years 1970 to 2199."),
        "fx_rate_usd": Rule(
            "A rate is what one unit of the currency is worth in USD: from 0.0000001 to 10, with at most 12 decimals."
        ),
        "fx_rate_known": Rule("A rate is believed from a moment until just before a later one."),
        "fx_rate_texts": TEXTS,
        "fx_rate_now": Rule("Of one day one rate of a currency is believed; the other has to end.", "conflict"),
        "price_proposal_verdict": Rule("A proposal is held, approved, refused or withdrawn."),
        "price_proposal_decided": Rule("What was decided has the time of it, and what is held has none."),
        "price_proposal_reasons": Rule("A proposal has one to 50 reasons."),
        "price_proposal_times": TIMES,
        "price_proposal_texts": TEXTS,
        "price_proposal_open": Rule("One proposal at a time is held for an offer.", "conflict"),
    }
)
