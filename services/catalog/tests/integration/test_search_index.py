"""The index as a projection: whatever the order and however often, the newest state of each offer counts."""

from collections.abc import Sequence
from itertools import permutations

from services.catalog.tests.factories import offer_state, shop
from services.catalog.tests.integration.conftest import Index

from catalog.consumers import search_index
from catalog.domain.search import Language, SearchQuery, SearchResult, Sort
from chassis.db import Database
from contracts.catalog import OfferState
from contracts.identity import SellerState
from contracts.review import RatingState
from testkit import deliver

CHESTNUT = offer_state("off_1", "prd_1", fr="Miel de châtaignier", en="Chestnut honey", price=1250)
LIME = offer_state("off_2", "prd_2", fr="Miel de tilleul", en="Lime honey", price=980, seller_id="sel_b")
THYME = offer_state("off_3", "prd_3", fr="Thym citronné en bouquet", en="Bunch of lemon thyme", price=450)
CHESTNUTS = offer_state("off_4", "prd_4", fr="Châtaignes grillées à l'ancienne", en="Roasted chestnuts", price=700)
SHIRT = offer_state("off_5", "prd_5", fr="Chemise d'été en lin", en="Linen summer shirt", price=5900, seller_id="sel_b")
EVERYTHING = (CHESTNUT, LIME, THYME, CHESTNUTS, SHIRT)
Told = OfferState | SellerState | RatingState


async def tell(db: Database, index: Index, *told: tuple[Told, int]) -> None:
    """Deliver each event twice, as one batch."""
    events = [(state, _subject(state), sequence) for state, sequence in told]
    await deliver(db, search_index(index.writer), events)
    await index.admin.refresh()


def _subject(state: Told) -> str:
    match state:
        case OfferState():
            return state.offer_id
        case SellerState():
            return state.seller_id
        case RatingState():
            return state.subject_id


def ids(result: SearchResult) -> list[str]:
    return [hit.product_id for hit in result.hits]


def counts(values: Sequence[object]) -> dict[str, int]:
    return {bucket.value: bucket.count for bucket in values}  # type: ignore[attr-defined]


async def find(index: Index, text: str = "", **query: object) -> list[str]:
    return ids(await index.reader.search(SearchQuery(text=text, **query)))  # type: ignore[arg-type]


AS_PEOPLE_TYPE = {
    "thym citrone": "prd_3",
    "miele de chataigne": "prd_1",
    "MIEL DE TILLEUL": "prd_2",
    "miels chataigniers": "prd_1",
    "l'ete": "prd_5",
    "tilluel": "prd_2",
    "chemize lin": "prd_5",
}


async def test_french_is_found_without_accents_in_other_forms_and_with_slips(db: Database, index: Index) -> None:
    await tell(db, index, *((state, 1) for state in EVERYTHING))

    found = {typed: (await find(index, typed))[0] for typed in AS_PEOPLE_TYPE}

    assert found == AS_PEOPLE_TYPE


async def test_english_is_searched_in_english(db: Database, index: Index) -> None:
    await tell(db, index, *((state, 1) for state in EVERYTHING))

    assert (await find(index, "chestnuts honeys", language=Language.EN))[0] == "prd_1"
    assert await find(index, "shirts", language=Language.EN) == ["prd_5"]


async def test_words_as_typed_are_no_correction_and_near_spellings_are(db: Database, index: Index) -> None:
    await tell(db, index, *((state, 1) for state in EVERYTHING))

    assert not (await index.reader.search(SearchQuery(text="tilleul"))).is_corrected
    corrected = await index.reader.search(SearchQuery(text="tilluel"))
    nothing = await index.reader.search(SearchQuery(text="zzzzqqqq"))

    assert corrected.is_corrected
    assert ids(nothing) == []
    assert not nothing.is_corrected


async def test_every_order_of_arrival_ends_in_the_same_document(db: Database, index: Index) -> None:
    first = offer_state("off_a", "prd_1", fr="Ancien nom", price=900)
    renamed = offer_state("off_a", "prd_1", fr="Nouveau nom", price=800, available=0)
    second = offer_state("off_b", "prd_1", fr="Ancien nom", price=700, seller_id="sel_b")
    closed = offer_state("off_b", "prd_1", fr="Nouveau nom", price=700, seller_id="sel_b", status="closed")
    rated = RatingState(subject_id="prd_1", kind="product", count=3, total=14)
    story: list[tuple[Told, int]] = [(first, 1), (renamed, 2), (second, 1), (closed, 2), (rated, 4)]
    endings = set()

    for order in list(permutations(story))[::13]:
        await index.admin.ensure()
        for told in order:
            await tell_quietly(db, index, told)
        endings.add(await _document(index, "prd_1"))
        await index.engine.call("DELETE", f"{index.names.products}/_doc/prd_1")

    assert len(endings) == 1
    assert "Nouveau nom" in endings.pop()


async def tell_quietly(db: Database, index: Index, told: tuple[Told, int]) -> None:
    state, sequence = told
    await deliver(db, search_index(index.writer), [(state, _subject(state), sequence)])


async def _document(index: Index, product_id: str) -> str:
    found = await index.engine.call("GET", f"{index.names.products}/_doc/{product_id}")
    source = found["_source"]
    source["offers"].sort(key=lambda offer: offer["offer_id"])
    return repr(sorted((name, _sorted(value)) for name, value in source.items()))


def _sorted(value: object) -> object:
    return sorted(((k, _sorted(v)) for k, v in value.items()), key=repr) if isinstance(value, dict) else value


