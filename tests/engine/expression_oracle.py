"""An independent meaning of the expression language: own syntax trees, own evaluation with exact fractions.

Nothing here comes from the compiler. A tree is a tuple whose first item names it. `source` writes it as a rule would,
`required` says which values must be there before it means anything, `evaluate` what it means then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

Tree = tuple[Any, ...]
BINARY = ("+", "-", "*", "/")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class MissingError(Exception):
    """A value that is not there."""


@dataclass
class World:
    """The values that names stand for: of the document, of its row, of parameters; and the rows for aggregates."""

    names: Mapping[str, Any]
    rows: list[Mapping[str, Any]] = field(default_factory=list)


def literal(value: Any) -> str:
    """A constant as a rule writes it."""
    return str(value) if isinstance(value, Decimal | bool) else repr(value)


def source(tree: Tree) -> str:
    """The tree as the text of an expression."""
    kind, *parts = tree
    if kind == "const":
        return literal(parts[0])
    if kind == "list":
        return "[" + ", ".join(map(literal, parts[0])) + "]"
    if kind == "name":
        return str(parts[0])
    if kind in BINARY or kind in COMPARISONS:
        return f"({source(parts[0])} {kind} {source(parts[1])})"
    if kind in ("in", "not in"):
        return f"({source(parts[0])} {kind} {source(parts[1])})"
    if kind == "between":
        return f"({source(parts[0])} <= {source(parts[1])} < {source(parts[2])})"
    if kind in ("and", "or"):
        return "(" + f" {kind} ".join(map(source, parts)) + ")"
    if kind == "not":
        return f"(not {source(parts[0])})"
    if kind == "negative":
        return f"(-{source(parts[0])})"
    if kind == "if":
        return f"({source(parts[1])} if {source(parts[0])} else {source(parts[2])})"
    if kind == "call":
        return f"{parts[0]}({', '.join(map(source, parts[1:]))})"
    name, element, conditions = parts
    what = "x" if name == "count" else source(element)
    return f"{name}({what} for x in benches" + "".join(f" if {source(each)}" for each in conditions) + ")"


def is_atom(tree: Tree) -> bool:
    """Whether `present` can vouch for the tree as a whole: a name, an aggregate, a result that can be missing."""
    return tree[0] in ("name", "aggregate") or (tree[0] == "call" and tree[1] == "half_if_positive")


def required(tree: Tree, certain: frozenset[str] = frozenset()) -> frozenset[str]:
    """Sources of the values that must be present, those in `certain` left out."""
    kind, *parts = tree
    if kind in ("const", "list") or (kind == "name" and never_missing(parts[0])):
        return frozenset()
    if is_atom(tree):
        return frozenset([source(tree)]) - certain
    if kind in ("and", "or"):
        needed: frozenset[str] = frozenset()
        known = certain
        for part in parts:
            needed |= required(part, known)
            known |= vouched(part, kind == "and")
        return needed
    if kind == "if":
        test, yes, no = parts
        return (
            required(test, certain)
            | required(yes, certain | vouched(test, True))
            | required(no, certain | vouched(test, False))
        )
    if kind == "call":
        name, *arguments = parts
        if name in ("present", "missing", "blank", "how_many"):
            return frozenset()
        if name == "default":
            return required(arguments[1], certain)
        parts = arguments
    return frozenset().union(*(required(part, certain) for part in parts))


def never_missing(name: str) -> bool:
    """Parameters and facts that are plain truth values are always there."""
    return name.startswith("param.") or name in ("roomy", "x.roomy", "has_benches")


def vouched(tree: Tree, outcome: bool) -> frozenset[str]:
    """Sources of values that are present when the tree comes out as `outcome`."""
    kind, *parts = tree
    if kind == "not":
        return vouched(parts[0], not outcome)
    if kind in ("and", "or"):
        return (
            frozenset().union(*(vouched(part, outcome) for part in parts))
            if outcome == (kind == "and")
            else frozenset()
        )
    if kind == "call" and is_atom(parts[1]):
        gives = {"present": True, "missing": False, "blank": False}.get(parts[0])
        if gives is outcome:
            return frozenset([source(parts[1])])
    return frozenset()


def early(tree: Tree) -> list[Tree]:
    """What is computed before the rest of an expression: results that can be missing, arguments of `present`."""
    kind, *parts = tree
    if kind in ("const", "list", "name", "aggregate"):
        return []
    found = [each for part in parts if isinstance(part, tuple) for each in early(part)]
    if kind == "call":
        if parts[0] == "half_if_positive":
            found.append(tree)
        elif parts[0] in ("present", "missing", "blank", "default") and not is_atom(parts[1]):
            found.append(parts[1])
    return found


def value(tree: Tree, world: World) -> Any:
    """The value of an expression as a rule gets it. Raises MissingError, ZeroDivisionError."""
    for part in early(tree):
        try:
            there(part, world)
        except MissingError:
            continue
    return there(tree, world)


def there(tree: Tree, world: World) -> Any:
    """The value of a tree all of whose requirements are met. Raises MissingError where one is not."""
    if any(atom_value(text, world, tree) is None for text in required(tree)):
        raise MissingError
    return evaluate(tree, world)


def atom_value(text: str, world: World, tree: Tree) -> Any:
    """The value of the atom with this source somewhere in `tree`; None where it is missing."""
    atom = find(tree, text)
    assert atom is not None
    try:
        return evaluate(atom, world)
    except MissingError:
        return None


def find(tree: Tree, text: str) -> Tree | None:
    """The first subtree with this source."""
    if tree[0] == "aggregate" or tree[0] in ("const", "list", "name"):
        return tree if source(tree) == text else None
    if source(tree) == text:
        return tree
    for part in tree[1:]:
        if isinstance(part, tuple):
            found = find(part, text)
            if found is not None:
                return found
    return None


@dataclass(frozen=True)
class Number:
    """An exact number; `decimals` as written, None once it has been computed with."""

    amount: Fraction
    decimals: int | None = None


def number(decimal: Decimal) -> Number:
    """A decimal with the decimals it is written with."""
    exponent = decimal.as_tuple().exponent
    assert isinstance(exponent, int)
    return Number(Fraction(decimal), max(0, -exponent))


def plain(thing: Any) -> Any:
    """The value without its decimals, to compare."""
    return thing.amount if isinstance(thing, Number) else thing


def half_up(amount: Fraction, places: int) -> Fraction:
    """Rounded half away from zero."""
    scaled = abs(amount) * 10**places
    whole = int(scaled) + (1 if scaled - int(scaled) >= Fraction(1, 2) else 0)
    return Fraction(whole if amount >= 0 else -whole, 10**places)


def lift(raw: Any) -> Any:
    """A document's value as the oracle holds it."""
    return number(raw) if isinstance(raw, Decimal) else raw


