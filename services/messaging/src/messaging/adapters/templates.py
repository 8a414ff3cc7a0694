"""One pair of templates for all mails: HTML with inline styles, because mail programs need them, and plain text."""

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from messaging.adapters.texts import texts_in
from messaging.domain.letter import Letter


class Templates:
    """Implements ``ports.Renderer``."""

    def __init__(self, site_url: str) -> None:
        self._site_url = site_url
        self._environment = Environment(
            loader=PackageLoader("messaging"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def html(self, letter: Letter) -> str:
        return self._render("letter.html", letter)

    def text(self, letter: Letter) -> str:
        return self._render("letter.txt", letter)

    def _render(self, name: str, letter: Letter) -> str:
        texts = texts_in(letter.locale)
        return self._environment.get_template(name).render(letter=letter, t=texts.text, site_url=self._site_url)
