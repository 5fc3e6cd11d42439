"""The one table of problems: what each is called, its HTTP status, and what whoever meets it should do.

`docs/reference/problems.md` and `GET /problems/{name}` show it; `problems_of_errors.py` says which error is which.
"""

from .problem_type import FOLDER, TYPES, ProblemType, plain
from .problem_type import problem_type as _type

__all__ = ["FOLDER", "TYPES", "ProblemType", "plain"]

TOKEN_NEEDED = _type(
    "token-needed",
    401,
    "A token is needed",
    "Send `Authorization: Bearer TOKEN`. `radiant token` prints the admin's, `radiant token --reader` the reader's.",
)
TOKEN_UNKNOWN = _type(
    "token-unknown",
    401,
    "The token is not known",
    "The token was revoked, or belongs to another registry. Ask for the one that is good here.",
)
ADMIN_NEEDED = _type(
    "admin-needed", 403, "Only an administrator may do this", "Send the admin token; the reader's does not do."
)
PARAMETER_INVALID = _type(
    "parameter-invalid",
    400,
    "A parameter of the address is not valid",
    "`detail` or `errors` names the parameter and what is expected. No parameter may be given twice.",
    ("errors",),
)
FILTER_UNKNOWN = _type(
    "filter-value-unknown",
    400,
    "A filter names something no model has",
    "Take one of the values in `allowed`; `close` is what was probably meant.",
    ("field", "value", "allowed", "close"),
)
CURSOR_INVALID = _type(
    "cursor-invalid", 400, "The cursor is not one this registry gave", "Start again without `cursor`."
)
VALUE_REFUSED = _type(
    "value-refused", 400, "The database cannot take a value", "Send text without NUL characters, and numbers in range."
)
BODY_INVALID = _type(
    "body-invalid",
    400,
    "The body is not what is read here",
    "Send JSON (UTF-8) of the shape the OpenAPI document shows; `detail` says where it differs.",
)
BODY_UNFINISHED = _type(
    "body-unfinished", 400, "The body ended before it was whole", "Send as many bytes as Content-Length says."
)
CRITERIA_INVALID = _type(
    "criteria-invalid",
    400,
    "The criteria ask for something that cannot be asked for",
    "`field` names what is wrong, `problem` how, `allowed` what may stand there, `close` what was probably meant.",
    ("field", "problem", "allowed", "close"),
)
REQUEST_MALFORMED = _type(
    "request-malformed",
    400,
    "This is not HTTP/1.1",
    "Headers are at most 16 KiB; Content-Length is one number. The connection was closed.",
)
REQUEST_UNFINISHED = _type(
    "request-unfinished",
    408,
    "The request was not finished in time",
    "Send headers and body without pauses. The connection was closed; the limits are RADIANT_HEAD_SECONDS and "
    "RADIANT_BODY_SECONDS.",
)
BODY_TOO_LARGE = _type(
    "body-too-large", 413, "The body is too large", "Send less at once, for example several smaller batches."
)
ENCODING_UNSUPPORTED = _type(
    "encoding-unsupported", 415, "The body's encoding is not read here", "Send the body without Content-Encoding."
)
MEDIA_UNSUPPORTED = _type(
    "media-unsupported", 415, "The body's media type is not read here", "Send `Content-Type: application/json`."
)
ADDRESS_UNKNOWN = _type(
    "address-unknown", 404, "There is nothing at this address", "`/` and `/api/docs` show what there is."
)
METHOD_NOT_ALLOWED = _type(
    "method-not-allowed",
    405,
    "The address is not asked with this method",
    "`Allow` names the methods it is asked with.",
)
NOT_CARRIED = _type(
    "requests-not-carried",
    404,
    "Radiant chooses models and carries no requests yet",
    "`POST /api/v2/select` says which model should serve the request; send it to that model's provider, for example by "
    "its `litellm_id`.",
)
MODEL_NOT_FOUND = _type(
    "model-not-found",
    404,
    "There is no model of that name",
    "`close` has the names most like it. Names are `model`, `provider/model`, LiteLLM's id, a listed alias or an id of "
    "the registry; `GET /v1/models` lists them.",
    ("close",),
)
MODEL_AMBIGUOUS = _type(
    "model-ambiguous",
    409,
    "More than one model has that name",
    "Take one of the names in `candidates`.",
    ("candidates",),
)
SINK_NOT_FOUND = _type(
    "sink-not-found",
    404,
    "No sink for events of that name",
    "`known` are those there are; `GET /api/v2/admin/event-sinks` shows them.",
    ("known",),
)
ENDPOINT_NOT_FOUND = _type(
    "endpoint-not-found",
    404,
    "There is no endpoint of that number",
    "`known` are those there are; `GET /api/v2/admin/endpoints` shows them.",
    ("known",),
)
PROVIDER_NOT_FOUND = _type(
    "provider-not-found",
    404,
    "There is no provider of that id",
    "`close` has ids that may have been meant; `GET /api/v2/admin/registry/models` has the provider of each model.",
    ("close",),
)
NOTHING_DECIDED = _type(
    "nothing-decided",
    404,
    "Nobody changed this by hand",
    "`known` has fields of the same subject that were changed, or subjects like it.",
    ("known",),
)
NOT_IN_REVIEW = _type(
    "not-in-review",
    404,
    "No discovered model is meant",
    "`close` has ids that may have been meant; `GET /api/v2/admin/review?status=all` lists them.",
    ("close",),
)
RULE_NOT_FOUND = _type(
    "review-rule-not-found",
    404,
    "There is no review rule of that id",
    "`known` are those there are; `GET /api/v2/admin/review/rules` shows them.",
    ("known",),
)
MARKUP_NOT_FOUND = _type(
    "markup-not-found",
    404,
    "There is no markup of that id that could end",
    "`known` are those that could; `GET /api/v2/admin/prices/markups` shows them. What is usual does not end.",
    ("known",),
)
PRICE_NOT_HELD = _type(
    "price-not-held",
    404,
    "No held change of price is meant",
    "`known` has models of which one waits; `GET /api/v2/admin/prices/held` lists all.",
    ("known",),
)
PRICE_NOT_SET = _type(
    "price-not-set",
    404,
    "Nobody set a price of this model by hand",
    "`GET /api/v2/models/{id}/prices` shows its sheets; those of people have a `rank` from 1.",
)
SCHEDULE_NOT_FOUND = _type(
    "schedule-not-found",
    404,
    "Runs of that kind have no schedule",
    "`known` are the kinds that have one; `PUT /api/v2/admin/schedules/{kind}` gives one to a kind without.",
    ("known",),
)
RUN_NOT_FOUND = _type(
    "run-not-found",
    404,
    "There is no run of that id",
    "`GET /api/v2/admin/registry-sync/history` lists the newest.",
)
RUN_IN_THE_WAY = _type(
    "run-in-the-way",
    409,
    "A run of this kind is going on already",
    "`id` is that run's; follow it at `GET /api/v2/admin/registry-sync/{id}/stream`, and begin again when it is over.",
    ("sync_type", "id"),
)
NO_ELIGIBLE_MODEL = _type(
    "no-eligible-model",
    404,
    "No model satisfies the request",
    "`diagnosis` says which demand left nothing, and what dropping one would bring back.",
    ("diagnosis",),
)
RULE_CONFLICT = _type(
    "rule-conflict",
    409,
    "The change conflicts with what the registry holds",
    "`rule` names the rule. Look at what is there now, and change it or the request.",
    ("rule",),
)
USAGE_INVALID = _type(
    "usage-invalid",
    422,
    "What was said of usage or prices cannot be",
    "`field` names the meter or the part of the question, `detail` says what is expected of it.",
    ("field",),
)
USAGE_CONFLICT = _type(
    "usage-conflict",
    409,
    "Another usage was told under this id of a request",
    "Send the same content again for the same answer, or another `request_id` for another request.",
    ("request_id",),
)
RATING_GOES_ON = _type(
    "rating-goes-on",
    409,
    "Usages are being rated again already",
    "Nothing was written. Ask again when that is done; `POST /api/v2/admin/prices/rerate` without `apply` shows what "
    "is left.",
)
RULE_INVALID = _type(
    "rule-invalid",
    422,
    "The change breaks a rule of the registry",
    "`rule` names the rule, `detail` says it. Send values that keep it.",
    ("rule",),
)
TOO_MANY_CONNECTIONS = _type(
    "too-many-connections",
    429,
    "Too many connections from one address",
    "Use connections again instead of opening new ones. Behind a proxy, set RADIANT_CONNECTIONS_PER_ADDRESS to 0.",
)
TOO_MANY_STREAMS = _type(
    "too-many-streams",
    429,
    "Too many streams are open",
    "Close some, let one reader tell the others, or ask another server of this registry.",
)
MODEL_WARMING = _type(
    "model-warming",
    503,
    "The best model is not warm",
    "Come again after `Retry-After`, or ask with `fallback` `handover`, so that a ready model stands in.",
    ("model_id", "seconds"),
)
TOO_MANY_HELD = _type(
    "too-many-held",
    503,
    "Too many requests are held",
    "Ask with `fallback` `handover`, come again in a moment, or ask another server of this registry.",
)
TOO_MANY_WARMUPS = _type(
    "too-many-warm-ups",
    429,
    "Too many warm-ups were asked for",
    "Come again in a minute; a model that was asked for comes up all the same.",
)
INTERNAL = _type(
    "internal",
    500,
    "Something went wrong in the registry",
    "It is in the log under the id of `instance`. Please report it with those lines.",
    ("instance",),
)
SOURCE_UNREADABLE = _type(
    "source-unreadable",
    502,
    "Another server sent what cannot be read",
    "Nothing was changed. Try again later; if it stays, its format has changed and Radiant must learn it.",
)
SOURCE_UNREACHABLE = _type(
    "source-unreachable",
    502,
    "Another server does not answer",
    "Nothing was changed. Try again later; `detail` says which server and why.",
)
DATABASE_UNREACHABLE = _type(
    "database-unreachable",
    503,
    "The database does not answer",
    "Try again after the seconds in Retry-After. `/health/ready` is 200 again once it answers.",
)
DATABASE_UNUSABLE = _type(
    "database-unusable",
    503,
    "The database does not do what is needed",
    "The log says why: a full disk, a read-only server, missing rights, or another version of the schema.",
)
