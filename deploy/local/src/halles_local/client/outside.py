"""What a person does outside of Halles: reading mail, the bank's 3-D Secure page, the carrier's scanner."""

import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import aiohttp

from halles_local.client.patience import until

_TOKEN = re.compile(r"[?&]token=([A-Za-z0-9_.~-]+)")
_ACTION = re.compile(r"<form[^>]*action=\"([^\"]*)\"")
_HIDDEN = re.compile(r"<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")


@dataclass(frozen=True)
class Outside:
    """Addresses of the stand-ins."""

    http: aiohttp.ClientSession
    mailbox: str
    carrier: str

    async def mails_to(self, address: str) -> list[dict[str, Any]]:
        """Mails in the mailbox for an address, newest first."""
        async with self.http.get(f"{self.mailbox}/api/messages", params={"to": address}) as answer:
            found: list[dict[str, Any]] = await answer.json()
            return found

    async def token_for(self, address: str) -> str:
        """The secret of the newest link in that person's mail, waiting for the mail to come."""

        async def look() -> str | None:
            for mail in await self.mails_to(address):
                if match := _TOKEN.search(mail["text"]):
                    return match[1]
            return None

        return await until(f"a mail with a link to {address}", look)

    async def press(self, page: str, outcome: str) -> str:
        """Open a page of the Stripe stand-in, press one of its buttons (``complete`` or ``fail``), return where it leads."""
        async with self.http.get(page) as answer:
            answer.raise_for_status()
            text = html.unescape(await answer.text())
        form = _ACTION.search(text)
        if form is None:
            raise LookupError(f"no form on {page}")
        fields = {**dict(_HIDDEN.findall(text)), "outcome": outcome}
        async with self.http.post(urljoin(page, form[1]), data=fields, allow_redirects=False) as answer:
            answer.raise_for_status()
            return answer.headers.get("Location", "")

    async def scan(self, tracking_number: str, status: str) -> None:
        """The carrier scans a parcel: picked_up | in_transit | out_for_delivery | delivered."""
        url = f"{self.carrier}/api/parcels/{tracking_number}/events"
        async with self.http.post(url, json={"status": status}) as answer:
            answer.raise_for_status()
