"""Every page of the site: method, path, view. Views live by area in ``views``."""

from web.addresses_of_work import WORK
from web.page import View
from web.views import (
    account,
    cart,
    checkout,
    design,
    legal,
    machines,
    market,
    orders,
    preferences,
    reviews,
    search,
)

Address = tuple[str, str, View]

ADDRESSES: tuple[Address, ...] = (
    ("GET", "/", market.home),
    ("GET", "/search", search.results),
    ("GET", "/suggestions", market.suggestions),
    ("GET", "/products/{product_id}", market.product),
    ("GET", "/shops", market.shops),
    ("GET", "/shops/{handle}", market.shop),
    ("GET", "/legal/{page}", legal.show),
    ("GET", "/offline", legal.offline),
    ("GET", "/offline.js", machines.offline_worker),
    ("GET", "/robots.txt", machines.robots),
    ("GET", "/sitemap.xml", machines.sitemap),
    ("POST", "/preferences", preferences.choose),
    ("GET", "/cart", cart.show),
    ("POST", "/cart/lines", cart.put),
    ("GET", "/checkout", checkout.show),
    ("POST", "/checkout", checkout.order),
    ("GET", "/orders", orders.mine),
    ("GET", "/orders/{order_id}", orders.one),
    ("GET", "/orders/{order_id}/bank", orders.bank),
    ("GET", "/orders/{order_id}/return", orders.back),
    ("GET", "/orders/{order_id}/events", orders.events),
    ("POST", "/orders/{order_id}/payment", orders.pay_again),
    ("POST", "/orders/{order_id}/cancel", orders.cancel),
    ("GET", "/reviews", reviews.waiting),
    ("POST", "/reviews", reviews.write),
    ("GET", "/sign-up", account.sign_up),
    ("POST", "/sign-up", account.sign_up),
    ("GET", "/verify", account.verify),
    ("POST", "/verify", account.verify),
    ("POST", "/verify/again", account.send_again),
    ("GET", "/sign-in", account.sign_in),
    ("POST", "/sign-in", account.sign_in),
    ("POST", "/sign-out", account.sign_out),
    ("GET", "/forgotten", account.forgotten),
    ("POST", "/forgotten", account.forgotten),
    ("GET", "/reset", account.new_password),
    ("POST", "/reset", account.new_password),
    ("GET", "/account", account.profile),
    ("POST", "/account", account.profile),
    ("GET", "/notifications", account.notifications),
    ("POST", "/notifications", account.notifications),
    *WORK,
)

DESIGN: tuple[Address, ...] = (("GET", "/_design", design.show),)
"""For developers: not there in production."""
