"""What has to hold in a registry whatever happened to its workers: nothing lost, nothing twice, each change told."""

from collections import Counter

from radiant.simulator.theater import Theater
from tests.durability.working import Query

#: Runs that are not over.
RUNNING = "SELECT id, worker FROM registry_sync_log WHERE status = 'running'"

#: Ids of lists that were new, and how often each was told.
DISCOVERED = """
SELECT d.provider_id || '/' || d.model_id AS model, count(e.id) AS told
  FROM discovered_models d
  LEFT JOIN events e ON e.type = 'radiant.model.discovered' AND e.subject = d.provider_id || '/' || d.model_id
 WHERE d.kind = 'model' AND d.status <> 'known'
 GROUP BY 1 HAVING count(e.id) <> 1
"""

#: Runs that are over, and how often each was told.
ENDED = """
SELECT l.id, l.status, count(e.id) AS told
  FROM registry_sync_log l
  LEFT JOIN events e ON e.type = 'radiant.sync.' || l.status AND e.data ->> 'sync_id' = l.id::text
 WHERE l.status <> 'running' AND l.sync_type IN ('full', 'models')
 GROUP BY 1, 2 HAVING count(e.id) <> 1
"""

#: What happened to models by the evidence, and by the events, each in its order.
EVIDENCE = """
SELECT provider_id || '/' || model_id AS model, array_agg(what ORDER BY id) AS steps
  FROM model_evidence WHERE what IN ('deprecated', 'restored') GROUP BY 1
"""
STEPS = """
SELECT subject AS model, array_agg(split_part(type, '.', 3) ORDER BY position) AS steps
  FROM events WHERE type IN ('radiant.model.deprecated', 'radiant.model.restored') GROUP BY 1
"""

UNNUMBERED = "SELECT count(*) AS n FROM events WHERE seq IS NULL"


def contradictions(query: Query, url: str) -> list[object]:
    """What a registry says that cannot be true together."""
    evidence, told = ({row["model"]: row["steps"] for row in query(url, text)} for text in (EVIDENCE, STEPS))
    found: list[object] = [*query(url, DISCOVERED), *query(url, ENDED), *query(url, RUNNING)]
    found += [(model, evidence.get(model), told.get(model)) for model in evidence.keys() | told.keys()
              if evidence.get(model) != told.get(model)]  # fmt: skip
    twice = Counter(row["id"] for row in query(url, "SELECT id FROM events"))
    return [*found, *(id for id, times in twice.items() if times > 1)]


def listed(query: Query, url: str, theater: Theater) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By provider, the ids that it lists now and those that the registry has as listed."""
    theirs = {id: {model.id for model in role.stage.listed()} for id, role in theater.roles.items()}
    ours: dict[str, set[str]] = {id: set() for id in theirs}
    for row in query(url, "SELECT provider_id, model_id FROM discovered_models WHERE absent_since IS NULL"):
        ours.setdefault(row["provider_id"], set()).add(row["model_id"])
    return theirs, ours
