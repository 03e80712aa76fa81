"""Falco's alerts about CloudTrail in, CloudTrail records out: from a file that grows, and posted over HTTP.

Enters: alerts as Falco writes and posts them, and as falcosidekick forwards them. Leaves: records like those of any
other feed, rebuilt from the alerts' fields. The rules that make Falco print those fields are written by
`reconciler/report/falco.py`.
"""
