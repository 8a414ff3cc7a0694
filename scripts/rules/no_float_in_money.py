"""No float near money: integer minor units and an ISO currency (`contracts.values.Money`), shares by integer arithmetic.

Inside the money modules every float is suspect, unless the name that holds it says that it is a duration. Elsewhere in
services and libraries the rule looks at names: what is called price, amount or cents may not be a float.
"""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import dotted, subject, words
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

_MONEY_MODULES = ("payment", "order.domain", "contracts.values", "contracts.payment", "contracts.order")
_MONEY_WORDS = {
    "amount", "balance", "cent", "cents", "commission", "fee", "fees", "minor", "money",
    "price", "prices", "refund", "subtotal", "tax", "total", "totals", "vat",
}  # fmt: skip
_NOT_MONEY = {"backoff", "bytes", "count", "delay", "hits", "interval", "lag", "ms", "pages", "percent", "poll"}
_NOT_MONEY |= {"rating", "ratings", "rows", "seconds", "stars", "timeout"}


def _applies(source: Source) -> bool:
    return source.is_source and source.kind in ("service", "lib") and not source.is_test


def _find(source: Source, _workspace: Workspace) -> Iterator[Finding]:
    if _in_money_module(source.module):
        yield from _any_float(source.tree, excused=False)
    else:
        yield from _float_by_name(source.nodes)


def _in_money_module(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in _MONEY_MODULES)


def _any_float(node: ast.AST, *, excused: bool) -> Iterator[Finding]:
    excused = excused or any(not _NOT_MONEY.isdisjoint(words(name)) for name in _held_names(node))
    reason = None if excused else _float_use(node)
    if reason:
        yield node, f"{reason} in a money module: use integer minor units (durations: name them ..._seconds)"
    for child in ast.iter_child_nodes(node):
        yield from _any_float(child, excused=excused)


def _float_by_name(nodes: list[ast.AST]) -> Iterator[Finding]:
    for node in nodes:
        if isinstance(node, ast.Dict):
            yield from _entries(node)
        money = [name for name in _held_names(node) if _is_money(name)]
        used = [child for value in _held_values(node) for child in ast.walk(value) if _float_use(child)]
        if money and used:
            yield node, f"`{money[0]}` is money and holds a float"
        if isinstance(node, ast.BinOp) and _touches_money(node):
            yield from _arithmetic(node)
        if (
            isinstance(node, ast.Call)
            and dotted(node.func) in ("float", "round")
            and any(map(_touches_money, node.args))
        ):
            yield node, f"{dotted(node.func)}() of money: stay with integer minor units"


def _entries(node: ast.Dict) -> Iterator[Finding]:
    for key, value in zip(node.keys, node.values, strict=True):
        name = str(key.value) if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        if _is_money(name) and any(map(_float_use, ast.walk(value))):
            yield value, f"`{name}` is money and holds a float"


def _arithmetic(node: ast.BinOp) -> Iterator[Finding]:
    if isinstance(node.op, ast.Div):
        yield node, "true division of money gives a float: use // and hand out the remainder"
    if any(isinstance(side, ast.Constant) and isinstance(side.value, float) for side in (node.left, node.right)):
        yield node, "a float meets money: use integers, for example basis points and //"


def _float_use(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"float literal {node.value}"
    if isinstance(node, ast.Name) and node.id == "float":
        return "float"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _is_path(node):
        return "true division"
    return None


def _is_path(node: ast.BinOp) -> bool:
    parts = [
        child for child in ast.walk(node) if isinstance(child, ast.Constant | ast.JoinedStr | ast.Name | ast.Attribute)
    ]
    return any(
        isinstance(part, ast.JoinedStr) or isinstance(getattr(part, "value", None), str) for part in parts
    ) or any({"path", "folder", "file"} & set(words(dotted(part))) for part in parts)


def _held_names(node: ast.AST) -> list[str]:
    """Names that a node gives to a value: targets, keywords, arguments, the function for its return value."""
    if isinstance(node, ast.Assign):
        return [subject(target) for target in node.targets]
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        return [subject(node.target)]
    if isinstance(node, ast.keyword | ast.arg):
        return [node.arg or ""]
    return [node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns else []


def _held_values(node: ast.AST) -> list[ast.AST]:
    """What stands behind those names: annotation and value."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.returns] if node.returns else []
    parts = [getattr(node, "annotation", None), getattr(node, "value", None)]
    return [part for part in parts if isinstance(part, ast.AST) and not isinstance(part, ast.Lambda)]


def _is_money(name: str) -> bool:
    last = words(name.rsplit(".", 1)[-1])
    return not _MONEY_WORDS.isdisjoint(last) and _NOT_MONEY.isdisjoint(last)


def _touches_money(node: ast.AST) -> bool:
    operands = [node.left, node.right] if isinstance(node, ast.BinOp) else [node]
    return any(_is_money(subject(operand)) for operand in operands)


RULE = Rule("no-float-in-money", _applies, _find)
