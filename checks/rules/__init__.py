"""Rules that Great Expectations cannot say: pure functions from frames to an outcome, one module a subject.

Does not belong here: Great Expectations, Dagster, files and databases; where a fault stands in a file
(`checks.evidence`).
"""
