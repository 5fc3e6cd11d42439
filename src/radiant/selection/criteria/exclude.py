"""Models the caller does not want, by any name that is exactly theirs; others are understood before."""

from radiant.names.known import names_of

from ..criterion import Criterion
from ..demand import Ban

criterion = Criterion(
    name="exclude", by_health=False, demand=Ban(field="exclude", names=names_of, reason="the request excludes it")
)
