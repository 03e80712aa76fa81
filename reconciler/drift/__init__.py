"""Plan JSON in, drift out.

Enters: `terraform show -json` of refresh-only and full plans. Leaves: drifts with their attribute changes, noise
dropped, dispositions and events joined in. The only room that knows deepdiff. Running terraform is the adapters' work.
"""
