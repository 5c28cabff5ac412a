"""The Model Context Protocol: the catalogue, the search and the evidence as tools for language models."""

from api.mcp.gated import Gated
from api.mcp.server import mcp_server

__all__ = ["Gated", "mcp_server"]
