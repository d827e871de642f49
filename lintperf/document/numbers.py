"""Numbers from text: exact, as written, and within limits that keep later arithmetic cheap."""

from __future__ import annotations

from decimal import Clamped, Context, DecimalException, Inexact, InvalidOperation, Overflow, Rounded, Subnormal

from lintperf.model import Text

__all__ = ["NUMBER_REFUSED", "DecimalException", "exact_decimal"]

_DIGITS = 40
_EXPONENT = 40

NUMBER_REFUSED = Text(
    zh=f"数字过长或指数过大（最多 {_DIGITS} 位，指数绝对值不超过 {_EXPONENT}）",
    en=f"a number is too long or its exponent too large (at most {_DIGITS} digits, exponent up to {_EXPONENT})",
)

# A context does the check at C speed while it converts: whatever it would round or clamp raises instead.
_context = Context(
    prec=_DIGITS,
    Emin=-_EXPONENT,
    Emax=_EXPONENT,
    traps=[Clamped, Inexact, InvalidOperation, Overflow, Rounded, Subnormal],
)

# text → Decimal with the decimals as written; raises DecimalException beyond the limits
exact_decimal = _context.create_decimal
