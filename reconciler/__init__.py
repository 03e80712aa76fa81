"""Terraform drift reconciliation for Amazon ECS.

A CloudTrail record goes in; a confirmed, attributed finding and a pull request that Terraform has proven come out.
Rooms and who may import whom: CONTRIBUTING.md, enforced by tests/architecture.
"""

__version__ = "0.1.0"