def evaluate(tree: Tree, world: World) -> Any:
    """The value of a tree, evaluated from left to right and no further than needed."""
    kind, *parts = tree
    if kind == "const":
        return lift(parts[0])
    if kind == "list":
        return [plain(lift(item)) for item in parts[0]]
    if kind == "name":
        found = world.names.get(parts[0])
        if found is None:
            raise MissingError
        if isinstance(found, tuple):
            return [plain(lift(item)) for item in found]
        return lift(found)
    if kind in BINARY:
        left, right = (evaluate(part, world).amount for part in parts)
        if kind == "/":
            return Number(left / right)
        return Number({"+": left + right, "-": left - right, "*": left * right}[kind])
    if kind in COMPARISONS:
        left, right = (plain(evaluate(part, world)) for part in parts)
        return compare(kind, left, right)
    if kind == "between":
        first = plain(evaluate(parts[0], world))
        second = plain(evaluate(parts[1], world))
        return first <= second and second < plain(evaluate(parts[2], world))
    if kind in ("in", "not in"):
        return (plain(evaluate(parts[0], world)) in evaluate(parts[1], world)) == (kind == "in")
    if kind == "and":
        return all(evaluate(part, world) for part in parts)
    if kind == "or":
        return any(evaluate(part, world) for part in parts)
    if kind == "not":
        return not evaluate(parts[0], world)
    if kind == "negative":
        return Number(-evaluate(parts[0], world).amount)
    if kind == "if":
        return evaluate(parts[1] if evaluate(parts[0], world) else parts[2], world)
    if kind == "call":
        return call(parts[0], parts[1:], world)
    return aggregate(parts[0], parts[1], parts[2], world)


