"""Prices and costs of models, for one usage."""

from decimal import Decimal
from typing import Final

from radiant.domain.comparable import COMPARED
from radiant.domain.criteria import Usage
from radiant.domain.vocabulary import Task
from radiant.pricing.formula import charge
from radiant.pricing.media import Media
from radiant.pricing.quantities import Quantities, of_usage
from radiant.pricing.tariff import UNIT, Tariff, usd

from .reading.candidate import Candidate

_UNSTATED: Final = Usage()
_COMPARED: Final = {task: of_usage(_UNSTATED, task) for task in Task}


def compared_price(tariff: Tariff) -> int | None:
    """Of the amount of work its task is compared by, whatever a request asks for."""
    return charge(tariff, _COMPARED[tariff.task], Media.NONE)


class Costing:
    """The prices and costs of one usage, stated or assumed, and of what goes into and comes out of it besides text.

    Prices are those of the amount of work a task is compared by, whatever the usage; `cost` is that of this request.
    Both are integers, comparable among themselves but not with each other.
    """

    __slots__ = ("_common", "_compared", "_media", "_quantities", "_usage", "stated")

    def __init__(self, usage: Usage | None = None, media: Media = Media.NONE) -> None:
        self.stated = usage is not None
        self._compared = usage is None and media is Media.NONE
        self._usage, self._media = usage or _UNSTATED, media
        self._quantities: dict[Task, Quantities] = {}
        self._common = self._of(Task.CHAT).common  # the same for every task: only stated numbers have fractions

    def cost_of(self, candidate: Candidate) -> int | None:
        """Of this request to a candidate, which knows its price already: every order looks at it again and again."""
        return candidate.price if self._compared else self.cost(candidate.tariff)

    def cost(self, tariff: Tariff) -> int | None:
        """Of this request. None where no price is known for what it gives."""
        return charge(tariff, self._of(tariff.task), self._media)

    def _of(self, task: Task) -> Quantities:
        found = self._quantities.get(task)
        if found is None:
            found = self._quantities[task] = of_usage(self._usage, task)
        return found

    def cost_usd(self, tariff: Tariff) -> Decimal | None:
        cost = self.cost(tariff)
        return None if cost is None else self.usd(cost)

    def usd(self, cost: int) -> Decimal:
        """A cost in USD."""
        return usd(cost, self._common)

    def limit(self, highest: Decimal) -> int:
        """The largest cost that is not above an amount of USD."""
        top, bottom = highest.as_integer_ratio()
        cost: int = top * self._common * UNIT // bottom
        return cost

    def price_words(self, tariff: Tariff) -> str:
        price = compared_price(tariff)
        if price is None:
            return "price unknown"
        return f"{usd(price, _COMPARED[tariff.task].common):f} USD {COMPARED[tariff.task]}"

    def cost_words(self, tariff: Tariff) -> str:
        cost = self.cost_usd(tariff)
        if cost is None:
            return "cost unknown"
        return f"{cost:f} USD {self.basis(tariff.task)}"

    def basis(self, task: Task) -> str:
        """What a cost is for, in words."""
        return "for this request" if self.stated else COMPARED[task]


#: What requests cost that state no usage, and take and give nothing but text besides what their task does.
UNSTATED: Final = Costing()
