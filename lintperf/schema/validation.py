"""Documents against their JSON Schema: violations as remarks, and the rest of the document still usable.

jsonschema-rs answers whether a document is valid, in a fraction of a millisecond; only a document that is not goes
to jsonschema, the reference for what is wrong and where. A property test holds the two in agreement.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from types import ModuleType
from typing import Any

from lintperf.model import Remark, Text
from lintperf.names import near_name

__all__ = ["Validator", "violations"]

MOST_VIOLATIONS = 200
_TYPES = {
    "string": Text("文字", "text"),
    "number": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "boolean": Text("true 或 false", "true or false"),
    "object": Text("对象 {…}", "an object {…}"),
    "array": Text("数组 […]", "an array […]"),
    "null": Text("null", "null"),
}


class Validator:
    """One schema, ready to check many documents."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._fast: Callable[[Any], bool] | None = None

    def is_valid(self, data: Any) -> bool:
        """Whether `data` (numbers as Decimal) fits the schema."""
        if self._fast is None:
            self._fast = _jsonschema_rs().validator_for(dict(self.schema)).is_valid
        return self._fast(data)

    def check(self, data: Any) -> tuple[Any, list[Remark]]:
        """The data with all wrong values set aside (None; one without fields in an array of records), and remarks."""
        if self.is_valid(data):
            return data, []
        remarks: list[Remark] = []
        kept = deepcopy(data)
        for pointer, remark in violations(self.schema, data):
            if len(remarks) < MOST_VIOLATIONS:
                remarks.append(remark)
            if pointer == "":
                return None, remarks
            if pointer is not None:
                _set_aside(kept, pointer.split("/")[1:], self.schema)
        return kept, remarks


def _jsonschema_rs() -> Any:
    """The module jsonschema_rs, without what it imports to know when it was built.

    Its extension asks `email.utils` to read the date of its build and nothing else; with the sockets, random numbers
    and e-mail headers that come along, this is a tenth of a run over one form. So it is handed a module with that one
    function that leaves the date a text. Not where other threads run, which could meet it.
    """
    name = "email.utils"
    if name not in sys.modules and threading.active_count() == 1:
        stand_in = ModuleType(name)
        stand_in.__dict__["parsedate_to_datetime"] = str
        sys.modules[name] = stand_in
        try:
            import jsonschema_rs
        finally:
            del sys.modules[name]
    else:
        import jsonschema_rs
    return jsonschema_rs


def _set_aside(data: Any, path: list[str], schema: Mapping[str, Any]) -> None:
    """Put None, or an empty record in an array of records, in the place of a wrong value; what is gone stays so."""
    *parents, last = (token.replace("~1", "/").replace("~0", "~") for token in path)
    declared: Any = schema
    for token in parents:
        data = data[int(token)] if isinstance(data, list) else data.get(token) if isinstance(data, dict) else None
        declared = _below(declared, token, schema)
    if isinstance(data, list):
        item = _below(declared, last, schema)
        data[int(last)] = {} if "properties" in item else None
    elif isinstance(data, dict):
        data[last] = None


