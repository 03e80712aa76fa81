"""Drift in, file edits out; two plans in, proof out.

Enters: a drift, the workspace's HCL, plans of the untouched and the edited tree. Leaves: edits in memory, what the
plans prove, and what the code says where a plan does not tell. Only `remedy.hcl` knows tree-sitter. Nothing here writes
a file or runs terraform.
"""
