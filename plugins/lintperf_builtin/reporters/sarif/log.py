"""The log of a run, piece by piece: the rules first, then result by result, then the files and what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import sarif_om as om  # type: ignore[import-untyped]

from lintperf.document.exact import dumps
from lintperf.findings.places import in_order
from lintperf.model import Finding, Suppression
from lintperf.results import DocumentResult, FileResult, Results, Totals, View
from lintperf_builtin.reporters.sarif.context import Excerpts
from lintperf_builtin.reporters.sarif.files import artifact, base_ids, provenance, root_of_run
from lintperf_builtin.reporters.sarif.results import File, Opened, notification_of, result_of
from lintperf_builtin.reporters.sarif.rules import LANGUAGES, driver, taxonomy, translations
from lintperf_builtin.reporters.sarif.serialise import text_of

__all__ = ["write"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# what lines are counted by, here and in editors
LINE_BREAKS = ["\r\n", "\n", "\r"]


def _results(
    file: FileResult, opened: File, codes: Mapping[str, int], view: View, title: Callable[[str, str], str]
) -> Iterator[str]:
    source, excerpts = None, None
    for document in file.documents:
        if not document.findings and not document.suppressed:
            continue
        # the documents of a file share its text, and an array may hold thousands of them
        if document.source is not source:
            source = document.source
            excerpts = Excerpts(source) if source is not None else None
        given = Opened(opened, document, view, partial(title, document.type or ""), excerpts)
        for finding, suppression in _all(document):
            yield text_of(result_of(finding, given, codes[finding.code], suppression))


def _all(document: DocumentResult) -> Iterator[tuple[Finding, Suppression | None]]:
    """Findings, reported or not, in order: so that a suppression leaves the fingerprints of others alone."""
    reasons = {id(finding): suppression for finding, suppression in document.suppressed}
    findings = document.findings
    if reasons:
        findings = in_order([*findings, *(finding for finding, _ in document.suppressed)])
    for finding in findings:
        yield finding, reasons.get(id(finding))


def _compared(totals: Totals) -> dict[str, Any]:
    """What the run was held against, and how many findings by code that gave."""
    compared: dict[str, Any] = {}
    if totals.baseline is not None:
        found = totals.baseline
        compared["baseline"] = {"new": found.new, "unchanged": found.unchanged, "absent": found.absent}
    if totals.since is not None:
        compared["since"] = totals.since.revision
    return compared


def write(results: Results, view: View) -> Iterator[str]:
    """A log of one run.

    Only the list of files is held until the end. The same input gives the same bytes: no clock, no machine's paths
    unless the user named a file outside of the root.
    """
    rules = [rule for _, rule in sorted(view.rules.items()) if rule.status != "removed"]
    codes = {rule.code: index for index, rule in enumerate(rules)}
    root = root_of_run()
    run = om.Run(
        tool=om.Tool(driver=driver(rules, view)),
        automation_details=om.RunAutomationDetails(id=f"lintperf/{view.ruleset_name}/"),
        language=LANGUAGES[view.lang],
        column_kind="unicodeCodePoints",
        newline_sequences=LINE_BREAKS,
        original_uri_base_ids=base_ids(root, view.lang),
        taxonomies=[taxonomy(view)],
        translations=translations(rules, view),
        version_control_provenance=provenance(root),
        properties={"ruleset": view.ruleset_name, "rulesetHash": view.ruleset_hash},
    )
    yield f'{{"$schema": {dumps(SCHEMA)}, "version": "2.1.0", "runs": [\n{text_of(run)[:-1]}, "results": ['
    artifacts: list[str] = []
    locations: dict[str, om.ArtifactLocation] = {}
    notifications: list[om.Notification] = []
    title = cache(view.titles)
    first = True
    for file in results.files:
        if file.skipped and not file.documents:
            continue
        if file.path not in locations:
            uri, base = root.uri(file.path)
            locations[file.path] = om.ArtifactLocation(uri=uri, uri_base_id=base, index=len(artifacts))
            artifacts.append(text_of(artifact(file.path, file.size, file.sha256, root)))
        opened = File(file.path, file.size, locations[file.path], locations)
        for text in _results(file, opened, codes, view, title):
            yield f"{'' if first else ','}\n{text}"
            first = False
        notifications += [notification_of(each, opened, codes, view.lang) for each in file.notifications]
    invocation = om.Invocation(
        execution_successful=not notifications,
        tool_execution_notifications=notifications or None,
        properties=_compared(results.totals) or None,
    )
    listed = ",\n".join(artifacts)
    yield f'\n], "artifacts": [\n{listed}\n], "invocations": [{text_of(invocation)}]}}\n]}}\n'
