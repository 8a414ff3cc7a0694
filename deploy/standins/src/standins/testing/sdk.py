"""The real Stripe SDK against a running stand-in; every successful answer is checked against the SDK's classes."""

from collections.abc import Mapping
from typing import Any

import orjson
import requests
import stripe

from standins.testing.shapes import deviations

TEST_KEY = "sk_test_standin"


class CheckingHttpClient(stripe.RequestsClient):
    """The SDK's own transport, with a look at every body that comes back."""

    def __init__(self, timeout: float) -> None:
        self.session = requests.Session()
        super().__init__(session=self.session, timeout=timeout)
        self.found: list[str] = []
        self.answers: list[tuple[int, Mapping[str, str]]] = []

    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send, and note every deviation of a successful answer from the SDK's description."""
        body, status, answered = super().request(method, url, headers, post_data)
        self.answers.append((status, answered))
        if status == 200:
            self.found += [f"{method} {url}: {deviation}" for deviation in deviations(orjson.loads(body))]
        return body, status, answered


def error_of(error: stripe.StripeError) -> dict[str, Any]:
    """Return what the answer says about the error."""
    body = error.json_body
    if not isinstance(body, dict):
        raise AssertionError(f"no JSON object came with {error}")
    found: dict[str, Any] = body["error"]
    return found


class CheckedStripe:
    """A `StripeClient` on a stand-in; leaving the block fails when an answer had a wrong shape."""

    def __init__(self, url: str, *, key: str = TEST_KEY, retries: int = 0, timeout: float = 20.0) -> None:
        self.http = CheckingHttpClient(timeout)
        # Tests send what the SDK's parameter classes forbid, on purpose.
        self.client: Any = stripe.StripeClient(
            key,
            base_addresses={"api": url, "files": url, "connect": url, "meter_events": url},
            max_network_retries=retries,
            http_client=self.http,
        )

    def close(self) -> None:
        """Close the connections and complain about shapes."""
        self.http.session.close()
        if self.http.found:
            raise AssertionError("answers that the SDK does not describe:\n" + "\n".join(sorted(set(self.http.found))))
