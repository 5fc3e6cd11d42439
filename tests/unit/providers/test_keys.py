"""A key comes from the environment, goes into a header, and shows itself nowhere."""

import datetime as dt
import email.utils

import pytest

from radiant.domain.external import Auth, AuthScheme
from radiant.domain.keys import variable_in_use
from radiant.providers.failures import LONGEST_WAIT, Failed, Reason, of_status, retry_after
from radiant.providers.keys import Account, signer
from radiant.settings import variables

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
WAIT = dt.timedelta(seconds=90)
AWS = ("AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def account(*names: str, scheme: AuthScheme = AuthScheme.BEARER) -> Account:
    return Account(id="openai", base_url="https://e.com", auth=Auth(scheme=scheme), key_variables=names)


@pytest.mark.parametrize(
    ("names", "present", "expected"),
    [
        (("A", "B"), {"B"}, "B"),
        (("A", "B"), {"A", "B"}, "A"),
        (("A",), set(), None),
        ((), {"A"}, None),
        (AWS, {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}, "AWS_ACCESS_KEY_ID"),
        (AWS, {"AWS_ACCESS_KEY_ID"}, None),
        (AWS, {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}, None),
        (AWS, set(AWS), "AWS_BEARER_TOKEN_BEDROCK"),
        (("CLOUDFLARE_API_KEY", "CLOUDFLARE_ACCOUNT_ID"), {"CLOUDFLARE_ACCOUNT_ID"}, None),
    ],
)
def test_a_key_is_there_where_a_variable_and_all_it_needs_is_set(
    names: tuple[str, ...], present: set[str], expected: str | None
) -> None:
    assert variable_in_use(names, present) == expected
    assert account(*names).has_key(dict.fromkeys(present, "k")) == (expected is not None)


@pytest.mark.parametrize("key", ["sk-\nsecret", "sk secret", "sk-sécret", "sk-secret\x00x"])
def test_a_key_that_no_header_can_have_is_named_by_its_variable_only(key: str) -> None:
    with pytest.raises(Failed) as raised:
        signer(account("OPENAI_API_KEY"), {"OPENAI_API_KEY": key})
    assert raised.value.reason is Reason.SETTINGS
    assert "OPENAI_API_KEY" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_the_line_break_that_a_file_ends_with_is_no_part_of_a_key() -> None:
    sign = signer(account("OPENAI_API_KEY"), {"OPENAI_API_KEY": "sk-secret\r\n"})
    assert sign is not None
    assert sign("https://e.com") == {"Authorization": "Bearer sk-secret"}


@pytest.mark.parametrize("value", ["", "  ", "\n"])
def test_a_variable_of_blanks_is_a_key_for_nobody(value: str) -> None:
    environment = {"OPENAI_API_KEY": value, "XAI_API_KEY": "sk"}
    assert variables(environment) == {"XAI_API_KEY"}, "what choices call connected"
    assert not account("OPENAI_API_KEY").has_key(environment), "what runs ask with"


def test_a_body_that_echoes_the_key_is_not_repeated() -> None:
    failed = of_status("https://e.com", 401, b'{"error": "Incorrect API key provided: sk-secret"}', {}, now=NOW)
    assert failed.reason is Reason.KEY
    assert "sk-secret" not in repr(failed) + str(failed) + repr(vars(failed))


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, b"", Reason.KEY),
        (403, b"", Reason.KEY),
        (
            403,
            b'{"error": {"message": "You have insufficient permissions. Missing scopes: api.model.read."}}',
            Reason.REFUSED,
        ),
        (401, b'{"error": "Missing scopes: api.model.read"}', Reason.REFUSED),
        (403, b"Fire Pass API keys are not authorized for this route.", Reason.REFUSED),
        (403, b'{"error": "Missing scopes: model.request"}', Reason.KEY),
        (400, b'{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}', Reason.KEY),
        (400, b'{"error": "Incorrect API key provided."}', Reason.KEY),
        (400, b'{"error": "unknown parameter"}', Reason.REFUSED),
        (400, b'{"error": {"message": "Your credit balance is too low to access the API."}}', Reason.BILLING),
        (429, b'{"error": {"code": "insufficient_quota"}}', Reason.BILLING),
        (429, b'{"error": {"message": "You exceeded your current quota."}}', Reason.THROTTLED),
        (402, b"", Reason.BILLING),
        (412, b"", Reason.BILLING),
        (404, b"", Reason.NOT_THERE),
        (422, b"", Reason.REFUSED),
        (429, b"", Reason.THROTTLED),
        (498, b"", Reason.REFUSED),
        (500, b"", Reason.FAILING),
        (503, b"", Reason.FAILING),
        (529, b"", Reason.THROTTLED),
        (204, b"", Reason.REFUSED),
    ],
)
def test_what_a_status_means(status: int, body: bytes, reason: Reason) -> None:
    failed = of_status("https://e.com", status, body, {}, now=NOW)
    assert failed.reason is reason
    assert f"it answered {status}: " in failed.problem


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("17", 17.0),
        ("0", 0.0),
        ("Thu, 26 Nov 2026 12:01:40 GMT", 100.0),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0.0),
        ("9" * 400, LONGEST_WAIT),
        ("Thu, 26 Nov 9999 12:00:00 GMT", LONGEST_WAIT),
        ("Thursday, 26-Nov-26 12:01:40 GMT", 100.0),
        ("Thu Nov 26 12:01:40 2026", 100.0),
        ("1.5", 1.5),
        ("30, 60", 60.0),
        ("30,soon", None),
        ("nan", None),
        ("1e9", None),
        ("-1", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_when_to_come_again(text: str | None, seconds: float | None) -> None:
    assert retry_after({} if text is None else {"retry-after": text}, NOW) == seconds


@pytest.mark.parametrize("off", [dt.timedelta(hours=-2), dt.timedelta(), dt.timedelta(minutes=50)])
def test_a_date_to_come_again_counts_by_the_clock_that_said_it(off: dt.timedelta) -> None:
    said, until = (email.utils.format_datetime(NOW + off + it, usegmt=True) for it in (dt.timedelta(), WAIT))
    assert retry_after({"retry-after": until, "date": said}, NOW) == WAIT.total_seconds()
    failed = of_status("https://e.com", 429, b"", {"retry-after": until, "date": said}, now=NOW)
    assert failed.retry_after == WAIT.total_seconds()


def test_without_a_date_that_can_be_read_it_counts_from_now() -> None:
    until = email.utils.format_datetime(NOW + WAIT, usegmt=True)
    for said in ("", "now", "Thu, 99 Nov 2026 12:00:00 GMT"):
        assert retry_after({"retry-after": until, "date": said}, NOW) == WAIT.total_seconds()
