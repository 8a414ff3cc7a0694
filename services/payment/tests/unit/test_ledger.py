"""Postings: the worked order of payments.md 2.3 as golden test, and what holds for every order."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.domain.commission import Split
from payment.domain.ledger import (
    EQUITY,
    STRIPE_AVAILABLE,
    Account,
    OrderBook,
    Posting,
    SellerShare,
    Side,
    credit,
    debit,
    seller_held,
    total,
)

BOOK = OrderBook("ord_1", "EUR")
SELLER_A = SellerShare("sor_a", "A", Split(gross=2880, commission=249, commission_vat=50))
SELLER_B = SellerShare("sor_b", "B", Split(gross=3200, commission=330, commission_vat=0))


def worked_order() -> list[Posting]:
    """Rows 1 to 12: everything of the example that happens before refunds and disputes."""
    top_up = Posting("topped-up", "topup", "1", None, "EUR", (debit(STRIPE_AVAILABLE, 10_000), credit(EQUITY, 10_000)))
    postings = [
        top_up,
        BOOK.captured(5730, [SELLER_A, SELLER_B], platform_coupons=350),
        BOOK.fee_known(111),
        BOOK.made_available("txn_1", 5619),
    ]
    for operation, share in (("op_a", SELLER_A), ("op_b", SELLER_B)):
        postings += [BOOK.released(share), *transfer(operation, share)]
    return postings


def transfer(operation: str, share: SellerShare) -> list[Posting]:
    net = share.split.net
    return [
        BOOK.transfer_decided(operation, share.seller_id, net),
        BOOK.transfer_confirmed(operation, net, is_available=True),
        BOOK.custody_received(operation, share.seller_id, net),
    ]


def balances(postings: list[Posting]) -> dict[str, int]:
    """Fold postings; positive on the account's normal side, zeros left out."""
    sums: Counter[str] = Counter()
    for entry in (entry for posting in postings for entry in posting.entries):
        sums[entry.account.path] += entry.amount if entry.side is entry.account.normal_side else -entry.amount
    return {path: amount for path, amount in sums.items() if amount}


def test_the_worked_order_has_the_sums_of_the_table() -> None:
    assert [total(posting.entries, Side.DEBIT) for posting in worked_order()] == [
        10_000, 6080, 111, 5619, 2880, 2581, 2581, 2581, 3200, 2870, 2870, 2870,
    ]  # fmt: skip


def test_the_worked_order_ends_where_the_table_ends() -> None:
    assert balances(worked_order()) == {
        "equity.platform": 10_000,
        "stripe.available": 10_000 + 5619 - 2581 - 2870,
        "expense.coupons": 350,
        "expense.processing": 111,
        "revenue.commission": 579,
        "tax.vat_payable": 50,
        "custody.A.stripe": 2581,
        "custody.A.owed": 2581,
        "custody.B.stripe": 2870,
        "custody.B.owed": 2870,
    }


def test_the_shares_of_the_worked_order() -> None:
    assert (SELLER_A.split.net, SELLER_B.split.net) == (2581, 2870)


def test_a_refused_transfer_leaves_the_claim_and_names_what_it_reverses() -> None:
    decided, refused = BOOK.transfer_decided("op_a", "A", 2581), BOOK.transfer_refused("op_a", "A", 2581)

    assert balances([decided, refused]) == {}
    assert (refused.reverses_kind, refused.source_id) == (decided.kind, decided.source_id)


def test_a_posting_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="does not balance"):
        Posting("wrong", "test", "1", None, "EUR", (debit(STRIPE_AVAILABLE, 2), credit(EQUITY, 1)))


def test_an_overdraft_of_a_seller_is_never_allowed() -> None:
    assert seller_held("A") == Account("seller.A.held", Side.CREDIT, may_go_negative=False)


@st.composite
def splits(draw: st.DrawFn) -> Split:
    gross = draw(st.integers(1, 10**9))
    commission = draw(st.integers(0, gross))
    return Split(gross, commission, draw(st.integers(0, gross - commission)))


@given(parts=st.lists(splits(), min_size=1, max_size=6), fee=st.integers(0, 10**6), refund=st.booleans())
def test_every_story_balances_and_owes_sellers_nothing_negative(parts: list[Split], fee: int, refund: bool) -> None:
    shares = [SellerShare(f"sor_{n}", f"seller{n}", part) for n, part in enumerate(parts)]
    paid = sum(part.gross for part in parts)
    story = [BOOK.captured(paid, shares), BOOK.fee_known(fee)]
    if refund:
        story += [BOOK.refund_decided(paid, shares), BOOK.refund_confirmed(paid, is_available=False)]
    else:
        story += [posting for share in shares for posting in (BOOK.released(share), *transfer(share.seller_id, share))]

    for length in range(1, len(story) + 1):
        so_far = balances(story[:length])
        assert all(amount > 0 for path, amount in so_far.items() if path.startswith(("seller.", "inflight.")))
    end = balances(story)
    kept = 0 if refund else sum(part.commission + part.commission_vat for part in parts)
    assert end.get("revenue.commission", 0) + end.get("tax.vat_payable", 0) == kept
    assert end.get("stripe.pending", 0) + end.get("stripe.available", 0) == kept - fee
