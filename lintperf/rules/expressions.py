"""The expression language: a small, side-effect-free subset of Python, typed against the schema, made into code.

An expression is parsed by Python's own parser, every node is checked against a list of what is allowed, names are
only declared fields, facts, `let` names and parameters, and number literals become exact decimals from the rule's
text. What comes out is Python source made of those parts alone: no attribute of an object is ever reached, no name
is looked up that this module did not put there, and there is no loop but one pass over an array of the document.

Missing values. Every name that can be missing is noted in `Node.needs`; the caller evaluates the code only when none
of them is None. `present(x)`, `missing(x)`, `blank(x)` and `default(x, y)` take a missing value, and what stands
behind `present(x) and …` or `missing(x) or …` may rely on it.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn

from lintperf.extension import FactGroup, Function
from lintperf.model import Text
from lintperf.names import near_name
from lintperf.schema.fields import Field, lookup

__all__ = ["AGGREGATES", "ExpressionError", "Node", "ScopeNames", "Writer", "loop_over"]

LONGEST_EXPRESSION = 2000
MOST_NODES = 400
# each level costs the generated code up to three brackets, and Python's parser takes 200
DEEPEST = 50
NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?")
AGGREGATES = ("sum", "count", "any", "all", "highest", "lowest", "mean")
SPECIAL = ("present", "missing", "blank", "default")
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


class ExpressionError(Exception):
    """An expression that cannot be used: what is wrong in both languages, and where in its text (0-based)."""

    def __init__(self, text: Text, line: int = 0, column: int = 0) -> None:
        super().__init__(text.en)
        self.text = text
        self.line = line
        self.column = column


# what the loop of an aggregate uses: name → the place of a fact (group, position), None for a field of the row
_Used = dict[str, tuple[int, int] | None]


class Node(NamedTuple):
    """A piece of expression as Python source.

    type     text, number, bool, any, `text*`, `number*`
    needs    variables that must not be None before `code` is evaluated
    true     variables that are present when `code` is true; false: when it is false
    choices  the texts of an enumeration, to tell a misspelt literal
    atom     `code` is a variable that can be None
    """

    code: str
    type: str
    needs: tuple[str, ...] = ()
    true: frozenset[str] = frozenset()
    false: frozenset[str] = frozenset()
    choices: frozenset[str] | None = None
    atom: bool = False
    literal: str | None = None


def _unique(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


@dataclass(slots=True)
class ScopeNames:
    """What the names of a scope mean, and which of them the rules of the scope use.

    each      the array that the scope ranges over, "" for the document
    root      the document type's fields; groups: the facts of the type; functions, parameters: by name
    """

    each: str
    root: Field
    groups: tuple[FactGroup, ...]
    functions: Mapping[str, Function]
    parameters: Mapping[str, Any]
    row_fields: dict[str, str] = field(default_factory=dict)
    row_facts: dict[str, tuple[int, int]] = field(default_factory=dict)
    root_fields: dict[str, str] = field(default_factory=dict)
    aggregates: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    constants: dict[str, tuple[str, Any]] = field(default_factory=dict)
    _constant_names: dict[str, str] = field(default_factory=dict)

    @property
    def row(self) -> Field | None:
        """The fields of a row of the scope; None in the document's scope."""
        array = lookup(self.root, self.each) if self.each else None
        return array.items if array is not None else None

    def constant(self, kind: str, value: Any) -> str:
        """A global of the compiled code: a number, text, list or function, as `program.Constants` writes it."""
        key = repr((kind, value))
        if key not in self._constant_names:
            name = f"K{len(self._constant_names)}"
            self._constant_names[key] = name
            self.constants[name] = (kind, value)
        return self._constant_names[key]

    def fact(self, name: str, each: str) -> tuple[int, int] | None:
        """(group, position) of a fact of an array's rows, or of the document where `each` is ""."""
        for number, group in enumerate(self.groups):
            if group.each == each and name in group.record._fields:
                return number, group.record._fields.index(name)
        return None

    def fact_names(self, each: str) -> list[str]:
        """The names of all facts of an array's rows."""
        return [name for group in self.groups if group.each == each for name in group.record._fields]


