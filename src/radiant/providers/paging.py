"""How lists of several pages go on. Each style says where the next page is, from what the last one said; pure."""

import re
from collections.abc import Mapping
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import msgspec

from radiant.claims.entries import number, shown
from radiant.domain.errors import SourceUnreadable

from .envelope import at, beside

#: No provider documents a longer cursor.
_LONGEST_CURSOR: Final = 4_000

_LINK: Final = re.compile(r"<([^>]*)>([^<]*)")
_IS_NEXT: Final = re.compile(r";\s*rel=\"?next\b", re.IGNORECASE)


class Paging(Protocol):
    """A style of paging."""

    def first(self, url: str) -> str:
        """The address of the first page."""

    def next(self, source: str, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        """The address of the page after this one, None at the end. Raises SourceUnreadable."""


#: Where a list that is on one page by its documentation says that it goes on, and the parameter by which others do
#: that say so there: OpenAI's other lists, Cohere's and Bifrost's, Google's. For the rest none is known.
_ONWARD: Final[Mapping[str, str | None]] = {
    "next_page_token": "page_token",
    "nextPageToken": "pageToken",
    "next_cursor": None,
    "nextCursor": None,
    "nextToken": None,
    "continuationToken": None,
}
_ADDRESSES: Final = ("next", "links.next", "next.href")


class Single(msgspec.Struct, frozen=True):
    """All on one page, unless it says otherwise: gateways page what nobody else does (newo-ether/Agora, issue 41;
    Hmbown/Codewhale, issue 6009). One that goes on nobody knows how is not whole."""

    def first(self, url: str) -> str:
        return url

    def next(self, source: str, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        if (target := _linked(headers)) is not None:
            return _joined(source, url, target)
        said = beside(source, body, "has_more", "last_id", *_ADDRESSES, *_ONWARD)
        for path in _ADDRESSES:
            to = said.get(path)
            if type(to) is str and to.startswith(("http://", "https://", "/", "?")):
                return _joined(source, url, to)
            if to and not isinstance(to, dict | list):
                raise SourceUnreadable(source, f"goes on at `{path}` {shown(to)}, and how is not known")
        for field, parameter in _ONWARD.items():
            if token := said.get(field):
                if parameter is None or type(token) is not str or len(token) > _LONGEST_CURSOR:
                    raise SourceUnreadable(source, f"goes on at `{field}` {shown(token)}, and how is not known")
                return with_parameters(url, {parameter: token})
        if not said.get("has_more"):
            return None
        last = said.get("last_id")
        if type(last) is not str or not 0 < len(last) <= _LONGEST_CURSOR:
            raise SourceUnreadable(source, "says that more follows, and not where")
        return with_parameters(url, {"after": last})


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """A token in a field of the answer, sent back as a parameter. `more` is a boolean beside it, without which it is
    the end."""

    field: str
    parameter: str
    size: tuple[str, int]
    more: str | None = None

    def first(self, url: str) -> str:
        return with_parameters(url, {self.size[0]: str(self.size[1])})

    def next(self, source: str, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        if self.more is not None:
            more = at(source, body, self.more)
            if more is not None and type(more) is not bool:
                raise SourceUnreadable(source, f"has {shown(more)} under `{self.more}`; expected true or false")
            if not more:
                return None
        token = at(source, body, self.field)
        if token is None or token == "":
            if self.more is not None:
                raise SourceUnreadable(source, f"says that more follows, and has no `{self.field}`")
            return None
        if type(token) is not str or len(token) > _LONGEST_CURSOR:
            raise SourceUnreadable(source, f"goes on at `{self.field}` {shown(token)}; expected text")
        return with_parameters(url, {self.parameter: token})


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """The whole address of the next page in the answer; it may begin at the root of the host."""

    url: str
    parameters: Mapping[str, str] = {}

    def first(self, url: str) -> str:
        return with_parameters(url, self.parameters) if self.parameters else url

    def next(self, source: str, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        to = at(source, body, self.url)
        if to is None or to == "":
            return None
        if type(to) is not str or len(to) > _LONGEST_CURSOR:
            raise SourceUnreadable(source, f"goes on at `{self.url}` {shown(to)}; expected an address")
        return _joined(source, url, to)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """The address of the next page in the header Link, with rel="next" (RFC 8288)."""

    size: tuple[str, int]

    def first(self, url: str) -> str:
        return with_parameters(url, {self.size[0]: str(self.size[1])})

    def next(self, source: str, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        target = _linked(headers)
        return None if target is None else _joined(source, url, target)


class Numbered(msgspec.Struct, frozen=True, kw_only=True):
    """Pages by number from 1, until as many models were listed as there are; `sized` is the size that was given."""

    page: str
    size: tuple[str, int]
    sized: str
    total: str

    def first(self, url: str) -> str:
        return with_parameters(url, {self.page: "1", self.size[0]: str(self.size[1])})

    def next(self, source: str, url: str, body: bytes, headers: Mapping[str, str]) -> str | None:
        total = number(at(source, body, self.total))
        if total is None or total < 0:
            raise SourceUnreadable(source, f"does not say how many models there are under `{self.total}`")
        page = int(_parameters(url).get(self.page, "1"))
        size = number(at(source, body, self.sized)) or self.size[1]
        return with_parameters(url, {self.page: str(page + 1)}) if 0 < page * size < total else None


def with_parameters(url: str, values: Mapping[str, str]) -> str:
    """`url` with these parameters in place of those of the same name, percent-encoded."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(_parameters(url) | dict(values))))


def _parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _linked(headers: Mapping[str, str]) -> str | None:
    """What the header Link names as the next page."""
    named = _LINK.findall(headers.get("link", ""))
    return next((target for target, parameters in named if _IS_NEXT.search(parameters)), None)


def _joined(source: str, url: str, to: str) -> str:
    try:
        return urljoin(url, to)
    except ValueError:
        raise SourceUnreadable(source, "goes on at an address that is none") from None
