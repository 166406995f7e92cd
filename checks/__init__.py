"""Checks on tables: suites as data, pure rules, the one runner, the bridge to Dagster.

Does not belong here: rules on files and rows as they arrive (`kcc_etl.intake`, `kcc_etl.domain.core`).
"""
