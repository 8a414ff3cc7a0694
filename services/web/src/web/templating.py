"""Jinja2 with our words: one environment per language, synchronous, strict about names."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from web.languages import LANGUAGES, Language, translations
from web.problems import field_sentence, reason, sentence
from web.words import word


class Templates:
    """Renders a template for a language. Every text goes through the catalogue, every value is escaped."""

    def __init__(self, site_url: str) -> None:
        self._environments = {code: _environment(Language(code), site_url) for code in LANGUAGES}

    def __call__(self, template: str, language: Language, values: dict[str, Any]) -> str:
        return self._environments[language.code].get_template(template).render(values)


def _environment(language: Language, site_url: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(language.code), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        money=language.money,
        pick=language.pick,
        day=language.day,
        moment=language.moment,
        number=language.number,
        country=language.country,
        stars=language.stars,
        whole=_whole,
    )
    environment.globals.update(
        language=language,
        url=language.url,
        site_url=site_url,
        static=static_url,
        word=lambda group, code: word(group, code, language),
        sentence=lambda problem: sentence(problem, language),
        field_sentence=lambda violation: field_sentence(violation, language),
        reason=lambda code: reason(code, language),
    )
    return environment


def _whole(text: str) -> Markup:
    """A word with hyphens that no line may break."""
    return Markup('<span class="nowrap">{}</span>').format(text)


@cache
def static_url(name: str) -> str:
    """Address of a file of ours with its content's hash, so that browsers may keep it for ever."""
    content = (files("web") / "static" / name).read_bytes()
    return f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}"
