"""One order of two sellers, from confirmation to the money, as mails and notices."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.logistics import ShipmentDelivered, ShipmentShipped
from contracts.order import OrderCancelled, OrderConfirmed, OrderLine, OrderPlaced, SellerOrder
from contracts.payment import PaymentRefunded, SettlementTransferred
from contracts.review import ReviewPublished
from contracts.values import LocalText, Money
from messaging.consumers.subscription import SUBSCRIPTION
from testkit import Tape, buyer, deliver, seller

NB, NN = "\u00a0", "\u202f"
MOMENT = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)


def euros(cents: int) -> Money:
    return Money(amount=cents, currency="EUR")


def line(number: int, fr: str, en: str, quantity: int, cents: int) -> OrderLine:
    return OrderLine(
        line_id=f"lin_{number}", offer_id=f"off_{number}", product_id=f"prd_{number}", variant_id=f"var_{number}",
        sku=f"sku-{number}", category_id="cat_1", title=LocalText(fr=fr, en=en), quantity=quantity,
        unit_price=euros(cents), amount=euros(cents * quantity),
    )  # fmt: skip


PARTS = (
    SellerOrder(seller_order_id="sor_1", seller_id="sel_miel", total=euros(2490),
                lines=(line(1, "Miel de lavande", "Lavender honey", 2, 1245),)),
    SellerOrder(seller_order_id="sor_2", seller_id="sel_pots", total=euros(123400),
                lines=(line(2, "Vase & <anse>", "Vase & <handle>", 1, 123400),)),
)  # fmt: skip


def confirmed(buyer_id: str = "acc_zoe") -> tuple[OrderConfirmed, str, int]:
    event = OrderConfirmed(order_id="ord_1", number="H-2026-0001", buyer_id=buyer_id, total=euros(125890),
                           ship_country="fr", seller_orders=PARTS)  # fmt: skip
    return event, "ord_1", 2


def placed() -> tuple[OrderPlaced, str, int]:
    event = OrderPlaced(
        order_id="ord_1", number="H-2026-0001", buyer_id="acc_zoe", total=euros(125890), seller_orders=PARTS
    )
    return event, "ord_1", 1


def shipped() -> tuple[ShipmentShipped, str, int]:
    event = ShipmentShipped(
        shipment_id="shp_1", order_id="ord_1", seller_order_id="sor_1", seller_id="sel_miel", buyer_id="acc_zoe",
        carrier="mondial-relay", tracking_number="6A123", shipped_at=MOMENT,
    )  # fmt: skip
    return event, "shp_1", 2


def html_of(mail: Any) -> str:
    return str(mail.get_body(("html",)).get_content())


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


async def test_a_confirmed_order_is_one_mail_to_the_buyer_and_one_to_each_seller(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [placed(), confirmed()])

    await world.quiet()

    assert sorted(map(tuple, world.post.recipients)) == [
        ("miel@example.org",), ("pots@example.org",), ("zoe@example.org",),
    ]  # fmt: skip
    (mail,) = world.post.to("zoe@example.org")
    assert mail["subject"] == "Votre commande H-2026-0001 est confirmée"
    assert mail["x-halles-key"] == "order-confirmed:ord_1"
    text = text_of(mail)
    for part in ("Bonjour Zoé,", "Miel du Vercors", f"2{NB}×{NB}Miel de lavande{NB}: 24,90{NB}€", "Poterie d’Uzès",
                 f"1{NN}234,00{NB}€", f"Total{NB}: 1{NN}258,90{NB}€", "https://halles.test/orders/ord_1"):  # fmt: skip
        assert part in text, (part, text)
    assert "Vase &amp; &lt;anse&gt;" in html_of(mail) and "Vase & <anse>" in text


async def test_a_seller_reads_only_their_own_part_in_their_language(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [confirmed()])
    await world.quiet()

    (mail,) = world.post.to("pots@example.org")

    whole = text_of(mail) + html_of(mail)
    assert mail["subject"] == "New order H-2026-0001 to pack"
    assert "Vase" in whole and "€1,234.00" in whole and "https://halles.test/seller/orders/sor_2" in whole
    for foreign in ("Miel", "Lavender", "1,258.90", "Zoé", "zoe@example.org"):
        assert foreign not in whole


async def test_events_repeated_late_and_in_another_batch_send_nothing_more(world: Any) -> None:
    tape = Tape()
    records = [tape.record(*told) for told in (placed(), confirmed())]
    await deliver(world.db, SUBSCRIPTION, records)
    await world.quiet()

    await deliver(world.db, SUBSCRIPTION, [records[1], records[0], tape.record(*confirmed())], one_by_one=True)
    await world.quiet()

    assert len(world.post.mails) == 3
    assert len(await world.rows("SELECT 1 FROM notifications")) == 3


async def test_a_parcel_that_is_told_before_its_order_waits_for_it(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [shipped()])
    await world.quiet("due")

    await deliver(world.db, SUBSCRIPTION, [placed()])
    await world.hurry()
    await world.quiet()

    (mail,) = world.post.mails
    assert mail["subject"] == "Votre colis de Miel du Vercors est en route"
    text = text_of(mail)
    for part in ("6A123", "Mondial Relay", "samedi 7 mars 2026", "Miel de lavande", "H-2026-0001"):
        assert part in text
    assert "Vase" not in text


async def test_a_delivered_parcel_asks_for_a_review(world: Any) -> None:
    event = ShipmentDelivered(shipment_id="shp_1", order_id="ord_1", seller_order_id="sor_1", seller_id="sel_miel",
                              buyer_id="acc_ann", delivered_at=MOMENT, lines=())  # fmt: skip
    await deliver(world.db, SUBSCRIPTION, [placed(), (event, "shp_1", 5)])

    (mail,) = await world.quiet()

    assert mail["subject"] == "Your parcel from Miel du Vercors has arrived"
    assert "Write a review" in text_of(mail) and "Saturday, 7 March 2026" in text_of(mail)


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("stock-rejected", "Un article n’était plus disponible."),
        ("made-up-later", "Elle n’a pas pu être menée à bien."),
    ],
)
async def test_a_cancelled_order_says_why(world: Any, reason: str, says: str) -> None:
    event = OrderCancelled(order_id="ord_1", buyer_id="acc_zoe", reason=reason)
    await deliver(world.db, SUBSCRIPTION, [placed(), (event, "ord_1", 3)])

    (mail,) = await world.quiet()

    assert says in text_of(mail) and mail["subject"] == "Votre commande H-2026-0001 est annulée"


async def test_a_refund_goes_to_the_orders_buyer(world: Any) -> None:
    event = PaymentRefunded(order_id="ord_1", payment_id="pay_1", amount=euros(500))
    await deliver(world.db, SUBSCRIPTION, [placed(), (event, "ord_1", 4)])

    (mail,) = await world.quiet()

    assert (world.post.recipients, f"5,00{NB}€" in text_of(mail)) == ([["zoe@example.org"]], True)


async def test_a_transfer_tells_the_seller_what_they_earned(world: Any) -> None:
    event = SettlementTransferred(seller_order_id="sor_2", order_id="ord_1", seller_id="sel_pots", net=euros(111060))
    await deliver(world.db, SUBSCRIPTION, [placed(), (event, "sor_2", 3)])

    (mail,) = await world.quiet()
    listed = await world.notices(seller("sel_pots"))

    assert (mail["subject"], mail["to"]) == ("€1,110.60 for order H-2026-0001", "Pia <pots@example.org>")
    assert listed["items"][0]["text"] == {
        "fr": f"1{NN}110,60{NB}€ ont été virés pour la commande H-2026-0001.",
        "en": "€1,110.60 was transferred for order H-2026-0001.",
    }


async def test_a_shop_of_several_owners_gets_one_mail(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(owners_of(world), "sel_miel", ["acc_miel", "acc_ann"])
    await deliver(world.db, SUBSCRIPTION, [confirmed()])

    await world.quiet()

    (mail,) = world.post.to("ann@example.org")
    assert world.post.to("miel@example.org") == [mail]
    assert str(mail["to"]) == "Marc <miel@example.org>, Ann <ann@example.org>"


def owners_of(world: Any) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = type(world.identity).contacts.__globals__["OWNERS"]
    return owners


async def test_the_list_shows_news_newest_first_and_remembers_what_was_read(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [placed(), confirmed(), shipped()])
    before = await world.notices()

    answer = await world.as_(buyer("acc_zoe")).request(
        "POST", "/v1/notifications/read", json={"up_to": before["items"][1]["notification_id"]}
    )
    after = await world.notices()

    kinds = [item["kind"] for item in before["items"]]
    assert (kinds, before["unread"], answer.status, after["unread"]) == (
        ["order-shipped", "order-confirmed"],
        2,
        204,
        1,
    )
    assert [item["read"] for item in after["items"]] == [False, True]
    assert before["items"][0]["link"] == "/orders/ord_1"
    assert before["items"][0]["text"]["en"] == "A parcel of your order H-2026-0001 is on its way."


async def test_the_list_is_paged_and_belongs_to_its_account_and_shops(world: Any) -> None:
    review = ReviewPublished(review_id="rev_1", product_id="prd_1", seller_id="sel_miel", order_id="ord_1",
                             line_id="lin_1", author_id="acc_zoe", rating=4, has_text=True)  # fmt: skip
    await deliver(world.db, SUBSCRIPTION, [confirmed(), (review, "rev_1", 1)])
    shop = seller("sel_miel", "acc_miel")

    first = await world.notices(shop, "?limit=1")
    second = await world.notices(shop, f"?limit=1&cursor={first['next']}")
    stranger = await world.notices(seller("sel_other", "acc_other"))

    assert [first["items"][0]["kind"], second["items"][0]["kind"], second["next"]] == [
        "review-received",
        "order-received",
        None,
    ]
    assert first["items"][0]["text"]["fr"] == "Un client a donné la note de 4 sur 5 à l’un de vos produits."
    assert (stranger["items"], stranger["unread"]) == ([], 0)


async def test_no_person_is_stored(world: Any) -> None:
    await deliver(world.db, SUBSCRIPTION, [placed(), confirmed(), shipped()])
    await world.quiet()

    stored = str(await world.rows("SELECT m::text FROM mails m UNION ALL SELECT n::text FROM notifications n"))

    assert "example.org" not in stored and "Zoé" not in stored
