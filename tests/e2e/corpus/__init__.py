"""The corpus: situations as real stacks in the embedded AWS, with what is true about each of them.

A situation is a row of a table here. `test_corpus.py` applies a group's root modules once, lets every situation's
people act, runs `reconciler` once over the records, and asks each situation for its own findings.
"""
