"""Calls with literals are worked out once, at compile time, and mean what they meant."""

import jinja2
from markupsafe import Markup

from web.folding import FoldingEnvironment, as_markup


def test_literals_are_asked_once_and_values_each_time() -> None:
    asked: list[str] = []

    def told(text: str) -> str:
        asked.append(text)
        return f"<{text}> 5%%"

    environment = FoldingEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.folded = {"_": as_markup(told), "url": lambda path: f"/en{path}?a&b"}
    environment.globals.update(_=lambda text: f"<{text}>", url=lambda path: path)
    template = environment.from_string(
        '{% macro twice(text) %}{{ text }}{{ text }}{% endmacro %}{{ twice(_("a")) }} {{ _(word) }} <a href="{{ url("/x") }}">'
    )

    first, second = template.render(word="b"), template.render(word="c")

    assert asked == ["a"]
    assert first == '<a> 5%<a> 5% &lt;b&gt; <a href="/en/x?a&amp;b">'
    assert second == first.replace("b&gt;", "c&gt;")
    assert isinstance(as_markup(str)("x"), Markup)
