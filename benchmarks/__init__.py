"""Timing bars, as ratios within one run; these are measured, never asserted. Run with `make bench`."""