def fact_type(group: FactGroup, name: str) -> tuple[str, bool]:
    """The type of a fact and whether it can be missing, from the annotation in its record class."""
    annotation = group.record.__annotations__[name]
    written = str(getattr(annotation, "__forward_arg__", None) or getattr(annotation, "__name__", annotation))
    parts = written.replace(" ", "").replace("decimal.", "").split("|")
    kinds = {"str": "text", "Decimal": "number", "bool": "bool", "tuple[str,...]": "text*"}
    return kinds.get(parts[0], "any"), "None" in parts


class Writer:
    """Writes the code of the expressions of one rule, statement by statement.

    lines       statements that bind the variables the last expression uses, to be put before it
    aggregates  the variables of the aggregates used so far
    """

    def __init__(self, names: ScopeNames, prefix: str) -> None:
        self.names = names
        self.prefix = prefix
        self.lines: list[str] = []
        self.lets: dict[str, Node] = {}
        self._temporaries = 0
        self.aggregates: set[str] = set()
        self._bound: dict[str, str] = {}
        self._source = ""
        self._loop: tuple[str, str, _Used] | None = None

    # -- entry points ---------------------------------------------------------------------------------------------

    def compile(self, source: str, expected: str | None = None) -> Node:
        """The node of an expression; `expected` is the type it must have, None for any."""
        tree = self._parse(source)
        node = self._node(tree)
        if expected is not None and node.type not in (expected, "any"):
            self._fail(tree, f"这里应为{_ZH.get(expected, expected)}，得到{_ZH.get(node.type, node.type)}",
                       f"expected {expected} here, got {node.type}")  # fmt: skip
        return node

    def conjuncts(self, source: str) -> list[ast.expr]:
        """The parts of a condition joined by `and` at its top; one part where there is none."""
        tree = self._parse(source)
        return tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]

    def conjunct(self, source: str, part: ast.expr) -> Node:
        """The node of one part of the condition `source`."""
        self._parse(source)
        return self._typed(part, "bool")

    def let(self, name: str, source: str) -> None:
        """Bind `name` to an expression for the expressions that follow."""
        taken = name in self.lets or name in SPECIAL or name in AGGREGATES or name == "param"
        if taken or not name.isidentifier() or keyword.iskeyword(name):
            raise ExpressionError(Text(f"let 名称不能用：{name}", f"not usable as a let name: {name}"))
        node = self.compile(source)
        variable = f"{self.prefix}l_{name}"
        self.lines.append(f"{variable} = {self._guarded(node)}")
        self.lets[name] = self._variable(variable, node.type, bool(node.needs) or node.atom, node.choices)

    def name(self, name: str) -> Node:
        """The node of a single name, as messages use them."""
        return self.compile(name)

    # -- parsing --------------------------------------------------------------------------------------------------

    def _parse(self, source: str) -> ast.expr:
        if len(source) > LONGEST_EXPRESSION:
            raise ExpressionError(Text(f"表达式超过 {LONGEST_EXPRESSION} 个字符",
                                       f"the expression is longer than {LONGEST_EXPRESSION} characters"))  # fmt: skip
        self._source = source = " ".join(source.split("\n"))
        try:
            # Python warns of what it will refuse one day: unknown escapes, `1if`
            with warnings.catch_warnings(record=True) as doubts:
                warnings.simplefilter("always")
                tree = ast.parse(source.strip(), mode="eval").body
            if doubts:
                raise SyntaxError
        except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
            column = (getattr(problem, "offset", None) or 1) - 1
            raise ExpressionError(Text("表达式语法错误", "the expression's syntax is wrong"), 0, column) from None
        if sum(1 for _ in ast.walk(tree)) > MOST_NODES or _deeper_than(tree, DEEPEST):
            raise ExpressionError(Text("表达式过于复杂", "the expression is too complex"))
        if "#" in source:
            _refuse_comment(source.strip())
        return tree

    def _fail(self, node: ast.AST, zh: str, en: str) -> NoReturn:
        # ast counts columns in UTF-8 bytes; places count code points
        column = getattr(node, "col_offset", 0)
        column = len(self._source.strip().encode()[:column].decode(errors="ignore"))
        raise ExpressionError(Text(zh, en), 0, column)

    def _unknown(self, node: ast.AST, name: str, names: Iterable[str]) -> NoReturn:
        near = near_name(name, names)
        self._fail(node, f"没有名称 {name}" + (f"，是否为 {near}？" if near else ""),
                   f"unknown name {name}" + (f", did you mean {near}?" if near else ""))  # fmt: skip

    # -- nodes ----------------------------------------------------------------------------------------------------

    def _node(self, tree: ast.expr) -> Node:
        handler = _HANDLERS.get(type(tree))
        if handler is None:
            what = type(tree).__name__
            self._fail(tree, f"表达式中不能使用 {what}", f"{what} is not part of the expression language")
        return handler(self, tree)

    def _guarded(self, node: Node) -> str:
        if not node.needs or (node.atom and node.needs == (node.code,)):
            return node.code
        tests = " and ".join(f"{name} is not None" for name in node.needs)
        return f"({node.code}) if {tests} else None"

    def _variable(self, name: str, kind: str, nullable: bool, choices: frozenset[str] | None = None) -> Node:
        return Node(name, kind, (name,) if nullable else (), choices=choices, atom=nullable)

    def _bind(self, code: str, kind: str, nullable: bool) -> Node:
        # what is bound once stays bound: later statements stand in the same block or deeper
        variable = self._bound.get(code)
        if variable is None:
            self._temporaries += 1
            variable = self._bound[code] = f"{self.prefix}t{self._temporaries}"
            self.lines.append(f"{variable} = {code}")
        return self._variable(variable, kind, nullable)

    def _constant(self, tree: ast.Constant) -> Node:
        value = tree.value
        if isinstance(value, bool):
            return Node(repr(value), "bool")
        if isinstance(value, str):
            return Node(repr(value), "text", literal=value)
        segment = ast.get_source_segment(self._source.strip(), tree) or ""
        if isinstance(value, int | float) and NUMBER.fullmatch(segment):
            return Node(self.names.constant("number", segment), "number")
        self._fail(
            tree, "这里只能写文字、十进制数或 True/False", "only texts, decimal numbers and True/False may stand here"
        )

    def _name(self, tree: ast.Name) -> Node:
        name = tree.id
        if name in self.lets:
            return self.lets[name]
        names = self.names
        row = names.row
        if row is not None:
            if name in row.properties:
                return self._row_field(tree, name, row.properties[name])
            place = names.fact(name, names.each)
            if place is not None:
                kind, nullable = fact_type(names.groups[place[0]], name)
                names.row_facts[name] = place
                return self._variable(f"f_{name}", kind, nullable)
        if name in names.root.properties:
            return self._root_path(tree, name)
        place = names.fact(name, "")
        if place is not None:
            kind, nullable = fact_type(names.groups[place[0]], name)
            return self._bind(f"fact({place[0]}, {place[1]})", kind, nullable)
        known = [*self.lets, *(row.properties if row else ()), *names.root.properties,
                 *names.fact_names(names.each), *names.fact_names("")]  # fmt: skip
        self._unknown(tree, name, known)

    def _row_field(self, tree: ast.AST, name: str, declared: Field) -> Node:
        if declared.kind in ("record", "list"):
            self._fail(tree, f"{name} 不是单个值", f"{name} is not a single value")
        self.names.row_fields[name] = f"r_{name}"
        return self._variable(f"r_{name}", declared.kind, True, declared.choices)

    def _root_path(self, tree: ast.AST, path: str) -> Node:
        declared = lookup(self.names.root, path)
        if declared is None or declared.kind in ("record", "list"):
            self._fail(tree, f"{path} 不是单个值", f"{path} is not a single value")
        # numbered: `a.b` and `a_b` are two fields
        variable = self.names.root_fields.setdefault(path, f"d{len(self.names.root_fields)}")
        return self._variable(variable, declared.kind, True, declared.choices)

    def _attribute(self, tree: ast.Attribute) -> Node:
        parts: list[str] = []
        inner: ast.expr = tree
        while isinstance(inner, ast.Attribute):
            parts.insert(0, inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            self._fail(tree, "点号前只能是名称", "only a name may stand before a dot")
        if inner.id == "param" or (self._loop is not None and inner.id == self._loop[0]):
            if len(parts) > 1:
                self._fail(tree, f"{inner.id}.{parts[0]} 之后不能再有点号", f"{inner.id}.{parts[0]} has no parts")
            return self._parameter(tree, parts[0]) if inner.id == "param" else self._loop_field(tree, parts[0])
        current = self.names.root
        for part in (inner.id, *parts):
            if part not in current.properties:
                self._unknown(tree, part, current.properties)
            current = current.properties[part]
        return self._root_path(tree, ".".join((inner.id, *parts)))

    def _parameter(self, tree: ast.AST, name: str) -> Node:
        if name not in self.names.parameters:
            self._unknown(tree, name, self.names.parameters)
        value = self.names.parameters[name]
        if isinstance(value, bool):
            return Node(repr(value), "bool")
        if isinstance(value, Decimal):
            return Node(self.names.constant("number", str(value)), "number")
        if isinstance(value, str):
            return Node(self.names.constant("text", value), "text")
        items = list(value) if isinstance(value, list | tuple) else [None]
        if all(isinstance(item, str) for item in items):
            return Node(self.names.constant("texts", items), "text*")
        if all(isinstance(item, Decimal) for item in items):
            return Node(self.names.constant("numbers", [str(item) for item in items]), "number*")
        self._fail(tree, f"参数 {name} 只能作检查的选项", f"parameter {name} can only be an option of a check")

    def _loop_field(self, tree: ast.AST, name: str) -> Node:
        assert self._loop is not None
        _, each, used = self._loop
        array = lookup(self.names.root, each)
        assert array is not None
        assert array.items is not None
        if name in array.items.properties:
            declared = array.items.properties[name]
            if declared.kind in ("record", "list"):
                self._fail(tree, f"{name} 不是单个值", f"{name} is not a single value")
            used[name] = None
            return self._variable(f"a_{name}", declared.kind, True, declared.choices)
        place = self.names.fact(name, each)
        if place is None:
            self._unknown(tree, name, [*array.items.properties, *self.names.fact_names(each)])
        used[name] = place
        kind, nullable = fact_type(self.names.groups[place[0]], name)
        return self._variable(f"a_{name}", kind, nullable)

    def _bool_op(self, tree: ast.BoolOp) -> Node:
        both = isinstance(tree.op, ast.And)
        needs: list[str] = []
        known: frozenset[str] = frozenset()
        nodes = []
        for value in tree.values:
            node = self._typed(value, "bool")
            needs += [name for name in node.needs if name not in known]
            known |= node.true if both else node.false
            nodes.append(node)
        code = "(" + (" and " if both else " or ").join(node.code for node in nodes) + ")"
        return Node(code, "bool", _unique(needs), known if both else frozenset(), frozenset() if both else known)

    def _unary(self, tree: ast.UnaryOp) -> Node:
        if isinstance(tree.op, ast.Not):
            node = self._typed(tree.operand, "bool")
            return Node(f"(not {node.code})", "bool", node.needs, node.false, node.true)
        if isinstance(tree.op, ast.USub):
            node = self._typed(tree.operand, "number")
            return Node(f"(-{node.code})", "number", node.needs)
        self._fail(tree, "不支持这个运算符", "this operator is not part of the expression language")

    def _binary(self, tree: ast.BinOp) -> Node:
        operator = _OPERATORS.get(type(tree.op))
        if operator is None:
            self._fail(tree, "只支持 + - * /", "only + - * / are part of the expression language")
        left, right = self._typed(tree.left, "number"), self._typed(tree.right, "number")
        return Node(f"({left.code} {operator} {right.code})", "number", _unique(left.needs, right.needs))

    def _compare(self, tree: ast.Compare) -> Node:
        operands = [self._operand(value) for value in (tree.left, *tree.comparators)]
        code = operands[0].code
        for left, right, operator, where in zip(operands, operands[1:], tree.ops, tree.comparators, strict=False):
            if isinstance(operator, ast.In | ast.NotIn):
                if right.type != f"{left.type}*":
                    self._fail(where, "in 右边应为同类的列表", "what stands after `in` must be a list of the same type")
                if left.choices is not None:
                    self._known_choices(where, left.choices)
                code += f" {'not in' if isinstance(operator, ast.NotIn) else 'in'} {right.code}"
                continue
            symbol = _OPERATORS.get(type(operator))
            if symbol is None:
                self._fail(tree, "不支持这个比较", "this comparison is not part of the expression language")
            if left.type != right.type or left.type in ("any", "text*", "number*"):
                self._fail(where, f"不能比较{_ZH.get(left.type, left.type)}和{_ZH.get(right.type, right.type)}",
                           f"cannot compare {left.type} with {right.type}")  # fmt: skip
            if left.type != "number" and symbol not in ("==", "!="):
                self._fail(where, "只有数字能比大小", "only numbers have an order")
            for one, other in ((left, right), (right, left)):
                if one.choices is not None and other.literal is not None and other.literal not in one.choices:
                    self._unknown(where, other.literal, one.choices)
            code += f" {symbol} {right.code}"
        return Node(f"({code})", "bool", _unique(*(node.needs for node in operands)))

    def _known_choices(self, tree: ast.expr, choices: frozenset[str]) -> None:
        for item in getattr(tree, "elts", ()):
            if item.value not in choices:
                self._unknown(item, item.value, choices)

    def _operand(self, tree: ast.expr) -> Node:
        if isinstance(tree, ast.List | ast.Tuple | ast.Set):
            return self._list(tree)
        return self._node(tree)

    def _list(self, tree: ast.List | ast.Tuple | ast.Set) -> Node:
        items = [self._node(item) for item in tree.elts]
        kinds = {item.type for item in items}
        if (
            len(kinds) != 1
            or not kinds <= {"text", "number"}
            or not all(isinstance(e, ast.Constant) for e in tree.elts)
        ):
            self._fail(tree, "列表只能由同类的常量组成", "a list holds constants of one type")
        return Node("(" + "".join(f"{item.code}, " for item in items) + ")", f"{kinds.pop()}*")

    def _if(self, tree: ast.IfExp) -> Node:
        test = self._typed(tree.test, "bool")
        left, right = self._node(tree.body), self._node(tree.orelse)
        if left.type != right.type:
            self._fail(tree, "if 的两边类型不同", "both sides of if … else must have one type")
        needs = _unique(
            test.needs,
            (name for name in left.needs if name not in test.true),
            (name for name in right.needs if name not in test.false),
        )
        return Node(f"({left.code} if {test.code} else {right.code})", left.type, needs)

    def _typed(self, tree: ast.expr, kind: str) -> Node:
        node = self._node(tree)
        if node.type != kind:
            self._fail(tree, f"这里应为{_ZH.get(kind, kind)}，得到{_ZH.get(node.type, node.type)}",
                       f"expected {kind} here, got {node.type}")  # fmt: skip
        return node

    # -- calls ----------------------------------------------------------------------------------------------------

    def _call(self, tree: ast.Call) -> Node:
        if not isinstance(tree.func, ast.Name):
            self._fail(tree, "只能调用列出的函数", "only the listed functions can be called")
        name = tree.func.id
        if tree.keywords or any(isinstance(argument, ast.Starred) for argument in tree.args):
            self._fail(tree, "函数只接受按位置的参数", "functions take positional arguments only")
        if name in AGGREGATES:
            return self._aggregate(tree, name)
        if name in SPECIAL:
            return self._special(tree, name)
        function = self.names.functions.get(name)
        if function is None:
            self._unknown(tree.func, name, [*self.names.functions, *AGGREGATES, *SPECIAL])
        if len(tree.args) != len(function.parameters):
            self._fail(tree, f"{name} 需要 {len(function.parameters)} 个参数，得到 {len(tree.args)} 个",
                       f"{name} takes {len(function.parameters)} arguments, got {len(tree.args)}")  # fmt: skip
        arguments: list[str] = []
        needs: tuple[str, ...] = ()
        for argument, parameter in zip(tree.args, function.parameters, strict=True):
            wanted = parameter.removesuffix("?")
            node = self._operand(argument)
            if wanted not in (node.type, "any"):
                self._fail(argument, f"{name} 的参数应为{_ZH.get(wanted, wanted)}，得到{_ZH.get(node.type, node.type)}",
                           f"{name} takes {wanted} here, got {node.type}")  # fmt: skip
            if parameter.endswith("?"):
                arguments.append(f"({self._guarded(node)})")
            else:
                arguments.append(node.code)
                needs = _unique(needs, node.needs)
        code = f"{self.names.constant('function', name)}({', '.join(arguments)})"
        kind = function.result.removesuffix("?")
        if function.result.endswith("?"):
            return self._bind(self._guarded(Node(code, kind, needs)), kind, True)
        return Node(code, kind, needs)

    def _special(self, tree: ast.Call, name: str) -> Node:
        wanted = 2 if name == "default" else 1
        if len(tree.args) != wanted:
            self._fail(tree, f"{name} 需要 {wanted} 个参数", f"{name} takes {wanted} argument(s)")
        node = self._node(tree.args[0])
        if not node.atom:
            if node.needs:
                node = self._bind(self._guarded(node), node.type, True)
            else:
                self._fail(tree.args[0], "这个值不会缺失", "this value is never missing")
        variable = node.code
        if name == "present":
            return Node(f"({variable} is not None)", "bool", (), true=frozenset({variable}))
        if name == "missing":
            return Node(f"({variable} is None)", "bool", (), false=frozenset({variable}))
        if name == "blank":
            if node.type != "text":
                self._fail(tree.args[0], "blank 的参数应为文字", "blank takes a text")
            return Node(f"({variable} is None or not {variable}.strip())", "bool", (), false=frozenset({variable}))
        other = self._node(tree.args[1])
        if other.type != node.type:
            self._fail(tree, "default 的两个参数类型不同", "both arguments of default must have one type")
        return Node(f"({other.code} if {variable} is None else {variable})", node.type, other.needs)

    def _aggregate(self, tree: ast.Call, name: str) -> Node:
        generator = tree.args[0] if len(tree.args) == 1 else None
        if not isinstance(generator, ast.GeneratorExp) or len(generator.generators) != 1:
            self._fail(
                tree, f"写作 {name}(x.字段 for x in 数组 if 条件)", f"write {name}(x.field for x in array if condition)"
            )
        if self._loop is not None:
            self._fail(tree, "汇总不能嵌套", "aggregates cannot be nested")
        clause = generator.generators[0]
        if clause.is_async or not isinstance(clause.target, ast.Name):
            self._fail(
                tree, f"写作 {name}(x.字段 for x in 数组 if 条件)", f"write {name}(x.field for x in array if condition)"
            )
        each = ast.unparse(clause.iter)
        array = lookup(self.names.root, each)
        if array is None or array.kind != "list" or array.items is None or array.items.kind != "record":
            self._fail(clause.iter, f"{each} 不是数组", f"{each} is not an array of the document")
        taken = clause.target.id == "param" or clause.target.id in self.lets
        if taken or (self.names.row and clause.target.id in self.names.row.properties):
            self._fail(clause.target, f"{clause.target.id} 已有含义", f"{clause.target.id} already has a meaning")
        # inside the loop only the loop's own row, root fields and parameters are visible, so that the aggregate can be
        # computed once a document whatever the number of rows
        inner = Writer(
            ScopeNames("", self.names.root, self.names.groups, self.names.functions, self.names.parameters,
                       root_fields=self.names.root_fields, constants=self.names.constants,
                       _constant_names=self.names._constant_names), "at_")  # fmt: skip
        inner._source = self._source
        used: _Used = {}
        inner._loop = (clause.target.id, each, used)
        tests = [inner._typed(test, "bool") for test in clause.ifs]
        test_lines, inner.lines = inner.lines, []
        if name == "count":
            element = Node("1", "number")
            if not (isinstance(generator.elt, ast.Name) and generator.elt.id == clause.target.id):
                self._fail(
                    generator.elt, "写作 count(x for x in 数组 if 条件)", "write count(x for x in array if condition)"
                )
        else:
            element = inner._typed(generator.elt, "bool" if name in ("any", "all") else "number")
        # the source, not `unparse`: that would write two long numbers alike
        key = ast.get_source_segment(self._source.strip(), tree) or ""
        if key not in self.names.aggregates:
            variable = f"h{len(self.names.aggregates)}"
            body = _aggregate_lines(name, variable, each, used, test_lines, tests, inner.lines, element, self.names)
            self.names.aggregates[key] = (variable, body)
        variable = self.names.aggregates[key][0]
        self.aggregates.add(variable)
        return self._variable(variable, "bool" if name in ("any", "all") else "number", True)


def _deeper_than(tree: ast.AST, levels: int) -> bool:
    level = [tree]
    for _ in range(levels):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


def _refuse_comment(source: str) -> None:
    """Raises ExpressionError for a comment: lines are joined, so it would swallow what stands below it."""
    import io
    import tokenize

    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            raise ExpressionError(Text("表达式中不能有注释", "no comments inside an expression"), 0, token.start[1])


def loop_over(each: str, fields: Mapping[str, str], groups: Sequence[int]) -> str:
    """The `for` line over the rows of an array: variables with the values of fields, and records of fact groups.

    fields  variable → the field it is given
    """
    sources = {variable: f"column({each!r}, {name!r})" for variable, name in fields.items()}
    sources |= {f"facts_{group}": f"row_facts({group})" for group in groups}
    if not sources:
        return f"for _ in rows({each!r}):"
    if len(sources) == 1:
        return "for {} in {}:".format(*next(iter(sources.items())))
    return f"for {', '.join(sources)} in zip({', '.join(sources.values())}):"


def _aggregate_lines(
    name: str,
    variable: str,
    each: str,
    used: _Used,
    test_lines: list[str],
    tests: list[Node],
    element_lines: list[str],
    element: Node,
    names: ScopeNames,
) -> list[str]:
    """Statements that set `variable` by one pass over an array; None when a value it needs is missing.

    A row that decides `any` or `all` decides it whatever other rows lack, so that the order of rows never matters.
    """
    zero = names.constant("number", "0")
    facts = {name: place for name, place in used.items() if place is not None}
    fields = {f"a_{name}": name for name in used if name not in facts}
    loop = loop_over(each, fields, sorted({group for group, _ in facts.values()}))
    start = {"sum": zero, "count": zero, "any": "False", "all": "True", "mean": zero}.get(name, "None")
    lines = ["try:", f"    {variable} = {start}"]
    if name == "mean":
        lines.append(f"    {variable}n = 0")
    lines.append(f"    {loop}")
    lines += [f"        a_{name} = facts_{group}[{position}]" for name, (group, position) in facts.items()]
    lines += [f"        {line}" for line in test_lines]
    missed = "continue" if name in ("any", "all") else "break"
    needs: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    for test in tests:
        needs = _unique(needs, (need for need in test.needs if need not in known))
        known |= test.true
    if needs:
        lines += [f"        if {' or '.join(f'{need} is None' for need in needs)}:",
                  f"            {variable} = None", f"            {missed}"]  # fmt: skip
    if tests:
        lines += [f"        if not ({' and '.join(test.code for test in tests)}):", "            continue"]
    lines += [f"        {line}" for line in element_lines]
    needs = tuple(need for need in element.needs if need not in known)
    if needs:
        lines += [f"        if {' or '.join(f'{need} is None' for need in needs)}:",
                  f"            {variable} = None", f"            {missed}"]  # fmt: skip
    value = element.code
    step = {
        "sum": [f"{variable} += {value}"],
        "count": [f"{variable} += 1"],
        "any": [f"if {value}:", f"    {variable} = True", "    break"],
        "all": [f"if not {value}:", f"    {variable} = False", "    break"],
        "mean": [f"{variable} += {value}", f"{variable}n += 1"],
        "highest": [f"if {variable} is None or {value} > {variable}:", f"    {variable} = {value}"],
        "lowest": [f"if {variable} is None or {value} < {variable}:", f"    {variable} = {value}"],
    }[name]
    lines += [f"        {line}" for line in step]
    if name == "mean":
        lines.append(f"    {variable} = {variable} / {variable}n if {variable} is not None and {variable}n else None")
    return [*lines, "except ArithmeticError:", f"    {variable} = None"]


_ZH = {"text": "文字", "number": "数字", "bool": "是否", "any": "任意值", "text*": "文字列表", "number*": "数字列表"}
_HANDLERS: dict[type[ast.AST], Callable[[Writer, Any], Node]] = {
    ast.Constant: Writer._constant,
    ast.Name: Writer._name,
    ast.Attribute: Writer._attribute,
    ast.BoolOp: Writer._bool_op,
    ast.UnaryOp: Writer._unary,
    ast.BinOp: Writer._binary,
    ast.Compare: Writer._compare,
    ast.IfExp: Writer._if,
    ast.Call: Writer._call,
}
