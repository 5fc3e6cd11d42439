"""HTML for notebooks; all text is escaped."""

from collections.abc import Iterable
from html import escape


def heading(text: str) -> str:
    return f"<b>{escape(text)}</b>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{escape(it)}</p>" for it in texts)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table below `head`; nothing where there are no rows."""
    top = "".join(f"<th>{escape(it)}</th>" for it in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(it))}</td>' for it in row)}</tr>" for row in rows)
    return f"<table>{f'<tr>{top}</tr>' if top else ''}{body}</table>" if body else ""