def compare(sign: str, left: Any, right: Any) -> bool:
    """One comparison."""
    if sign in ("==", "!="):
        return (left == right) == (sign == "==")
    below, above = left < right, left > right
    return {"<": below, ">": above, "<=": not above, ">=": not below}[sign]


def call(name: str, arguments: list[Tree], world: World) -> Any:
    """The value of a function or special form."""
    if name in ("present", "missing", "blank", "default"):
        try:
            found = there(arguments[0], world)
        except MissingError:
            found = None
        if name == "default":
            return evaluate(arguments[1], world) if found is None else found
        if name == "blank":
            return found is None or not found.split()
        return (found is not None) == (name == "present")
    if name == "how_many":
        present = 0
        for argument in arguments:
            try:
                there(argument, world)
                present += 1
            except MissingError:
                continue
        return Number(Fraction(present))
    if name == "half_if_positive":
        # computed apart from the rest, so nothing outside vouches for its argument
        amount = there(arguments[0], world).amount
        if amount <= 0:
            raise MissingError
        return Number(amount / 2)
    values = [evaluate(argument, world) for argument in arguments]
    first, second = values[0], values[1] if len(values) > 1 else None
    if name == "abs":
        return Number(abs(first.amount))
    if name in ("smaller", "larger"):
        return Number((min if name == "smaller" else max)(first.amount, second.amount))
    if name == "decimals":
        return Number(Fraction(first.decimals))
    if name == "round_half_up":
        return Number(half_up(first.amount, int(second.amount)))
    if name == "agrees":
        return first.amount == second.amount or half_up(first.amount, second.decimals) == second.amount
    if name == "length":
        return Number(Fraction(len(first)))
    if name == "contains":
        return first.find(second) >= 0
    if name == "contains_any":
        return any(first.find(word) >= 0 for word in second)
    if name == "starts_with":
        return any(first[: len(word)] == word for word in second)
    if name == "ends_with":
        return any(first[len(first) - len(word) :] == word for word in second if len(word) <= len(first))
    if name == "squeeze":
        return "".join(character for character in first if not character.isspace())
    assert name == "is_one_of"
    return first in list(second)


def aggregate(name: str, element: Tree, conditions: list[Tree], world: World) -> Any:
    """One pass over the rows. Division by zero makes it missing, and so does a missing value in a row that counts.

    Only `any` and `all` can be decided by one row whatever other rows lack.
    """
    condition = conditions[0] if len(conditions) == 1 else ("and", *conditions)
    kept: list[Any] = []
    unknown = False
    for row in world.rows:
        inner = World(world.names | {f"x.{key}": item for key, item in row.items()}, world.rows)
        try:
            if conditions and not value(condition, inner):
                continue
            certain = vouched(condition, True) if conditions else frozenset()
            if name == "count":
                kept.append(None)
                continue
            for part in early(element):
                try:
                    there(part, inner)
                except MissingError:
                    continue
            if any(atom_value(text, inner, element) is None for text in required(element, certain)):
                raise MissingError
            kept.append(plain(evaluate(element, inner)))
        except MissingError:
            unknown = True
            if name not in ("any", "all"):
                raise
            continue
        except ZeroDivisionError:
            raise MissingError from None
        if name in ("any", "all") and kept[-1] == (name == "any"):
            return name == "any"
    if unknown:
        raise MissingError
    if name in ("any", "all"):
        return name == "all"
    if name == "count":
        return Number(Fraction(len(kept)))
    if name == "sum":
        return Number(sum(kept, Fraction(0)))
    if not kept:
        raise MissingError
    if name == "mean":
        return Number(sum(kept, Fraction(0)) / len(kept))
    return Number(max(kept) if name == "highest" else min(kept))
