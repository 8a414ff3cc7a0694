"""Contacts of sellers, asked of identity."""

from edge.client import ServiceClient


class IdentityContacts:
    """Implements ``SellerContacts``."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def email_of(self, seller_id: str) -> str | None:
        """Return the address of the first owner, or None when identity knows none."""
        status, answer = await self._client.request("GET", f"/internal/sellers/{seller_id}/contacts")
        owners = answer["items"] if status == 200 else []
        return owners[0]["email"] if owners else None
