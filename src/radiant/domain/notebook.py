"""How answers look in a notebook: small tables of HTML, in which nothing a model is called is markup."""

from collections.abc import Iterable
from html import escape

from .choice import Choice, Explanation

#: Models that fit, and reasons for refusals, in one table.
_SHOWN = 20


def choice_html(choice: Choice) -> str:
    """The model, what it costs, and why it is the one."""
    cost = "unknown" if choice.estimated_cost is None else f"{choice.estimated_cost:f} USD {choice.estimated_for}"
    facts = [
        ("provider", choice.provider_name),
        ("cost", cost),
        ("state", choice.thermal_state or "ready"),
        ("health", choice.health_status),
        *([("retires", f"{choice.retires}")] if choice.retires else []),
        ("because", "; ".join(choice.reasons)),
    ]
    return f"<b>{escape(choice.model_id)}</b>{_table((), facts)}"


def explanation_html(explanation: Explanation) -> str:
    """The models that fit with their reasons, then every reason for a refusal."""
    eligible = [it for it in explanation.verdicts if it.position is not None]
    fit = [(it.position, f"{it.provider_id}/{it.model_id}", "; ".join(it.reasons)) for it in eligible[:_SHOWN]]
    refused = [(len(it.models), it.reason) for it in explanation.refused[:_SHOWN]]
    why_none = [] if explanation.diagnosis is None else [f"No model fits: {explanation.diagnosis}."]
    told = "".join(f"<p>{escape(it)}</p>" for it in (*why_none, *explanation.notes))
    return told + _table(("", "eligible", "because"), fit) + _table(("refused", "because"), refused)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    top = "".join(f"<th>{escape(it)}</th>" for it in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(it))}</td>' for it in row)}</tr>" for row in rows)
    return f"<table>{f'<tr>{top}</tr>' if top else ''}{body}</table>" if body else ""
