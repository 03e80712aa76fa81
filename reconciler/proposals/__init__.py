"""Remedies in, branch names, commit messages and life-cycle decisions out.

Enters: a finding with a proven remedy. Leaves: what a pull request is called. Git and forges are adapters.
"""
