"""Write `docs/transcript.md`: what a new user of the pre-commit hooks sees, from an empty repository to a commit.

python docs/make_transcript.py           writes the page
python docs/make_transcript.py --check   ends with 1 where the page says something else than what happens now

The hooks are installed by pre-commit from this checkout, so a package index is needed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "transcript.md"
TAKEN = (
    "lintperf",
    "plugins",
    "schemas",
    "rulesets",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)

CONFIG = """\
repos:
  - repo: ../lintperf
    rev: v0.1.0
    hooks:
      - id: lintperf
"""
BAD = """\
# 2024 年自评，7 月 20 日定稿
type: self-evaluation
heading: {project: 绿道养护, unit: 某区园林所, department: 某区城市管理局, year: 2024}
funds:
  currency_unit: 元
  rows:
    - {source: total, label: 年度资金总额, annual: 860000.00, executed: 817000.00, weight: 10, rate: 98.00%, score: 9.80}
goals:
  expected: 养护绿道20公里，让居民有处散步
  achieved: 全年养护绿道21公里，居民反映良好
indicators:
  - {level1: 产出指标, level2: 数量指标, name: 养护绿道里程, target: ≥20公里, actual: 21公里, weight: 25, score: 25}
  - {level1: 产出指标, level2: 质量指标, name: 苗木成活率, target: ≥95%, actual: 96%, weight: 25, score: 25}
  - {level1: 效益指标, level2: 社会效益指标, name: 日均散步居民, target: ≥300人次, actual: 310人次, weight: 30, score: 30}
  - {level1: 满意度指标, level2: 服务对象满意度指标, name: 居民满意度, target: ≥90%, actual: 92%, weight: 10, score: 10}
total: {weight: 100, score: 99.80}  # 合计
"""
GOOD = """\
type: self-evaluation
heading: {project: 社区图书角, unit: 某街道办事处, department: 某区文化和旅游局, year: 2024}
funds:
  currency_unit: 元
  rows:
    - {source: total, label: 年度资金总额, annual: 50000.00, executed: 50000.00, weight: 10, rate: 100.00%, score: 10}
goals:
  expected: 开办图书角8处，方便居民就近借阅
  achieved: 全年开办图书角9处，借阅逐月增加
indicators:
  - {level1: 产出指标, level2: 数量指标, name: 开办图书角, target: ≥8处, actual: 9处, weight: 50, score: 50}
  - {level1: 效益指标, level2: 社会效益指标, name: 全年借阅, target: ≥3000册次, actual: 3120册次, weight: 30, score: 30}
  - {level1: 满意度指标, level2: 服务对象满意度指标, name: 读者满意度, target: ≥90%, actual: 95%, weight: 10, score: 10}
total: {weight: 100, score: 100}
"""
HEAD = """\
# 从安装钩子到提交：一次实录 From the hook to the commit

<!-- written by docs/make_transcript.py, which CI runs -->

一个存放自评表的 Git 仓库，一份表有误，一份无误。装上 pre-commit 钩子以后，有误的表提交不了；改正以后才能提交。以下各步都是实际运行的输出。
A repository of forms, one good and one bad. With the hook a bad form cannot be committed until it is corrected. Every step below was run.
"""


class Session:
    """A folder in which commands are run, and the page that grows by them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts = [HEAD]
        identity = {
            f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "LINTPERF_", "PRE_COMMIT"))
        }
        self.environment = {
            **kept, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8", "LINTPERF_LANG": "zh",
            "PRE_COMMIT_HOME": str(folder / "pre-commit-home"), "PRE_COMMIT_COLOR": "never", "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": "core.quotePath", "GIT_CONFIG_VALUE_0": "false",
            "GIT_CONFIG_KEY_1": "init.defaultBranch", "GIT_CONFIG_VALUE_1": "main",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }  # fmt: skip

    def run(self, command: str, within: str = "forms", quiet: bool = False) -> int:
        """Run a command and put it and what it prints on the page."""
        done = subprocess.run(
            command, shell=True, cwd=self.folder / within, env=self.environment, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if quiet:
            if done.returncode:
                raise SystemExit(f"{command}: {done.stdout}")
            return 0
        told = done.stdout.replace(str(self.folder), "…")
        told = re.sub(r"(?m)^\[INFO\] .*\n", "", told)
        told = re.sub(r"\[main (\(root-commit\) )?[0-9a-f]{7}\]", r"[main \1…]", told)
        told = re.sub(r"(?m)^index [0-9a-f]+\.\.[0-9a-f]+", "index …", told)
        told = re.sub(r"(?m)[ \t]+$", "", told)
        self.parts.append(f"```console\n$ {command}\n{told.rstrip()}\n```\n")
        return done.returncode

    def say(self, text: str) -> None:
        """A sentence of the page."""
        self.parts.append(text + "\n")

    def write(self, name: str, text: str) -> None:
        """A file that the page shows."""
        path = self.folder / "forms" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.parts.append(f"`{name}`\n\n```yaml\n{text}```\n")


def expect(code: int, wanted: int, what: str) -> None:
    """The page would be wrong otherwise."""
    if code != wanted:
        raise SystemExit(f"{what}: exit code {code}, expected {wanted}")


def transcript(folder: Path) -> str:
    """The page."""
    session = Session(folder)
    hooks = folder / "lintperf"
    hooks.mkdir()
    for name in TAKEN:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, hooks / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(ROOT / name, hooks / name)
    session.run("git init -q && git add -A && git commit -q -m lintperf && git tag v0.1.0", "lintperf", quiet=True)
    (folder / "forms").mkdir()
    session.say("## 一、仓库里有什么 What is in the repository")
    session.write("2024/绿道养护.yaml", BAD)
    session.write("2024/社区图书角.yaml", GOOD)
    session.write(".pre-commit-config.yaml", CONFIG)
    session.say(
        "`../lintperf` 处换成本工具的仓库地址。 Put the address of lintperf's repository in the place of `../lintperf`.\n\n## 二、装钩子，提交 Install the hook and commit"
    )
    session.run("git init -q", quiet=True)
    expect(session.run("pre-commit install"), 0, "install")
    session.run("git add -A", quiet=True)
    expect(session.run("git commit -m 2024年自评表"), 1, "the first commit")
    session.say(
        "提交被拒绝，每条都写明哪一行、发现什么、应为什么、相差多少。 Refused, with the place, what was found and what was expected.\n\n## 三、看怎样改，再改 See the correction, then make it"
    )
    session.run("lintperf check 2024 --diff")
    expect(session.run("lintperf check 2024 --fix"), 0, "the fix")
    session.say(
        "只有算得出的值改了；注释、次序和书写方式都保持原样。 Only the values changed; comments, order and style are as they were.\n\n## 四、再提交 Commit again"
    )
    session.run("git add -A", quiet=True)
    expect(session.run("git commit -m 2024年自评表"), 0, "the second commit")
    session.say(
        "想让钩子自己改正，再加 `- id: lintperf-fix`。 To let the hook correct by itself, add `- id: lintperf-fix`."
    )
    return "\n".join(session.parts)


def main() -> None:
    """Write the page, or compare it."""
    with tempfile.TemporaryDirectory() as folder:
        text = transcript(Path(folder).resolve())
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") != text:
            sys.stdout.write(text)
            raise SystemExit(f"{PAGE.name} says something else; run python docs/make_transcript.py")
        return
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
