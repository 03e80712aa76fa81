"""A run's report in, text out: the alert text, JSON of the contract, Markdown, SARIF.

Enters: RunReport and findings. Leaves: strings, with secrets masked and hostile text made harmless. Nothing is printed
or written here. The only room that knows jinja2.
"""

from reconciler.report.jsonform import dump_json, finding_json, run_json
from reconciler.report.markdown import pull_request_body, pull_request_title, run_markdown
from reconciler.report.mask import SENSITIVE, hidden_values, mask_diff, mask_text, masked_values, may_be_shown
from reconciler.report.sarif import run_sarif
from reconciler.report.schema import report_schema
from reconciler.report.text import finding_text, run_summary, run_text
from reconciler.report.words import sorted_findings, visible, visible_lines

__all__ = [
    "SENSITIVE",
    "dump_json",
    "finding_json",
    "finding_text",
    "hidden_values",
    "mask_diff",
    "mask_text",
    "masked_values",
    "may_be_shown",
    "pull_request_body",
    "pull_request_title",
    "report_schema",
    "run_json",
    "run_markdown",
    "run_sarif",
    "run_summary",
    "run_text",
    "sorted_findings",
    "visible",
    "visible_lines",
]
