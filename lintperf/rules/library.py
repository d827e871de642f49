"""The packs that a run can choose from, loaded when they are first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lintperf.model import Text
from lintperf.names import near_name
from lintperf.rules.cache import signature
from lintperf.rules.rule import RuleProblem, UsageProblem

if TYPE_CHECKING:
    from lintperf.rules.choice import Choice
    from lintperf.rules.packs import Pack, Ruleset

__all__ = ["PackLibrary"]


class PackLibrary:
    """Packs by name: those the plugins bring, and those a user names by their folder."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.folders = folders
        self._packs: dict[str, Pack] = {}

    def ruleset(self, chosen: Sequence[str], document_type: str | None, today: str | None) -> Ruleset:
        """The chosen packs merged; without a choice, those that are default for the type, for None for any type.

        Raises UsageProblem for an unknown pack, RuleProblem for one that cannot be used.
        """
        from lintperf.rules.packs import merge

        names = [self._load(name) for name in chosen] or self._defaults(document_type)
        return merge(names, self._packs, today)

    def pack(self, name: str) -> Pack:
        """A pack by its name or folder, loaded with all it extends. Raises UsageProblem, RuleProblem."""
        return self._packs[self._load(name)]

    def read_again(self, folder: Path) -> None:
        """Forget the pack in a folder; it is read when it is next asked for."""
        where = folder.resolve()
        self._packs = {name: pack for name, pack in self._packs.items() if pack.folder.resolve() != where}

    def rule_names(self, chosen: Sequence[str]) -> frozenset[str]:
        """The codes and names of all rules of all known packs and of the chosen ones, whether in force or not."""
        for name in (*self.folders, *chosen):
            self._load(name)
        return frozenset(
            name for pack in self._packs.values() for rule in pack.rules for name in (rule.code, rule.name)
        )

    def choices(self, document_type: str | None, today: str | None) -> tuple[Choice, ...]:
        """The packs that a document of this type can ask for by its marks, by name; see `choice.chosen_pack`.

        Those not in force on `today` are left out. Raises RuleProblem for a pack that brings a rule of its own under
        a code of the default packs: a report knows one rule for each code.
        """
        from lintperf.rules.choice import Choice
        from lintperf.rules.packs import in_force, merge

        if document_type is None:
            return ()
        defaults = merge(self._defaults(document_type), self._packs, today)
        usual = {rule.code: rule.path for rule in defaults.rules}
        found = []
        for name in sorted(self.folders):
            pack = self._packs[name]
            marks = pack.chosen_when.get(document_type)
            if not marks or not in_force(pack, today):
                continue
            for rule in merge([name], self._packs, today).rules:
                if usual.setdefault(rule.code, rule.path) != rule.path:
                    raise RuleProblem(rule.path, Text(
                        f"由文档选用的规则包不能另写 {rule.code}；请改参数或级别，或用别的代码",
                        f"a pack chosen by the document cannot replace {rule.code}; change parameters or severity,"
                        " or use another code",
                    ))  # fmt: skip
            found.append(Choice(name, marks))
        return tuple(found)

    def signature(self, chosen: Sequence[str]) -> str:
        """The state of all files that `ruleset` would read."""
        folders = list(self.folders.values())
        for name in chosen:
            if name not in self.folders:
                # a pack that was named by its folder goes by its name afterwards
                folder = self._packs[name].folder if name in self._packs else self._folder(name)
                folders += [path.parent for path in sorted(folder.parent.glob("*/ruleset.yaml"))]
        return signature(folders)

    def _folder(self, name: str) -> Path:
        """The folder of a pack that is no known name: a folder, or the `ruleset.yaml` in it."""
        path = Path(name)
        folder = path.parent if path.name == "ruleset.yaml" else path
        if (folder / "ruleset.yaml").is_file():
            return folder.resolve()
        near = near_name(name, self.folders)
        names = list(self.folders)
        raise UsageProblem(
            Text(
                f"没有规则包 {name}"
                + (f"，是否为 {near}？" if near else f"；可用：{'、'.join(names)}，或写规则包文件夹"),
                f"unknown ruleset {name}"
                + (f", did you mean {near}?" if near else f"; there are {', '.join(names)}, or give a pack's folder"),
            )
        )

    def _load(self, name: str) -> str:
        """Load a pack and all it extends; returns its name. What it extends is a known pack or lies beside it."""
        from lintperf.rules.packs import load_pack

        if name in self._packs:
            return self._packs[name].name
        folder = self.folders.get(name) or self._folder(name)
        pack = load_pack(folder)
        self._packs[name] = self._packs[pack.name] = pack
        for parent in pack.extends:
            beside = folder.parent / parent
            if parent in self.folders:
                self._load(parent)
            elif parent not in self._packs and (beside / "ruleset.yaml").is_file():
                self._load(str(beside))
            elif parent not in self._packs:
                near = near_name(parent, self.folders)
                raise RuleProblem(str(folder / "ruleset.yaml"), Text(
                    f"没有规则包 {parent}" + (f"，是否为 {near}？" if near else f"，可用：{'、'.join(self.folders)}"),
                    f"unknown ruleset {parent}"
                    + (f", did you mean {near}?" if near else f", there are {', '.join(self.folders)}"),
                ))  # fmt: skip
        return pack.name

    def _defaults(self, document_type: str | None) -> list[str]:
        for name in self.folders:
            self._load(name)
        packs = [self._packs[name] for name in self.folders]
        if document_type is None:
            return sorted(pack.name for pack in packs if pack.default_for)
        return sorted(pack.name for pack in packs if document_type in pack.default_for)
