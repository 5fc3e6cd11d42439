"""Which addresses may be spoken to, and what of an address may be shown."""

import pytest

from radiant.providers.addresses import refusal
from radiant.providers.places import LONGEST_URL, origin, place, problem_with_base, problem_with_url

PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "192.0.2.1", "2001:db8::1"),
    *("::1", "fc00::1", "fd12:3456::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"),
]
NEVER = [
    *("169.254.169.254", "169.254.170.2", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"),
    *(
        "2001:0:4136:e378:8000:63bf:5601:5601",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "fe80::1",
        "fe80::1%eth0",
    ),
    *("fe80::1%eth0", "224.0.0.1", "ff02::1", "255.255.255.255", "0.0.0.0", "::", "240.0.0.1", "localhost", "1.2.3"),  # noqa: S104
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_spoken_to(address: str) -> None:
    assert refusal(address, private=False) is None


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    assert refusal(address, private=False) is not None


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_may_be_allowed(address: str) -> None:
    assert refusal(address, private=True) is None
    assert "RADIANT_ALLOW_PRIVATE_NETWORKS=1" in (refusal(address, private=False) or "")


@pytest.mark.parametrize("address", NEVER)
def test_where_credentials_are_handed_out_nobody_goes_whatever_is_allowed(address: str) -> None:
    assert refusal(address, private=True) is not None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://api.example.com/v1", None),
        ("http://127.0.0.1:8080", None),
        ("HTTPS://api.example.com", None),
        ("ftp://example.com", "no http(s) address"),
        ("//example.com", "no http(s) address"),
        ("https://", "no http(s) address"),
        ("https://[", "no http(s) address"),
        ("https://example.com:x/", "no http(s) address"),
        ("https://exämple.com/", "no http(s) address"),
        ("https://example.com/\nX: y", "no http(s) address"),
        ("https://example.com:0/", "no address that can be asked"),
        ("https://example.com/ v1", "no address that can be asked"),
        ("https://example.com/" + "a" * LONGEST_URL, "no address that can be asked"),
        ("https://user:hunter2@example.com/", "a name or password in it"),
    ],
)
def test_an_address_that_cannot_be_asked_is_told(url: str, problem: str | None) -> None:
    told = problem_with_url(url)
    assert (told is None) == (problem is None)
    assert problem is None or problem in str(told)
    assert "hunter2" not in str(told)


@pytest.mark.parametrize("url", ["https://example.com/v1?key=sk-secret", "https://example.com/v1#x"])
def test_the_root_of_an_api_has_no_query_and_shows_none(url: str) -> None:
    told = problem_with_base(url)
    assert told is not None
    assert "sk-secret" not in told


def test_a_place_shows_no_name_no_password_no_query() -> None:
    assert place("https://user:pw@example.com:8443/v1/models?key=sk-secret#f") == "https://example.com:8443/v1/models"
    assert place("http://[") == "this address"
    assert len(place("https://example.com/" + "a" * 10_000)) < 200


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin("https://Example.com/a") == origin("https://example.com:443/b?c") == origin("HTTPS://example.com./")
    assert len({origin(f"{it}") for it in ("https://a.b", "http://a.b", "https://a.b:8443", "https://a.b.c")}) == 4
