"""Puts catalog together."""

import time

from catalog import commands, consumers
from catalog.adapters.index_reader import IndexReader
from catalog.adapters.index_schema import IndexNames
from catalog.adapters.index_writer import IndexWriter
from catalog.adapters.media_store import media_store
from catalog.adapters.opensearch import Engine
from catalog.adapters.picture_readers import PictureReaders
from catalog.api import categories, hot, media, products, search, sellers
from catalog.service.pictures import Intake
from catalog.service.reservations import end_holds
from catalog.service.search import Finder
from catalog.settings import Settings
from chassis.db import Database
from edge.http import create_api
from runtime.loops import Loop
from runtime.run import Service


def build(settings: Settings) -> Service:
    """Everything that catalog is made of."""
    db = Database(settings.database_url.get_secret_value(), name="catalog", pool_size=settings.pool_size)
    engine = Engine(settings.opensearch_url, timeout_seconds=settings.index_timeout_seconds)
    names = IndexNames(settings.index_prefix)
    reader = IndexReader(engine, names, timeout_seconds=settings.search_timeout_seconds)
    finder = Finder(db, reader, seconds=time.monotonic)
    store, readers = media_store(settings.media_url), PictureReaders(processes=settings.picture_readers)
    routers = [
        search.router(finder),
        products.router(db),
        categories.router(db),
        sellers.router(db, currency=settings.currency),
        media.router(db, store=store, intake=Intake(db, readers, store)),
    ]

    async def sweep() -> bool:
        async with db.hot_transaction() as tx:
            return await end_holds(tx)

    return Service(
        name="catalog",
        settings=settings,
        api=create_api("catalog", routers=routers, settings=settings, db=db, hot=hot.routes(db, finder)),
        db=db,
        subscriptions=[consumers.commands_and_shops(), consumers.search_index(IndexWriter(engine, names))],
        loops=[Loop("holds", sweep, seconds=settings.sweep_seconds)],
        resources=[engine, readers],
        commands={
            "republish": commands.republish(db),
            "rebuild": commands.rebuild(engine, names, brokers=settings.kafka_brokers),
        },
    )
