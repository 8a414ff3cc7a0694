"""The payment provider misbehaves; its own book decides whether anybody was charged wrongly."""

from typing import Any

import aiohttp

from halles_rig.pausing import last
from halles_rig.row import Run, row

CALLS = "/v1/payment_intents*"
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "error_before", "path": CALLS, "method": "POST", "probability": 0.08},
    {"kind": "error_after", "path": CALLS, "method": "POST", "probability": 0.08},
    {"kind": "cut_after", "path": CALLS, "method": "POST", "probability": 0.08},
    {"kind": "hang_after", "path": CALLS, "method": "POST", "probability": 0.05, "seconds": 6},
    {"kind": "conflict", "path": CALLS, "method": "POST", "probability": 0.05},
    {"kind": "rate_limit", "path": "/v1/*", "method": "POST", "probability": 0.05},
    {"kind": "webhook_duplicate", "event_type": "*", "probability": 0.4, "copies": 3},
    {"kind": "webhook_delay", "event_type": "*", "probability": 0.2, "seconds": 5},
    {"kind": "webhook_reorder", "event_type": "*", "probability": 0.3},
    {"kind": "webhook_bad_signature", "event_type": "*", "probability": 0.05},
)


class Provider:
    """The control side of the stand-in."""

    def __init__(self, run: Run, http: aiohttp.ClientSession) -> None:
        self._base = f"{run.rig.stack.ports.url('stripe')}/_control"
        self._headers = {"Authorization": f"Bearer {run.rig.secrets.passwords['standin-control']}"}
        self._http = http

    async def tell(self, method: str, path: str, body: Any = None) -> Any:
        async with self._http.request(method, self._base + path, json=body, headers=self._headers) as answer:
            answer.raise_for_status()
            return await answer.json()


@row("F-28", "provider: time-outs, 500, cut answers, conflicts, webhooks twice, late, out of order, forged")
async def f28(run: Run) -> None:
    async with aiohttp.ClientSession() as http:
        provider = Provider(run, http)
        for number, fault in enumerate(FAULTS):
            await provider.tell("POST", "/faults", {**fault, "seed": f"{run.dice.random()}-{number}"})
        try:
            async with run.trading():
                await last(run.seconds(30))
            applied = (await provider.tell("GET", "/faults"))["faults"]
        finally:
            await provider.tell("DELETE", "/faults")
            await provider.tell("POST", "/deliveries/retry", {})
    counts = {fault["kind"]: fault.get("applied", 0) for fault in applied}
    run.require(sum(counts.values()) > 0, "the provider never misbehaved")
    run.note(", ".join(f"{number} {kind}" for kind, number in counts.items() if number))