async def test_filters_hold_for_one_and_the_same_offer(db: Database, index: Index) -> None:
    cheap_sold_out = offer_state("off_1", "prd_1", fr="Miel", price=900, available=0, seller_id="sel_a")
    dear_in_stock = offer_state("off_2", "prd_1", fr="Miel", price=1500, available=3, seller_id="sel_b")
    await tell(db, index, (cheap_sold_out, 1), (dear_in_stock, 1))

    assert await find(index, in_stock=True, max_price=1000) == []
    assert await find(index, seller_ids=("sel_a",), min_price=1000) == []
    [hit] = (await index.reader.search(SearchQuery(in_stock=True))).hits
    assert [(offer.offer_id, offer.price) for offer in hit.offers] == [("off_2", 1500)]


async def test_facets_count_products_and_ignore_their_own_filter(db: Database, index: Index) -> None:
    honey, herbs = ("cat_food", "cat_honey"), ("cat_food", "cat_herbs")
    await tell(
        db,
        index,
        (offer_state("off_1", "prd_1", price=900, category_path=honey, seller_id="sel_a"), 1),
        (offer_state("off_2", "prd_1", price=950, category_path=honey, seller_id="sel_b"), 1),
        (offer_state("off_3", "prd_2", price=1500, category_path=honey, seller_id="sel_b", available=0), 1),
        (offer_state("off_4", "prd_3", price=3000, category_path=herbs, seller_id="sel_c"), 1),
        (RatingState(subject_id="prd_1", kind="product", count=2, total=9), 1),
    )

    everything = (await index.reader.search(SearchQuery())).facets
    chosen = await index.reader.search(SearchQuery(category_id="cat_honey", seller_ids=("sel_a",)))

    assert counts(everything.category) == {"cat_food": 3, "cat_honey": 2, "cat_herbs": 1}
    assert counts(everything.seller) == {"sel_a": 1, "sel_b": 2, "sel_c": 1}
    assert counts(everything.price) == {"0-999": 1, "1000-2499": 1, "2500-4999": 1, "5000-9999": 0, "10000-": 0}
    assert counts(everything.rating) == {"4": 1, "3": 1, "2": 1, "1": 1}
    assert counts(everything.in_stock) == {"true": 2}
    assert chosen.total == 1
    assert counts(chosen.facets.seller) == {"sel_a": 1, "sel_b": 2}
    assert counts(chosen.facets.category) == {"cat_food": 1, "cat_honey": 1}


async def test_sorting(db: Database, index: Index) -> None:
    rated = RatingState(subject_id="prd_3", kind="product", count=1, total=5)
    await tell(db, index, *((state, 1) for state in EVERYTHING), (rated, 1))

    assert await find(index, sort=Sort.PRICE) == ["prd_3", "prd_4", "prd_2", "prd_1", "prd_5"]
    assert await find(index, sort=Sort.PRICE_DOWN) == ["prd_5", "prd_1", "prd_2", "prd_4", "prd_3"]
    assert (await find(index, sort=Sort.RATING))[0] == "prd_3"
    assert await find(index, sort=Sort.PRICE, page=2, limit=2) == ["prd_2", "prd_1"]


async def test_a_product_leaves_with_its_last_active_offer_and_comes_back(db: Database, index: Index) -> None:
    paused = CHESTNUT.model_copy(update={"status": "paused"})
    await tell(db, index, (CHESTNUT, 1), (paused, 2))
    assert await find(index) == []

    await tell(db, index, (CHESTNUT, 3))

    assert await find(index) == ["prd_1"]


async def test_a_rating_shows_and_an_older_one_does_not_come_back(db: Database, index: Index) -> None:
    newer = RatingState(subject_id="prd_1", kind="product", count=3, total=14)
    older = RatingState(subject_id="prd_1", kind="product", count=2, total=10)
    of_a_seller = RatingState(subject_id="sel_a", kind="seller", count=2, total=10)
    await tell(db, index, (newer, 3), (older, 2), (of_a_seller, 1), (CHESTNUT, 1))

    [hit] = (await index.reader.search(SearchQuery())).hits

    assert (hit.rating_count, hit.rating_hundredths) == (3, 467)
    assert await find(index, min_rating=5) == []
    assert await find(index, min_rating=4) == ["prd_1"]


async def test_suggestions_of_products_and_open_shops(db: Database, index: Index) -> None:
    closed = shop("sel_closed", name="Ruches fermées", status="closed")
    reopened = shop("sel_b", name="Le Rucher du Vercors", status="open")
    suspended = shop("sel_b", name="Le Rucher du Vercors", status="suspended")
    shops: list[tuple[Told, int]] = [(closed, 1), (reopened, 3), (suspended, 2)]
    await tell(db, index, *((state, 1) for state in EVERYTHING), *shops)

    by_word = await index.reader.suggest("chât", language=Language.FR)
    by_shop = await index.reader.suggest("ruch", language=Language.FR)

    assert {product.product_id for product in by_word.products} == {"prd_1", "prd_4"}
    assert [shop.name for shop in by_shop.shops] == ["Le Rucher du Vercors"]


async def test_a_browsed_page_keeps_facets_for_a_while_but_never_its_products(db: Database, index: Index) -> None:
    await tell(db, index, (CHESTNUT, 1))
    reader = index.reader
    first = await reader.search(SearchQuery(max_price=1300))
    await tell(db, index, (THYME, 1))

    second = await reader.search(SearchQuery(max_price=1300, sort=Sort.PRICE))
    other_filter = await reader.search(SearchQuery(max_price=1400))

    assert (ids(first), ids(second)) == (["prd_1"], ["prd_3", "prd_1"])
    assert second.total == 2
    assert second.facets == first.facets
    assert counts(other_filter.facets.in_stock) == {"true": 2}
