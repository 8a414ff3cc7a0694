"""The carrier's HTTP interface; the stand-in speaks the same."""

from typing import Any

import aiohttp
import orjson

from logistics.ports import CarrierAway, CarrierRefused, Parcel, Registered


class HttpCarrier:
    """``seconds`` bounds one call; a call that runs out of time is an open outcome."""

    def __init__(self, address: str, *, seconds: float = 3.0) -> None:
        self._url = f"{address.rstrip('/')}/api/shipments"
        self._seconds = seconds
        self._http: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self._seconds, connect=1.0)
        self._http = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def register(self, parcel: Parcel) -> Registered:
        """Register, or read what was registered before under the same reference."""
        body = {"reference": parcel.reference, "carrier": parcel.carrier}
        if parcel.tracking_number is not None:
            body["tracking_number"] = parcel.tracking_number
        status, answer = await self._post(body)
        if 400 <= status < 500 and status not in (408, 425, 429):
            raise CarrierRefused(str(answer.get("error", f"answer {status}"))[:500])
        number = answer.get("tracking_number")
        if status not in (200, 201) or not isinstance(number, str) or answer.get("reference") != parcel.reference:
            raise CarrierAway(f"the carrier answered {status}")
        url = answer.get("tracking_url")
        return Registered(tracking_number=number, tracking_url=url if isinstance(url, str) else None)

    async def _post(self, body: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self._http is None:
            raise RuntimeError("the carrier's client is not open")
        try:
            async with self._http.post(self._url, json=body, allow_redirects=False) as answer:
                return answer.status, _parsed(await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CarrierAway(f"no answer ({type(error).__name__})") from error


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        parsed = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
