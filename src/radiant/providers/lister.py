"""The contract of two verbs. `fetch` gets the pages of a provider's list; `read` makes a listing of them, purely."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import msgspec

from radiant.domain.errors import SourceUnreadable

from .failures import Failed, Reason
from .http import Client
from .joining import joined
from .keys import Account, Signer, signer
from .listing import Listing, Problem
from .paging import Paging, Single
from .places import origin, place, problem_with_base, problem_with_url
from .shape import Page, Shape, unreadable
from .shape import read as read_page
from .wholeness import shortcoming

#: Bytes, unpacked, of a whole list, and how many pages and models it may have. A list beyond is not whole.
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_PAGES: Final = 1_000
MOST_MODELS: Final = 100_000

#: In a base URL: `{region}`, `{resource}`.
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")

#: Bytes beyond which reading is done beside the event loop.
_LARGE: Final = 256 * 1024


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One list of a provider.

    `path` is relative to the base URL, or begins with `/` and starts where the API's own path (`Lister.base_path`)
    does. `host` replaces the first of two texts in the host by the second. `exists` is false for a list that only adds
    facts to models of another.
    """

    path: str
    shape: Shape = Shape()
    paging: Paging = Single()
    host: tuple[str, str] | None = None
    exists: bool = True


class Lister(msgspec.Struct, frozen=True, kw_only=True):
    """How one provider lists its models; without `requests` it does not, and `silent` says so.

    `partial` says what its list never has, so that absence means nothing; `keyless`: the list needs no key.
    """

    requests: tuple[Request, ...] = ()
    base_path: str = ""
    silent: str | None = None
    partial: str | None = None
    keyless: bool = False

    @property
    def lists_models(self) -> bool:
        return bool(self.requests)


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """The pages that came, each with the number of its request, where it came from and its body."""

    pages: tuple[tuple[int, str, bytes], ...]
    problems: tuple[Problem, ...]


async def list_models(lister: Lister, account: Account, client: Client, environment: Mapping[str, str]) -> Listing:
    """What the provider lists now. Never raises for what a provider does: everything wrong stands in the listing."""
    fetched = await fetch(lister, account, client, environment)
    if sum(len(body) for *_, body in fetched.pages) > _LARGE:
        return await asyncio.to_thread(read, lister, account.id, fetched)
    return read(lister, account.id, fetched)


async def fetch(lister: Lister, account: Account, client: Client, environment: Mapping[str, str]) -> Fetched:
    """Every page of every list, within bounds. What failed is a problem, and the other pages stand."""
    pages: list[tuple[int, str, bytes]] = []
    problems: list[Problem] = []
    try:
        if not lister.lists_models:
            raise Failed(account.id, Reason.NOT_THERE, lister.silent or "it has no list of models")
        sign = signer(account, environment)
        if sign is None and not lister.keyless:
            raise no_key(account)
        for number, request in enumerate(lister.requests):
            url = address(lister, request, account)
            failure = await _pages(number, request, url, client, account.auth.headers, sign, pages)
            if failure is not None:
                # Its other lists are most likely to fail alike, and a failure is told once.
                problems.append(_problem(failure, incomplete=any(it.exists for it in lister.requests[number:])))
                break
    except Failed as failure:
        problems.append(_problem(failure))
    return Fetched(pages=tuple(pages), problems=tuple(problems))


def address(lister: Lister, request: Request, account: Account) -> str:
    """Where the first page is. Raises Failed where the base URL cannot be used."""
    base = _PLACEHOLDER.sub(lambda found: account.values.get(found[1], found[0]), account.base_url).rstrip("/")
    if missing := _PLACEHOLDER.search(base):
        raise Failed(account.id, Reason.SETTINGS, f"nothing is set for {missing[0]} of {place(account.base_url)}")
    if problem := problem_with_base(base):
        raise Failed(account.id, Reason.ADDRESS, f"its base URL cannot be used: {problem}")
    parts = urlsplit(base)
    if request.host is not None:
        parts = parts._replace(netloc=parts.netloc.replace(*request.host))
    path, _, query = request.path.partition("?")
    if path.startswith("/"):
        root = parts.path.removesuffix(lister.base_path) if parts.path.endswith(lister.base_path) else ""
        return urlunsplit(parts._replace(path=f"{root}{path}", query=query))
    return urlunsplit(parts._replace(path=f"{parts.path}/{path}", query=query))


