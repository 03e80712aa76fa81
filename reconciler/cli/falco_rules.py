"""`reconciler falco-rules`: the rules with which Falco tells of every call that may be drift."""

from __future__ import annotations

from reconciler.cli.options import OutputOption


def falco_rules(output: OutputOption = None) -> None:
    """Print Falco's rules for every call that may be drift.

    For Falco with the plugins cloudtrail and json. What Falco then writes or posts is read by the source falco. Make
    the file anew after an upgrade: the rules are those of the calls that this version knows.

    Example: reconciler falco-rules --output /etc/falco/rules.d/reconciler.yaml
    """
    from reconciler.cli.console import Console
    from reconciler.events import APPLICATION_AUTO_SCALING, CATALOGUE
    from reconciler.report.falco import WatchedCall
    from reconciler.report.falco import falco_rules as rules

    shared_source, service = APPLICATION_AUTO_SCALING
    calls = (
        WatchedCall(
            source=call.source,
            name=call.name,
            description=call.description,
            severity=call.severity,
            service=service if call.source == shared_source else None,
        )
        for call in CATALOGUE.values()
        if call.classification == "change"
    )
    Console(output=output).result(rules(calls))
