"""An embedded AWS for demo, tests and trying things out: moto on loopback behind a CloudTrail recorder.

Enters: API calls. Leaves: answers as AWS gives them, and CloudTrail records of them (log files, LookupEvents, a queue).
Needs the extra `[sandbox]`; moto and boto3 are imported when a sandbox starts. Nothing outside cli and tests imports
this package.
"""

from reconciler.sandbox.clients import REGION, Clients
from reconciler.sandbox.embedded import Sandbox
from reconciler.sandbox.identities import ACCOUNT, IDENTITIES, Identity

__all__ = ["ACCOUNT", "IDENTITIES", "REGION", "Clients", "Identity", "Sandbox"]
