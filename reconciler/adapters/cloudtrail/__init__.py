"""Feeds of CloudTrail records: files, LookupEvents, buckets and queues.

Enters: paths, regions, a bucket or a queue. Leaves: records without their envelope, each with where it was found, and
what could not be read, with the reason. What a record means is the events room's business.
"""
