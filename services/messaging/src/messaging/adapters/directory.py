"""Identity, asked at the moment of use. People's addresses are never kept; shops' names are public and kept five minutes."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chassis.client import ServiceClient
from chassis.clock import Clock
from chassis.errors import Unavailable
from messaging.ports import AccountMail, Contact

_GONE = (404, 410)
_KEPT_SECONDS = 300
_MOST_KEPT = 10_000


class IdentityDirectory:
    """Implements ``ports.Directory``."""

    def __init__(self, client: ServiceClient, *, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._names: dict[str, tuple[float, str]] = {}

    async def account_mail(self, request_id: str) -> AccountMail | None:
        found = await self._ask("POST", f"/internal/mail-requests/{request_id}")
        if found is None:
            return None
        return AccountMail(contact=_contact(found), purpose=found["purpose"], token=found["token"])

    async def account(self, account_id: str) -> Contact | None:
        found = await self._ask("GET", f"/internal/accounts/{account_id}/contact")
        return _contact(found) if found else None

    async def owners(self, seller_id: str) -> Sequence[Contact]:
        found = await self._ask("GET", f"/internal/sellers/{seller_id}/contacts")
        return [_contact(item) for item in found["items"]] if found else []

    async def shop_names(self, seller_ids: Collection[str]) -> Mapping[str, str]:
        names = await asyncio.gather(*(self._name(seller_id) for seller_id in seller_ids))
        return {seller_id: name for seller_id, name in zip(seller_ids, names, strict=True) if name}

    async def _name(self, seller_id: str) -> str | None:
        now = self._clock().timestamp()
        known = self._names.get(seller_id)
        if known and known[0] > now:
            return known[1]
        found = await self._ask("GET", f"/v1/sellers/{seller_id}")
        if found is None:
            return None
        if len(self._names) >= _MOST_KEPT:
            self._names.clear()
        self._names[seller_id] = (now + _KEPT_SECONDS, found["name"])
        return str(found["name"])

    async def _ask(self, method: str, path: str) -> Any:
        """The answer, or None when what was asked for is gone; raises ``Unavailable`` for everything else."""
        status, answer = await self._client.request(method, path)
        if status in _GONE:
            return None
        if status >= 400:
            raise Unavailable(f"Identity answered {status} to {method} {path}.")
        return answer


def _contact(item: Mapping[str, Any]) -> Contact:
    return Contact(email=item["email"], display_name=item["display_name"], locale=item["locale"])
