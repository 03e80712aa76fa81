"""An embedded AWS for demo, tests and trying things out: moto on loopback behind a CloudTrail recorder.

Enters: API calls. Leaves: answers as AWS gives them, and CloudTrail records of the mutating ones. Needs the extra
`[sandbox]`. Nothing outside cli and tests imports this package.
"""