def _below(declared: Mapping[str, Any], token: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a schema declares for a member or an item; empty where it says nothing."""
    below: Any = declared.get("properties", {}).get(token, declared.get("items", {}))
    while "$ref" in below:
        target: Any = schema
        for part in below["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        below = target
    return below  # type: ignore[no-any-return]


def violations(schema: Mapping[str, Any], data: Any) -> Iterator[tuple[str | None, Remark]]:
    """All violations in the order of the document: the pointer to set aside (None: nothing), and the remark."""
    import jsonschema
    from jsonschema.validators import extend

    base = jsonschema.Draft202012Validator
    checker = base.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: isinstance(value, Decimal | int) and not isinstance(value, bool),
            "integer": lambda _, value: (
                (isinstance(value, int) and not isinstance(value, bool))
                or (isinstance(value, Decimal) and value == value.to_integral_value())
            ),
        }
    )
    validator = extend(base, type_checker=checker)(_exact(schema))  # type: ignore[no-untyped-call]
    errors = sorted(validator.iter_errors(data), key=lambda error: [str(part) for part in error.absolute_path])
    for error in errors:
        yield from _remarks(error)


def _exact(schema: Any) -> Any:
    """The schema with its numbers as Decimal: a float beside a Decimal makes jsonschema wrong or crash."""
    return json.loads(json.dumps(schema), parse_float=Decimal)


def _remarks(error: Any) -> Iterator[tuple[str | None, Remark]]:
    path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path)
    keyword, wanted = error.validator, error.validator_value
    found = error.instance
    if keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in found:
            if name not in known:
                near = near_name(name, known)
                expected = Text(near, near) if near else _one_of(known)
                pointer = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
                yield None, _remark(pointer, Text("未知的字段", "unknown field"), name, expected)
        return
    if keyword == "required":
        missing = [name for name in wanted if name not in found]
        if missing and f"'{missing[0]}'" not in error.message:
            missing = [name for name in missing if f"'{name}'" in error.message]
        for name in missing[:1]:
            declared = error.schema.get("properties", {}).get(name, {}).get("title", name)
            zh, _, en = declared.partition(" | ")
            yield None, _remark(path, Text(f"缺少字段 {name}", f"field {name} is missing"), None, Text(zh, en or zh))
        return
    problem, expected = _explain(keyword, wanted, found)
    yield path, _remark(path, problem, found, expected)


def _one_of(names: Any) -> Text:
    listed = [str(name) for name in names if name is not None]
    if len(listed) == 1:
        return Text(listed[0], listed[0])
    return Text("、".join(listed) + " 之一", "one of " + ", ".join(listed))


def _explain(keyword: str, wanted: Any, found: Any) -> tuple[Text, Text]:
    if keyword == "type":
        names = [wanted] if isinstance(wanted, str) else wanted
        shown = [_TYPES[name] for name in names if name != "null" or len(names) == 1]
        expected = Text("或".join(text.zh for text in shown), " or ".join(text.en for text in shown))
        return Text("值的类型不对", "the value has the wrong type"), expected
    if keyword in ("enum", "const"):
        options = [wanted] if keyword == "const" else wanted
        near = near_name(found, [o for o in options if isinstance(o, str)]) if isinstance(found, str) else None
        expected = _one_of(options)
        if near:
            expected = Text(f"{expected.zh}；是否为 {near}？", f"{expected.en}; did you mean {near}?")
        return Text("值不在允许的范围内", "the value is not one of those allowed"), expected
    limits = {
        "minimum": ("数字过小", "the number is too small", "≥ "),
        "maximum": ("数字过大", "the number is too large", "≤ "),
        "minLength": ("文字过短", "the text is too short", "≥ "),
        "maxLength": ("文字过长", "the text is too long", "≤ "),
        "minItems": ("项数过少", "too few items", "≥ "),
        "maxItems": ("项数过多", "too many items", "≤ "),
    }
    if keyword in limits:
        zh, en, sign = limits[keyword]
        return Text(zh, en), Text(f"{sign}{wanted}", f"{sign}{wanted}")
    if keyword == "pattern" and wanted == r"\S":
        return Text("只有空白", "the text is blank"), Text("写明内容", "some text")
    if keyword == "pattern":
        return Text("写法不对", "the value is written wrongly"), Text(f"形如 {wanted}", f"like {wanted}")
    return Text(f"不符合 {keyword}", f"breaks {keyword}"), Text(str(wanted), str(wanted))


def _remark(pointer: str, problem: Text, found: Any, expected: Text) -> Remark:
    shown: Any = found if isinstance(found, str | Decimal | bool) or found is None else type(found).__name__
    if isinstance(found, dict | list):
        shown = Text(
            "对象" if isinstance(found, dict) else "数组", "an object" if isinstance(found, dict) else "an array"
        )
    arguments = {"problem": problem, "found": shown, "expected": expected}
    return Remark("schema-violation", arguments, pointer)
