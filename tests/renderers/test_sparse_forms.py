"""Forms that hold next to nothing, or far too much, are printed as well."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import docx
import openpyxl
import pytest

from lintperf.extension import Source
from lintperf.pipeline import open_session, read_documents
from renderers.canonical import Form, expected, plain

FORMATS = (".docx", ".xlsx", ".html")
SESSION = open_session(use_cache=False)
BARE: Form = {"type": "self-evaluation", "heading": {}, "indicators": []}
ROW: Form = {"level1": "产出指标", "level2": "数量指标", "name": "古树株数", "target": "30株"}
NUMBERS = {"weight": Decimal("50"), "score": Decimal("49.5")}

SPARSE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a row of nothing": {"indicators": [{"name": None}]},
    "a row of a name": {"indicators": [{"name": "古树株数"}]},
    "funds without rows": {"funds": {"currency_unit": "万元"}},
    "funds without amounts": {"funds": {"rows": [{"source": "total"}, {"source": "detail", "label": "其中：市级"}]}},
    "funds of nothing": {"funds": {}},
    "goals of nothing": {"goals": {}},
    "a total of nothing": {"total": {}},
    "a grade without a free column": {
        "indicators": [{"name": "古树株数", **NUMBERS}], "total": {"grade": "优", **NUMBERS},
    },
    "tasks and management of nothing": {"tasks": [{"name": None}], "management": [{"aspect": None}]},
    "medium indicators of nothing": {"medium_indicators": [{"name": None}]},
    "payments": {
        "payments": {"rows": [{"label": "苗木款", "payee": "", "amount": Decimal("3.50")}], "total": Decimal(4)},
    },
    "forty other columns": {
        "indicators": [{**ROW, "others": [{"label": "备注", "text": str(at)} for at in range(40)]}],
    },
    "a hundred other fields": {"heading": {"others": [{"label": f"栏{at}", "text": ""} for at in range(100)]}},
    "labels of nothing": {"heading": {"others": [{"label": "", "text": ""}]}, "notes": ["", "："]},
    "every column at once": {
        "indicators": [
            {
                **ROW, **NUMBERS, "operator": "≥", "unit": "株", "actual": "30", "completion_status": "完成",
                "interim": "10", "expected_actual": "30", "likelihood": "确定能", "weight_share": "50%",
                "converted_score": Decimal(1), "criterion": "按比例", "explanation": "无", "merged": [],
            }
        ],
        "total": {
            **NUMBERS, "grade": "中",
            "misplaced": [{"column": name, "value": Decimal(1)} for name in ("一级指标", "完成值", "度量单位")],
        },
    },
    "a number of forty digits": {"indicators": [{**ROW, "weight": Decimal("9" * 40), "score": Decimal("1E-12")}]},
    "a long text": {"goals": {"expected": "。" * 40_000}, "notes": ["养护 " * 6000]},
}  # fmt: skip


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("case", SPARSE)
def test_it_is_printed_and_opens(case: str, suffix: str) -> None:
    rendered = SESSION.extensions.renderers["self-evaluation", suffix].write([{**BARE, **SPARSE[case]}])
    assert rendered.omissions == []
    content = io.BytesIO(rendered.content)
    if suffix == ".docx":
        assert docx.Document(content).tables
    elif suffix == ".xlsx":
        (sheet,) = openpyxl.load_workbook(content).worksheets
        assert max(len(str(cell.value)) for row in sheet.iter_rows() for cell in row) <= 32_767
    else:
        assert content.getvalue().endswith(b"</html>\n")


def read_again(form: Form, suffix: str) -> Any:
    content = SESSION.extensions.renderers["self-evaluation", suffix].write([form]).content
    (document,), crashes = read_documents(SESSION, Source(f"form{suffix}", content))
    assert (document.remarks, crashes) == ([], [])
    return plain(document.data)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_column_at_once_comes_back(suffix: str) -> None:
    form = {**BARE, **SPARSE["every column at once"], "heading": {"project": "古树保护"}}
    form["total"] = {**NUMBERS, "label": "总分", "grade": "中"}
    assert read_again(form, suffix) == expected(form)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_blank_cell_and_a_null_look_alike(suffix: str) -> None:
    """What a form cannot say: a column is there for all rows or for none."""
    form = {
        **BARE,
        "heading": {"project": "古树保护"},
        "indicators": [{**ROW, **NUMBERS, "actual": "30株"}, {**ROW, **NUMBERS, "name": "挂牌数", "actual": None}],
    }
    assert [row["actual"] for row in read_again(form, suffix)["indicators"]] == ["30株", ""]
