"""What callers send. Unknown fields and wrong types are refused; whole numbers must be numbers."""

from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from catalog.domain.listing import (
    MAX_ATTRIBUTES,
    MAX_HANDLING_DAYS,
    MAX_PRICE_MINOR,
    MAX_STOCK,
    MAX_VARIANTS,
    Condition,
    OfferStatus,
)
from catalog.domain.pictures import MAX_PER_PRODUCT, PictureDraft
from catalog.domain.views import Attribute
from catalog.service.categories import CategoryChange
from catalog.service.offers import OfferChange, OfferDraft
from catalog.service.products import ProductDraft, VariantDraft
from contracts.values import LocalText, Money


def _is_readable(text: str) -> str:
    if any(not (character.isprintable() or character == "\n") for character in text):
        raise PydanticCustomError("control_character", "Control characters are not allowed.")
    return text


Readable = AfterValidator(_is_readable)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Readable]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), Readable]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=80)]
Sku = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
ImageUrl = Annotated[str, StringConstraints(pattern=r"^(?:https?:/|)/[^\s\"'<>\\]+$", max_length=2000)]
Stock = Annotated[int, Field(strict=True, ge=0, le=MAX_STOCK)]
Days = Annotated[int, Field(strict=True, ge=0, le=MAX_HANDLING_DAYS)]


class Input(BaseModel):
    """Base of request bodies."""

    model_config = ConfigDict(extra="forbid")


class Words(Input):
    """A short text in both languages."""

    fr: Line
    en: Line

    def text(self) -> LocalText:
        return LocalText(fr=self.fr, en=self.en)


class Text(Input):
    """A longer text in both languages."""

    fr: Prose
    en: Prose

    def text(self) -> LocalText:
        return LocalText(fr=self.fr, en=self.en)


class Price(Input):
    """``amount`` in minor units."""

    amount: Annotated[int, Field(strict=True, gt=0, le=MAX_PRICE_MINOR)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    def money(self) -> Money:
        return Money(amount=self.amount, currency=self.currency)


class NewCategory(Input):
    parent_id: Id | None = None
    slug: Slug
    name: Words
    position: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0


class Changes(Input):
    """Base of partial changes: at least one field. What is left out stays; null is refused, except where it has a meaning."""

    may_be_null: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "Name at least one field to change.")
        if empty := [name for name in self.model_fields_set - self.may_be_null if getattr(self, name) is None]:
            raise PydanticCustomError(
                "null_not_allowed", f"Leave {', '.join(sorted(empty))} out instead of sending null."
            )
        return self


class CategoryChanges(Changes):
    """``parent_id`` null makes the category a root."""

    may_be_null = frozenset({"parent_id"})

    parent_id: Id | None = None
    slug: Slug | None = None
    name: Words | None = None
    position: Annotated[int, Field(strict=True, ge=0, le=10_000)] | None = None

    def change(self) -> CategoryChange:
        return CategoryChange(
            slug=self.slug,
            name=self.name.text() if self.name else None,
            position=self.position,
            parent_id=self.parent_id,
            is_moved="parent_id" in self.model_fields_set,
        )


class ProductPicture(Input):
    """An upload of the shop, and the words for those who do not see it."""

    media_id: Id
    alt: Words

    def draft(self) -> PictureDraft:
        return PictureDraft(self.media_id, self.alt.text())


class NewAttribute(Input):
    """One line of the data sheet."""

    name: Words
    value: Words

    def attribute(self) -> Attribute:
        return Attribute(name=self.name.text(), value=self.value.text())


class ProductPictures(Input):
    """The whole gallery in its order, the lead picture first; empty takes all pictures down."""

    images: Annotated[list[ProductPicture], Field(max_length=MAX_PER_PRODUCT)]

    def drafts(self) -> list[PictureDraft]:
        return [picture.draft() for picture in self.images]


class ShopPictureIds(Input):
    """Both are needed; null takes a picture down."""

    logo: Id | None
    banner: Id | None


class NewVariant(Input):
    sku: Sku | None = None
    label: Words


class NewProduct(Input):
    title: Words
    description: Text
    category_id: Id
    image_url: ImageUrl | None = None
    images: Annotated[list[ProductPicture], Field(max_length=MAX_PER_PRODUCT)] = []
    attributes: Annotated[list[NewAttribute], Field(max_length=MAX_ATTRIBUTES)] = []
    variants: Annotated[list[NewVariant], Field(min_length=1, max_length=MAX_VARIANTS)]

    def draft(self) -> ProductDraft:
        return ProductDraft(
            title=self.title.text(),
            description=self.description.text(),
            category_id=self.category_id,
            image_url=self.image_url,
            pictures=[picture.draft() for picture in self.images],
            attributes=[attribute.attribute() for attribute in self.attributes],
            variants=[VariantDraft(sku=variant.sku, label=variant.label.text()) for variant in self.variants],
        )


class NewOffer(Input):
    variant_id: Id
    price: Price
    stock: Stock
    condition: Condition
    handling_days: Days

    def draft(self) -> OfferDraft:
        return OfferDraft(
            variant_id=self.variant_id,
            price=self.price.money(),
            stock=self.stock,
            condition=self.condition,
            handling_days=self.handling_days,
        )


class OfferChanges(Changes):
    price: Price | None = None
    stock: Stock | None = None
    status: OfferStatus | None = None
    handling_days: Days | None = None

    def change(self) -> OfferChange:
        return OfferChange(
            price=self.price.money() if self.price else None,
            stock=self.stock,
            status=self.status,
            handling_days=self.handling_days,
        )
