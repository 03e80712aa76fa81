"""Remedies in, branch names, commit messages and life-cycle decisions out.

Enters: a finding with a proven remedy. Leaves: what a pull request is called. Git and forges are adapters.
"""

from reconciler.proposals.naming import FINGERPRINT_TRAILER, branch_name, commit_message

__all__ = ["FINGERPRINT_TRAILER", "branch_name", "commit_message"]
