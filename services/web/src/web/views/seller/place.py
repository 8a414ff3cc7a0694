"""Addresses of one shop: at the API and on the site."""

from web.api import part
from web.page import Page

RUNNING_OUT = 3
"""Pieces left at which an offer is shown as running out."""


def at_api(page: Page) -> str:
    return f"/v1/sellers/{part(page.value('seller_id'))}"


def on_site(page: Page) -> str:
    return f"/sell/{part(page.value('seller_id'))}"
