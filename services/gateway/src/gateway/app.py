"""The only wiring of the gateway."""

from contracts.catalog import OFFER, SHOP
from contracts.identity import SELLER
from contracts.logistics import SHIPMENT
from contracts.order import ORDER
from contracts.review import RATING, REVIEW
from edge.client import ClientKey
from edge.http import Health, create_api
from gateway.activity import ActivityLog, RecordActivity
from gateway.cache.front import Front
from gateway.cache.invalidation import Invalidation
from gateway.cache.store import Store
from gateway.call import View
from gateway.credentials.tokens import TokenExchange
from gateway.dispatch import Dispatcher
from gateway.document.pages import Pages
from gateway.edge.answer_headers import Cors
from gateway.edge.limits import Limiter
from gateway.edge.middleware import Edge
from gateway.edge.origin import OriginCheck
from gateway.edge.peers import Peers
from gateway.live.fanout import Fanout
from gateway.live.renewal import Renewal
from gateway.live.streams import OrderEvents
from gateway.live.tail import Tail
from gateway.live.waiting import WaitingCheckout
from gateway.passing import Passing
from gateway.settings import Settings
from gateway.table.every import ROUTES, Table
from gateway.upstream.client import Upstreams
from gateway.views.cart import Cart
from gateway.views.market import Market
from gateway.views.names import ShopNames
from gateway.views.operator import Pipeline, Trace, UpstreamHealth
from gateway.views.orders import Orders, SellerOrders
from gateway.views.sessions import SignIn, SignOut
from runtime.run import Service

TAILED = (OFFER, SHOP, RATING, REVIEW, SELLER, ORDER, SHIPMENT)
_MEGABYTE = 1024 * 1024


def build(settings: Settings) -> Service:
    """Everything that the gateway is made of."""
    upstreams = Upstreams(settings.upstreams(), pool_size=settings.pool_size)
    key = ClientKey("gateway", settings.client_key_file)
    exchange = TokenExchange(upstreams, key, audiences=upstreams.names)
    passing = Passing(upstreams)
    names = ShopNames(passing)
    tail = Tail(settings.kafka_brokers, TAILED)
    store = Store(max_bytes=settings.cache_megabytes * _MEGABYTE, usable=tail.is_connected)
    Invalidation(store, names).follow(tail)
    activity = ActivityLog(settings.kafka_brokers)
    technical = create_api("gateway", routers=[], settings=settings)
    health: Health = technical.state.health
    table = Table(ROUTES)
    origins = OriginCheck((settings.site_url, *settings.allowed_origins))
    dispatcher = Dispatcher(
        table,
        exchange=exchange,
        limiter=Limiter(per_minute=settings.rate_limit_per_minute),
        passing=passing,
        views={
            **_shop_views(passing, names, RecordActivity(activity)),
            **_order_views(settings, passing, names, exchange, tail, origins, health),
            **_account_views(passing, exchange, upstreams),
            **_document_views(),
        },
        read_budget_ms=settings.read_budget_ms,
    )
    edge = Edge(
        Front(dispatcher, store),
        technical,
        table=table,
        hosts=settings.allowed_hosts,
        origins=origins,
        cors=Cors(settings.allowed_origins),
        peers=Peers(trusted=settings.trusted_proxies, insiders=settings.metrics_peers),
        concurrency=settings.concurrency,
    )
    return Service(name="gateway", settings=settings, api=edge, health=health, resources=[upstreams, tail, activity])


def _shop_views(passing: Passing, names: ShopNames, activity: RecordActivity) -> dict[str, View]:
    market = Market(passing, names, activity)
    return {
        "product": market.product,
        "products": market.products,
        "search": market.search,
        "shop": market.shop,
        "shops": market.shops,
        "media": market.media,
        "activity": activity,
    }


def _order_views(
    settings: Settings,
    passing: Passing,
    names: ShopNames,
    exchange: TokenExchange,
    tail: Tail,
    origins: OriginCheck,
    health: Health,
) -> dict[str, View]:
    fanout = Fanout()
    tail.subscribe(fanout.hear, lost=fanout.lost)
    orders = Orders(passing, names)
    renew = Renewal(exchange, read_budget_ms=settings.read_budget_ms)
    waiting = WaitingCheckout(passing, orders, fanout, renew, events_arrive=tail.is_connected)
    events = OrderEvents(
        orders,
        fanout,
        renew,
        origins=origins,
        per_principal=settings.streams_per_principal,
        stopping=lambda: health.draining,
        events_arrive=tail.is_connected,
    )
    return {
        "cart": Cart(passing, names),
        "order": orders,
        "order-events": events,
        "checkout": waiting,
        "another-payment": waiting,
        "seller-order": SellerOrders(passing),
    }


def _account_views(passing: Passing, exchange: TokenExchange, upstreams: Upstreams) -> dict[str, View]:
    return {
        "sign-in": SignIn(passing, exchange),
        "sign-out": SignOut(passing, exchange),
        "trace": Trace(passing),
        "pipeline": Pipeline(passing),
        "health": UpstreamHealth(upstreams),
    }


def _document_views() -> dict[str, View]:
    pages = Pages()
    return {"docs": pages.docs, "docs-style": pages.style, "openapi": pages.openapi, "problem-page": pages.problem}
