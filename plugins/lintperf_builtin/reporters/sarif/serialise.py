"""sarif-om objects as JSON text, in the schema's order, without what is absent or goes without saying."""

from __future__ import annotations

from typing import Any

import attr
import sarif_om as om  # type: ignore[import-untyped]

from lintperf.document.exact import dumps

__all__ = ["text_of"]

# how sarif-om misspells the schema
MISSPELT = {(om.Suppression, "state"): "status"}
# values that are said although they are the schema's default: a result without a level has that of its rule
ALWAYS_SAID = {"level"}

# of a class: attribute → `"property": `, the value that goes without saying
_properties_of: dict[type[Any], dict[str, tuple[str, Any]]] = {}


def _properties(class_: type[Any]) -> dict[str, tuple[str, Any]]:
    properties = _properties_of[class_] = {}
    for each in attr.fields(class_):
        name = MISSPELT.get((class_, each.name), each.metadata["schema_property_name"])
        default = each.default.factory() if isinstance(each.default, attr.Factory) else each.default  # type: ignore[arg-type]
        properties[each.name] = (f"{dumps(name)}: ", None if name in ALWAYS_SAID else default)
    return properties


def text_of(item: Any) -> str:
    """A sarif-om object as JSON text."""
    class_ = type(item)
    properties = _properties_of.get(class_) or _properties(class_)
    written = []
    # most of the forty attributes of a result are absent: they are passed over without a look at the schema
    for name, value in item.__dict__.items():
        if value is not None:
            key, default = properties[name]
            if value != default:
                written.append(key + _value(value))
    return "{" + ", ".join(written) + "}"


def _value(value: Any) -> str:
    """As `dumps`, which asks for one type after the other; here the most frequent ones are known at once."""
    class_ = type(value)
    if class_ in _properties_of:
        return text_of(value)
    if class_ is list:
        return "[" + ", ".join([_value(each) for each in value]) + "]"
    return dumps(value, text_of)