async def _pages(
    number: int,
    request: Request,
    url: str,
    client: Client,
    headers: Mapping[str, str],
    sign: Signer | None,
    pages: list[tuple[int, str, bytes]],
) -> Failed | None:
    """Append the pages of one list to `pages`; why they ended early, or None."""
    first = url
    page: str | None = request.paging.first(url)
    seen: set[str] = set()
    try:
        async with asyncio.timeout(client.patience.pages):
            while page is not None:
                if problem := problem_with_url(page):
                    raise Failed(place(first), Reason.PAGING, f"page {len(seen) + 1} cannot be asked for: {problem}")
                if origin(page) != origin(first):
                    raise Failed(place(first), Reason.PAGING, f"page {len(seen) + 1} is on another host: {place(page)}")
                if page in seen:
                    raise Failed(place(first), Reason.PAGING, f"page {len(seen)} leads back to a page read before")
                if len(seen) == MOST_PAGES:
                    raise Failed(place(first), Reason.PAGING, f"it goes on after {MOST_PAGES:,} pages")
                seen.add(page)
                left = MOST_BYTES - sum(len(body) for *_, body in pages)
                secret = sign(page) if sign else {}
                answer = await client.get(page, limit=max(left, 0), secret=secret, headers=headers)
                pages.append((number, place(page), answer.body))
                page = request.paging.next(place(page), page, answer.body, answer.headers)
    except TimeoutError:
        return Failed(place(first), Reason.SLOW, f"its pages took longer than {client.patience.pages:g} seconds")
    except SourceUnreadable as error:
        return Failed(place(first), Reason.UNREADABLE, unreadable(error.source, error))
    except Failed as failure:
        return failure
    return None


def read(lister: Lister, provider: str, fetched: Fetched) -> Listing:
    """What the pages say together. A page in no known shape is one problem, and so are all unreadable entries."""
    problems = list(fetched.problems)
    told = {(problem.place, problem.reason) for problem in problems}
    pages: list[tuple[Request, Page]] = []
    for number, url, body in fetched.pages:
        request = lister.requests[number]
        try:
            pages.append((request, read_page(request.shape, body, url)))
        except SourceUnreadable as error:
            if (url, Reason.UNREADABLE) not in told:
                problem = unreadable(url, error)
                problems.append(
                    Problem(place=url, reason=Reason.UNREADABLE, problem=problem, incomplete=request.exists)
                )
    where = fetched.pages[0][1] if fetched.pages else provider
    problems += _lost(where, pages)
    if not any(problem.incomplete for problem in problems):
        problems += _short(lister, fetched, pages)
    listed = {model.id for request, page in pages if request.exists for model in page.models}
    models, differing = joined([model for model in page.models if model.id in listed] for _, page in pages)
    if any(request.shape.versions for request, _ in pages):
        differing = []
    if differing:
        text = f"{len(differing):,} ids stand more than once and differ; the first: {differing[0]}"
        problems.append(Problem(place=where, reason=Reason.ENTRIES, problem=text, incomplete=False))
    if len(models) > MOST_MODELS:
        text = f"it lists {len(models):,} models; the first {MOST_MODELS:,} by id are read"
        problems.append(Problem(place=where, reason=Reason.TOO_LARGE, problem=text))
    if not models and not problems:
        problems.append(Problem(place=where, reason=Reason.EMPTY, problem="it lists no model at all"))
    return Listing(
        provider_id=provider,
        models=tuple(sorted(models, key=lambda model: model.id)[:MOST_MODELS]),
        problems=tuple(problems),
        refused=tuple(refusal for _, page in pages for refusal in page.refused) + tuple(differing),
        partial=lister.partial,
        pages=len(fetched.pages),
        size=sum(len(body) for *_, body in fetched.pages),
    )


def _lost(where: str, pages: list[tuple[Request, Page]]) -> Iterator[Problem]:
    """All entries that could not be read, as one problem."""
    lost = sum(page.lost for _, page in pages)
    if lost:
        seen = lost + sum(len(page.models) for _, page in pages)
        first = next(page.first_lost for _, page in pages if page.first_lost is not None)
        text = f"{lost:,} of {seen:,} entries cannot be read; the first: {first}"
        incomplete = any(page.lost for request, page in pages if request.exists)
        yield Problem(place=where, reason=Reason.ENTRIES, problem=text, incomplete=incomplete)


def _short(lister: Lister, fetched: Fetched, pages: list[tuple[Request, Page]]) -> Iterator[Problem]:
    """What lists say themselves that they lack."""
    for number, request in enumerate(lister.requests):
        bodies = [(url, body) for it, url, body in fetched.pages if it == number]
        listed = _distinct([page for it, page in pages if it is request])
        if request.exists and bodies and (problem := shortcoming(request.paging, bodies, listed)):
            yield problem


def _distinct(pages: list[Page]) -> int:
    """How many entries came that no page before had."""
    count, before = 0, set[str]()
    for page in pages:
        count += page.lost + sum(model.id not in before for model in page.models)
        before |= {model.id for model in page.models}
    return count


def _problem(failure: Failed, *, incomplete: bool = True) -> Problem:
    return Problem(
        place=failure.place,
        reason=failure.reason,
        problem=failure.problem,
        incomplete=incomplete,
        retry_after=failure.retry_after,
    )


def no_key(account: Account) -> Failed:
    """Why a provider cannot be asked that takes a key and has none here."""
    names = " or ".join(account.key_variables)
    problem = f"it has no key here; set {names}" if names else "it has no key, and no variable is named for one"
    return Failed(account.id, Reason.KEY, problem)
