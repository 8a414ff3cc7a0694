"""Rules of the event spine: commit, publish, ack, transactions, clock, sleep. Each catches a plant; each twin passes."""

from collections.abc import Callable

import pytest

Plant = Callable[[str, str], list[str]]
SERVICE = "services/order/src/order/service/checkout.py"
CONSUMERS = "services/order/src/order/consumers.py"
API = "services/order/src/order/api/orders.py"

BAD: list[tuple[str, str, str]] = [
    ("commit-at-edge", SERVICE, "async def pay(session):\n    await session.commit()\n"),
    ("commit-at-edge", SERVICE, "async def pay(session):\n    await session.rollback()\n"),
    ("commit-at-edge", SERVICE, "async def pay(tx):\n    await tx.execute('COMMIT;')\n"),
    ("commit-at-edge", SERVICE, "async def pay(tx):\n    await tx.execute(text('rollback'))\n"),
    ("commit-at-edge", SERVICE, "connection = connect(url, autocommit=True)\n"),
    ("commit-at-edge", "libs/chassis/src/chassis/inbox.py", "async def claim(tx):\n    await tx.connection.commit()\n"),
    ("commit-at-edge", SERVICE, "import psycopg\nconnection = psycopg.connect('postgresql://')\n"),
    ("commit-at-edge", SERVICE, "from sqlalchemy.ext.asyncio import create_async_engine as new\nengine = new('url')\n"),
    ("publish-at-relay", SERVICE, "from faststream.kafka import KafkaBroker\n"),
    ("publish-at-relay", SERVICE, "async def place(broker):\n    await broker.publish({}, 'order.order.v1')\n"),
    ("publish-at-relay", SERVICE, "from aiokafka import AIOKafkaProducer\n"),
    ("publish-at-relay", SERVICE, "import aiokafka\nproducer = aiokafka.AIOKafkaProducer()\n"),
    ("publish-at-relay", SERVICE, "import confluent_kafka\n"),
    ("publish-at-relay", CONSUMERS, "@broker.publisher('order.order.v1')\nasync def handle(message): ...\n"),
    ("publish-at-relay", "services/gateway/src/gateway/live.py", "from aiokafka import AIOKafkaProducer\n"),
    ("no-ack-policy", CONSUMERS, "@broker.subscriber('a', ack_policy=POLICY)\nasync def handle(message): ...\n"),
    ("no-ack-policy", CONSUMERS, "@broker.subscriber('a', no_ack=True)\nasync def handle(message): ...\n"),
    ("no-ack-policy", CONSUMERS, "from faststream import AckPolicy\n"),
    ("no-ack-policy", CONSUMERS, "consumer = AIOKafkaConsumer(enable_auto_commit=True)\n"),
    (
        "no-remote-call-in-transaction",
        API,
        "async def place(db, stripe_client):\n    async with db.transaction() as session:\n        await stripe_client.create()\n",
    ),
    (
        "no-remote-call-in-transaction",
        API,
        "async def place(db, http):\n    async with db.hot_transaction() as tx:\n"
        "        answer = await wait_for(http.get('/x'), 1)\n",
    ),
    (
        "no-remote-call-in-transaction",
        SERVICE,
        "from sqlmodel.ext.asyncio.session import AsyncSession\nfrom order.ports import Tax\n\n\n"
        "async def place(session: AsyncSession, tax: Tax):\n    await tax.rate()\n",
    ),
    (
        "no-remote-call-in-transaction",
        SERVICE,
        "from chassis.db import HotTransaction\nfrom order import ports\n\n\n"
        "async def place(tx: HotTransaction, tax: ports.Tax):\n    await tax.rate()\n",
    ),
    ("clock-is-passed-in", SERVICE, "from datetime import datetime\nnow = datetime.now()\n"),
    ("clock-is-passed-in", SERVICE, "import datetime as dt\nnow = dt.datetime.utcnow()\n"),
    ("clock-is-passed-in", SERVICE, "import time\nnow = time.time()\n"),
    ("clock-is-passed-in", SERVICE, "from chassis.clock import utc_now\nnow = utc_now()\n"),
    ("clock-is-passed-in", SERVICE, "import asyncio\n\n\nasync def wait():\n    await asyncio.sleep(1)\n"),
    ("clock-is-passed-in", "services/order/src/order/app.py", "import os\nurl = os.environ['ORDER_URL']\n"),
    ("clock-is-passed-in", "services/order/src/order/app.py", "from os import getenv\nurl = getenv('ORDER_URL')\n"),
    ("no-sleep-in-tests", "services/order/tests/unit/test_x.py", "import time\n\n\ndef test_x():\n    time.sleep(1)\n"),
    (
        "no-sleep-in-tests",
        "tests/e2e/test_x.py",
        "from asyncio import sleep\n\n\nasync def test_x():\n    await sleep(0.1)\n",
    ),
]

CLEAN: list[tuple[str, str]] = [
    (SERVICE, "from order import repository\n\n\nasync def place(tx):\n    await repository.publish(tx)\n"),
    (SERVICE, "def decide(book, command):\n    book.commit(command)\n"),
    ("libs/chassis/src/chassis/db.py", "async def leave(session):\n    await session.commit()\n"),
    (
        SERVICE,
        "async def pay(session, catalog):\n    await commit_reservation(session)\n    await session.execute('SELECT 1')\n",
    ),
    ("libs/chassis/src/chassis/relay.py", "from aiokafka import AIOKafkaProducer\n"),
    ("services/gateway/src/gateway/activity.py", "from aiokafka import AIOKafkaProducer\n"),
    (SERVICE, "def place(session, event):\n    outbox.add(session, event)\n"),
    (CONSUMERS, "consumer = AIOKafkaConsumer(enable_auto_commit=False)\n"),
    ("libs/chassis/src/chassis/worker.py", "from faststream.kafka import KafkaBroker\n"),
    (CONSUMERS, "@broker.subscriber('a', batch=True)\nasync def handle(message): ...\n"),
    (
        "libs/chassis/src/chassis/consume.py",
        "from faststream import AckPolicy\nbroker = Broker(ack_policy=AckPolicy.MANUAL)\n",
    ),
    (
        API,
        "async def place(db, stripe_client):\n    await stripe_client.create()\n    async with db.transaction() as session:\n"
        "        await place_order(session)\n",
    ),
    (
        SERVICE,
        "from sqlmodel.ext.asyncio.session import AsyncSession\nfrom order.ports import Clock\n\n\n"
        "async def place(session: AsyncSession, clock: Clock):\n    await session.execute(clock.now())\n",
    ),
    (SERVICE, "from datetime import datetime\n\n\ndef place(now: datetime) -> datetime:\n    return now\n"),
    ("services/order/src/order/app.py", "from chassis.clock import utc_now\nplace = wire(clock=utc_now)\n"),
    ("services/order/src/order/settings.py", "import os\nurl = os.environ['ORDER_URL']\n"),
    ("services/order/tests/unit/test_x.py", "import asyncio\n\n\nasync def test_x():\n    await asyncio.sleep(0)\n"),
]


@pytest.mark.parametrize(("rule", "path", "code"), BAD)
def test_a_planted_violation_is_caught(plant: Plant, rule: str, path: str, code: str) -> None:
    assert plant(path, code) == [rule]


@pytest.mark.parametrize(("path", "code"), CLEAN)
def test_the_clean_twin_passes(plant: Plant, path: str, code: str) -> None:
    assert plant(path, code) == []
