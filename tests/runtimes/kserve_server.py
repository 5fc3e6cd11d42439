"""KServe's own server with a repository of one toy: run by its own Python, `kserve_server.py PORT SECONDS`."""

import sys
import time
from typing import Any

from kserve import Model, ModelRepository, ModelServer

PORT, SECONDS = int(sys.argv[1]), float(sys.argv[2])


class Toy(Model):  # type: ignore[misc]
    """Takes its time to load, as weights do."""

    def load(self) -> bool:
        time.sleep(SECONDS)
        self.ready = True
        return True

    async def predict(self, payload: Any, headers: Any = None, response_headers: Any = None) -> dict[str, Any]:
        return {"predictions": [1]}


class Repository(ModelRepository):  # type: ignore[misc]
    """Has `toy`, and nothing else."""

    async def load(self, name: str) -> bool:
        if name != "toy":
            return False
        toy = Toy(name)
        toy.load()
        self.update(toy)
        return True


if __name__ == "__main__":
    ModelServer(http_port=PORT, enable_grpc=False, workers=1, registered_models=Repository()).start([])
