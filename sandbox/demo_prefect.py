"""Prefect's API, used as its own pages use it: blocks, deployments, runs."""

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

import httpx

WAIT_S = 180


class Prefect:
    """Prefect's API, used as its own pages use it."""

    def __init__(self) -> None:
        """Reach the server that the environment names."""
        login, _, password = os.environ["PREFECT_API_AUTH_STRING"].partition(":")
        self._http = httpx.Client(
            base_url=os.environ["PREFECT_API_URL"].rstrip("/") + "/",
            auth=(login, password),
            timeout=60,
            trust_env=False,
        )
        if (token := self._http.get("csrf-token", params={"client": "demo"})).is_success:
            self._http.headers.update(
                {"Prefect-Csrf-Token": token.json()["token"], "Prefect-Csrf-Client": "demo"}
            )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def save_block(self, kind: str, name: str, values: Mapping[str, Any]) -> str:
        """Make or change a block as its form does; return its id."""
        held = self._http.get(f"block_types/slug/{kind}/block_documents/name/{name}")
        if held.is_success:
            document: str = held.json()["id"]
            self._call("PATCH", f"block_documents/{document}", {"data": values})
            return document
        block_type = self._call("GET", f"block_types/slug/{kind}")["id"]
        schemas = self._call(
            "POST",
            "block_schemas/filter",
            {"block_schemas": {"block_type_id": {"any_": [block_type]}}},
        )
        return str(
            self._call(
                "POST",
                "block_documents/",
                {
                    "name": name,
                    "data": values,
                    "block_type_id": block_type,
                    "block_schema_id": schemas[0]["id"],
                },
            )["id"]
        )

    def run_deployment(self, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Press Run on a deployment and wait for its end."""
        deployment = self._call("GET", f"deployments/name/{name}/{name}")["id"]
        flow_run = self._call(
            "POST",
            f"deployments/{deployment}/create_flow_run",
            {"parameters": dict(parameters or {})},
        )["id"]
        deadline = time.monotonic() + WAIT_S
        while (state := self._call("GET", f"flow_runs/{flow_run}")["state"])["type"] not in {
            "COMPLETED",
            "FAILED",
            "CRASHED",
            "CANCELLED",
        }:
            if time.monotonic() > deadline:
                sys.exit(f"{name} has not ended after {WAIT_S} s: {state['name']}")
            time.sleep(0.5)
        if state["type"] != "COMPLETED":
            sys.exit(f"{name} ended {state['name']}: {state['message']}")

    def _call(  # the API answers objects and lists
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:  # noqa: ANN401
        answer = self._http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None
