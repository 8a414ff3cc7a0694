"""Jinja2 with our words: one environment per language, synchronous, strict about names."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from web.assets import static_url
from web.cards import Cards
from web.drawings import drawn_bars, drawn_line
from web.folding import FoldingEnvironment, as_markup
from web.geography import france, on_map, place_size
from web.icons import icon
from web.languages import LANGUAGES, Language, translations
from web.problems import field_sentence, reason, sentence
from web.stations import way_of
from web.words import word

_ARTICLES = ("le", "la", "les", "l", "au", "aux", "chez", "the")


class Templates:
    """Renders a template for a language. Every text goes through the catalogue, every value is escaped."""

    def __init__(self, site_url: str) -> None:
        self._environments = {code: _environment(Language(code), site_url) for code in LANGUAGES}

    def __call__(self, template: str, language: Language, values: dict[str, Any]) -> str:
        return self._environments[language.code].get_template(template).render(values)


@cache
def _environment(language: Language, site_url: str) -> jinja2.Environment:
    environment = FoldingEnvironment(
        loader=_loader(),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    environment.install_gettext_translations(translations(language.code), newstyle=True)  # type: ignore[attr-defined]
    environment.folded = {
        "_": as_markup(translations(language.code).gettext),
        "icon": icon,
        "url": language.url,
        "static": static_url,
    }
    environment.filters.update(
        money=language.money,
        pick=language.pick,
        day=language.day,
        moment=language.moment,
        number=language.number,
        country=language.country,
        stars=language.stars,
        whole=_whole,
        srcset=_srcset,
        middle=_middle,
        initial=_initial,
        for_machines=_for_machines,
    )
    environment.globals.update(
        language=language,
        url=language.url,
        site_url=site_url,
        static=static_url,
        icon=icon,
        kept_card=Cards(environment),
        drawn_bars=drawn_bars,
        drawn_line=drawn_line,
        way_of=lambda shipment: way_of(shipment, language),
        on_map=on_map,
        place_size=place_size,
        france=france,
        word=lambda group, code: word(group, code, language),
        sentence=lambda problem: sentence(problem, language),
        field_sentence=lambda violation: field_sentence(violation, language),
        reason=lambda code: reason(code, language),
    )
    return environment


def _whole(text: str) -> Markup:
    """A word with hyphens that no line may break."""
    return Markup('<span class="nowrap">{}</span>').format(text)


def _loader() -> jinja2.BaseLoader:
    """Pages from ``templates``, the design system's macros as ``design/…``."""
    design = jinja2.PrefixLoader({"design": jinja2.PackageLoader("web", "design")})
    return jinja2.ChoiceLoader([jinja2.PackageLoader("web"), design])


def _srcset(sizes: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{size['url']} {size['width']}w" for size in sizes)


def _middle(sizes: Sequence[dict[str, Any]], width: int = 480) -> str:
    """The size for browsers that do not choose: the smallest at least ``width`` wide, else the largest."""
    wide = [size for size in sizes if size["width"] >= width]
    chosen = min(wide, key=lambda size: size["width"]) if wide else max(sizes, key=lambda size: size["width"])
    return str(chosen["url"])


def _initial(name: str) -> str:
    """The letter for a shop's mark: of the first word that is not an article."""
    words = [word for word in name.replace("’", " ").replace("'", " ").split() if word.lower() not in _ARTICLES]
    return (words or [name])[0][:1].upper()


def _for_machines(value: object) -> Markup:
    """JSON inside a script element: no character that could end it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - cannot leave its element
