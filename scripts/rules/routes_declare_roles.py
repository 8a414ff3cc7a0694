"""Every route says who may call it: `Depends(allow(...))`, `Depends(anyone())` or `Depends(unauthenticated("reason"))`.

The declaration stands in the decorator's `dependencies`, on an argument, or behind an alias such as
`Buyer = Annotated[Principal, Depends(allow("buyer"))]`, in this file or imported from one of the same service. A router that
is made in the same file with `APIRouter(dependencies=[anyone()])` declares for its routes.
"""

import ast
from collections.abc import Iterator

from scripts.rules.syntax import FunctionNode, arguments, dotted, functions, imported_names, words
from scripts.rules.violation import Finding, Rule
from scripts.tree import Source, Workspace

_METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "websocket", "api_route", "route"}
_DECLARATIONS = {"allow", "anyone", "unauthenticated"}
_HIDDEN_ROUTES = {"add_api_route", "add_route", "add_api_websocket_route", "add_websocket_route"}
_SHORTEST_REASON = 10


def _applies(source: Source) -> bool:
    return source.is_source and source.kind == "service"


def _find(source: Source, workspace: Workspace) -> Iterator[Finding]:
    for function in functions(source.nodes):
        for decorator in filter(_is_route, function.decorator_list):
            if not _declares(function, decorator, source, workspace):
                yield (
                    decorator,
                    f"route {function.name} declares no roles: allow(...), anyone() or unauthenticated(reason)",
                )
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _HIDDEN_ROUTES:
            yield node, f".{node.func.attr}() hides a route from this rule: use a decorator"
        if isinstance(node, ast.Call) and _name(node) == "unauthenticated" and not _has_reason(node):
            yield node, 'unauthenticated("...") needs a reason that a reviewer can judge'


def _is_route(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return False
    receiver = words(dotted(decorator.func.value))
    return decorator.func.attr in _METHODS and not {"router", "app", "api", "routes"}.isdisjoint(receiver)


def _declares(function: FunctionNode, decorator: ast.expr, source: Source, workspace: Workspace) -> bool:
    annotations = [argument.annotation for argument in arguments(function) if argument.annotation]
    defaults = [default for default in (*function.args.defaults, *function.args.kw_defaults) if default]
    places = (decorator, *annotations, *defaults, *_router_calls(decorator, source))
    return any(_holds_declaration(node, source, workspace) for node in places)


def _router_calls(decorator: ast.expr, source: Source) -> list[ast.Call]:
    """The `APIRouter(...)` of this file behind `@router.get`: the last one assigned to that name above the decorator."""
    name = dotted(decorator).rpartition(".")[0]
    assigned = [
        node.value
        for node in source.nodes
        if isinstance(node, ast.Assign) and name in _targets(node) and isinstance(node.value, ast.Call)
    ]
    above = [call for call in assigned if call.lineno < decorator.lineno and _name(call) == "APIRouter"]
    return sorted(above, key=lambda call: call.lineno)[-1:]


def _holds_declaration(node: ast.AST, source: Source, workspace: Workspace) -> bool:
    for child in ast.walk(node):
        if isinstance(child, ast.Call) and _name(child) in _DECLARATIONS:
            return True
        if isinstance(child, ast.Name) and _alias_declares(child.id, source, workspace):
            return True
    return False


def _alias_declares(name: str, source: Source, workspace: Workspace) -> bool:
    for statement in source.tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and name in _targets(statement) and statement.value:
            return _holds_declaration(statement.value, source, workspace)
    module, _, original = imported_names(source.nodes).get(name, "").rpartition(".")
    other = workspace.by_module.get(module)
    return other is not None and other.path != source.path and _alias_declares(original, other, workspace)


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [dotted(target) for target in targets]


def _name(node: ast.Call) -> str:
    return dotted(node.func).rsplit(".", 1)[-1]


def _has_reason(node: ast.Call) -> bool:
    reason = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
    return isinstance(reason, str) and len(reason) >= _SHORTEST_REASON


RULE = Rule("routes-declare-roles", _applies, _find)
