"""Which type of problem each typed error is."""

from collections.abc import Mapping
from types import MappingProxyType

from radiant.domain.endpoint_state import EndpointNotFound
from radiant.domain.errors import (
    AmbiguousModel,
    DatabaseError,
    DatabaseUnreachable,
    InvalidCriteria,
    ModelNotFound,
    ModelWarming,
    NoEligibleModel,
    NoLiteLLMId,
    NothingDecided,
    NothingInReview,
    OutcomeRefused,
    ProviderNotFound,
    RadiantError,
    RuleViolated,
    SinkNotFound,
    SourceUnreachable,
    SourceUnreadable,
    TooManyHeld,
    TooManyStreams,
    UnknownFilterValue,
    UsageInvalid,
    ValueRefused,
)
from radiant.domain.markups import MarkupNotFound
from radiant.domain.prices import NothingHeld, NothingSet
from radiant.domain.review_rule import RuleNotFound
from radiant.domain.schedule import ScheduleNotFound
from radiant.domain.sync import AlreadyRunning, RunNotFound
from radiant.domain.usage import RatingGoesOn, UsageConflict
from radiant.domain.warmth import NotSelfHosted, TooManyWarmups

from .problem_types import (
    BODY_INVALID,
    CRITERIA_INVALID,
    DATABASE_UNREACHABLE,
    DATABASE_UNUSABLE,
    ENDPOINT_NOT_FOUND,
    FILTER_UNKNOWN,
    INTERNAL,
    MARKUP_NOT_FOUND,
    MODEL_AMBIGUOUS,
    MODEL_NOT_FOUND,
    MODEL_WARMING,
    NO_ELIGIBLE_MODEL,
    NOT_IN_REVIEW,
    NOTHING_DECIDED,
    PRICE_NOT_HELD,
    PRICE_NOT_SET,
    PROVIDER_NOT_FOUND,
    RATING_GOES_ON,
    RULE_CONFLICT,
    RULE_INVALID,
    RULE_NOT_FOUND,
    RUN_IN_THE_WAY,
    RUN_NOT_FOUND,
    SCHEDULE_NOT_FOUND,
    SINK_NOT_FOUND,
    SOURCE_UNREACHABLE,
    SOURCE_UNREADABLE,
    TOO_MANY_HELD,
    TOO_MANY_STREAMS,
    TOO_MANY_WARMUPS,
    USAGE_CONFLICT,
    USAGE_INVALID,
    VALUE_REFUSED,
    ProblemType,
)

#: What a typed error is over HTTP; a class stands for those below it. An error that is not here is `internal`.
OF_ERRORS: Mapping[type[RadiantError], ProblemType] = MappingProxyType(
    {
        InvalidCriteria: CRITERIA_INVALID,
        UnknownFilterValue: FILTER_UNKNOWN,
        ValueRefused: VALUE_REFUSED,
        ModelNotFound: MODEL_NOT_FOUND,
        AmbiguousModel: MODEL_AMBIGUOUS,
        NoLiteLLMId: MODEL_NOT_FOUND,
        ProviderNotFound: PROVIDER_NOT_FOUND,
        EndpointNotFound: ENDPOINT_NOT_FOUND,
        SinkNotFound: SINK_NOT_FOUND,
        NothingDecided: NOTHING_DECIDED,
        NothingInReview: NOT_IN_REVIEW,
        NothingHeld: PRICE_NOT_HELD,
        NothingSet: PRICE_NOT_SET,
        AlreadyRunning: RUN_IN_THE_WAY,
        RunNotFound: RUN_NOT_FOUND,
        RuleNotFound: RULE_NOT_FOUND,
        MarkupNotFound: MARKUP_NOT_FOUND,
        ScheduleNotFound: SCHEDULE_NOT_FOUND,
        TooManyStreams: TOO_MANY_STREAMS,
        ModelWarming: MODEL_WARMING,
        TooManyHeld: TOO_MANY_HELD,
        TooManyWarmups: TOO_MANY_WARMUPS,
        NotSelfHosted: MODEL_NOT_FOUND,
        NoEligibleModel: NO_ELIGIBLE_MODEL,
        OutcomeRefused: BODY_INVALID,
        UsageInvalid: USAGE_INVALID,
        UsageConflict: USAGE_CONFLICT,
        RatingGoesOn: RATING_GOES_ON,
        SourceUnreadable: SOURCE_UNREADABLE,
        SourceUnreachable: SOURCE_UNREACHABLE,
        DatabaseUnreachable: DATABASE_UNREACHABLE,
        DatabaseError: DATABASE_UNUSABLE,
    }
)


def type_of(error: RadiantError) -> ProblemType:
    """The type of problem that an error is."""
    if isinstance(error, RuleViolated):
        return RULE_CONFLICT if error.kind == "conflict" else RULE_INVALID
    return next((OF_ERRORS[kind] for kind in type(error).__mro__ if kind in OF_ERRORS), INTERNAL)
