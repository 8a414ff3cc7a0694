"""Identity, asked at the moment of use. People's addresses are never kept; shops' names are public and kept five minutes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chassis.clock import Clock
from edge.client import ServiceClient
from edge.errors import Unavailable
from messaging.ports import AccountMail, Contact, Contacts

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

    async def contacts(self, *, accounts: Collection[str], sellers: Collection[str]) -> Contacts:
        if not accounts and not sellers:
            return Contacts(accounts={}, owners={})
        found = await self._ask(
            "POST", "/internal/contacts", {"accounts": sorted(accounts), "sellers": sorted(sellers)}
        )
        return Contacts(
            accounts={account_id: _contact(item) for account_id, item in found["accounts"].items()},
            owners={seller_id: [_contact(item) for item in items] for seller_id, items in found["owners"].items()},
        )

    async def shop_names(self, seller_ids: Collection[str]) -> Mapping[str, str]:
        now = self._clock().timestamp()
        names = {key: self._names[key][1] for key in seller_ids if key in self._names and self._names[key][0] > now}
        if missing := sorted(set(seller_ids) - set(names)):
            names |= await self._read_names(missing, keep_until=now + _KEPT_SECONDS)
        return names

    async def _read_names(self, seller_ids: Sequence[str], *, keep_until: float) -> dict[str, str]:
        found = await self._ask("GET", f"/v1/sellers?ids={','.join(seller_ids)}")
        names = {item["seller_id"]: item["name"] for item in found["items"]} if found else {}
        if len(self._names) + len(names) > _MOST_KEPT:
            self._names.clear()
        self._names |= {seller_id: (keep_until, name) for seller_id, name in names.items()}
        return names

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer, or None when what was asked for is gone; raises ``Unavailable`` for everything else."""
        status, answer = await self._client.request(method, path, json=body)
        if status in _GONE:
            return None
        if status >= 400:
            raise Unavailable(f"Identity answered {status} to {method} {path}.")
        return answer


def _contact(item: Mapping[str, Any]) -> Contact:
    return Contact(email=item["email"], display_name=item["display_name"], locale=item["locale"])
