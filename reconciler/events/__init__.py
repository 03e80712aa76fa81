"""Records in, change events out.

Enters: a raw CloudTrail record. Leaves: a ChangeEvent, or Skipped / Broken with the reason. The catalogue of API
calls is data. No file, network or clock here: sources are adapters.
"""
