"""A request or two of each operation that the OpenAPI document describes; `make fuzz-api` sends many."""

from __future__ import annotations

import httpx

from benchmarks.api_fuzz import fuzz


def test_no_request_of_the_interface_ends_in_a_server_error(client: httpx.Client) -> None:
    done = fuzz(f"{str(client.base_url).rstrip('/')}/", examples=1, seed=1)
    assert "Test cases:" in done.stdout
    assert done.returncode == 0, done.stdout
