"""HCL bytes in, HCL bytes out: parse to find, splice to edit.

Enters: a module's files as bytes. Leaves: byte ranges of blocks and expressions, and the bytes with one expression
replaced. Every other byte stays as its author wrote it. No knowledge of AWS or plans.
"""
