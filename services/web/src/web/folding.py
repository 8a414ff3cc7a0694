"""What a template says with literals alone is worked out when it is compiled: an environment speaks one language for ever.

Half of a page's cost was looking up the same sentences, icons and addresses again for every visitor.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class FoldingEnvironment(jinja2.Environment):
    """``folded``: functions whose answer to the same text is always the same, by the name that templates call them."""

    folded: Mapping[str, Callable[[str], str]] = {}

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Jinja's hook between parsing and code."""
        whole: nodes.Template = _Fold(self.folded).visit(source)
        return super()._generate(whole, name, filename, defer_init)


class _Fold(NodeTransformer):
    def __init__(self, folded: Mapping[str, Callable[[str], str]]) -> None:
        self._folded = folded

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        if called not in self._folded or node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
            return node
        [told] = node.args
        if not isinstance(told, nodes.Const) or not isinstance(told.value, str):
            return node
        return nodes.Const(self._folded[called](told.value), lineno=node.lineno)


def as_markup(gettext: Callable[[str], str]) -> Callable[[str], Any]:
    """Sentences as Jinja's own ``_`` gives them: safe, with ``%%`` as one percent sign."""
    return lambda text: Markup(gettext(text)) % {}  # noqa: S704 - the catalogues are ours
