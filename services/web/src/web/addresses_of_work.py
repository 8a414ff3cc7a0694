"""Addresses of the pages for shops and operators."""

from web.page import View
from web.views.operator import changes, people, pipeline
from web.views.operator import dashboard as market
from web.views.operator import orders as all_orders
from web.views.operator import sellers as all_shops
from web.views.seller import dashboard, listing, money, offers, orders, pictures, profile, shops

WORK: tuple[tuple[str, str, View], ...] = (
    ("GET", "/sell", shops.mine),
    ("GET", "/sell/register", shops.register),
    ("POST", "/sell/register", shops.register),
    ("GET", "/sell/{seller_id}", dashboard.show),
    ("GET", "/sell/{seller_id}/orders", orders.listed),
    ("GET", "/sell/{seller_id}/orders/{seller_order_id}", orders.one),
    ("GET", "/sell/{seller_id}/orders/{seller_order_id}/slip", orders.slip),
    ("POST", "/sell/{seller_id}/orders/{seller_order_id}/ship", orders.ship),
    ("GET", "/sell/{seller_id}/offers", offers.listed),
    ("POST", "/sell/{seller_id}/offers", offers.change),
    ("GET", "/sell/{seller_id}/offers/new", listing.show),
    ("POST", "/sell/{seller_id}/offers/new", listing.add),
    ("GET", "/sell/{seller_id}/products/{product_id}/pictures", pictures.gallery),
    ("POST", "/sell/{seller_id}/products/{product_id}/pictures", pictures.gallery),
    ("GET", "/sell/{seller_id}/payouts", money.show),
    ("POST", "/sell/{seller_id}/payouts", money.onboard),
    ("GET", "/sell/{seller_id}/profile", profile.edit),
    ("POST", "/sell/{seller_id}/profile", profile.edit),
    ("GET", "/seller/orders/{seller_order_id}", shops.find_order),
    ("GET", "/operator", market.show),
    ("GET", "/operator/changes", changes.show),
    ("GET", "/operator/sellers", all_shops.listed),
    ("POST", "/operator/sellers/{seller_id}", all_shops.decide),
    ("GET", "/operator/orders", all_orders.listed),
    ("GET", "/operator/orders/{order_id}", all_orders.one),
    ("POST", "/operator/orders/{order_id}", all_orders.release),
    ("GET", "/operator/people", people.find),
    ("POST", "/operator/people/{account_id}", people.set_roles),
    ("GET", "/operator/pipeline", pipeline.show),
)
