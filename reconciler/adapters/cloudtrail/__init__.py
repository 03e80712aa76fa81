"""Feeds of CloudTrail records: files and LookupEvents.

Enters: paths or regions. Leaves: records without their envelope, each with where it was found, and what could not be
read, with the reason. What a record means is the events room's business.
"""
