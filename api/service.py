"""What every request works with: the settings, the store and the minting of IRIs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.search import SearchDesk
from api.settings import Settings
from ontology.iris import Iris
from store import GraphStore


@dataclass(frozen=True)
class Service:
    """One running service."""

    settings: Settings
    store: GraphStore
    search: SearchDesk

    @property
    def iris(self) -> Iris:
        """The minting of IRIs under this installation's base."""
        return self.settings.iris


def current_service(connection: HTTPConnection) -> Service:
    """The service that a request came to."""
    service: Service = connection.app.state.service
    return service


Served = Annotated[Service, Depends(current_service)]
"""The type of a handler's argument that takes the service."""
