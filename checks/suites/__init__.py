"""Great Expectations suites as data, one file a table; a rule with several expectations asks for all of them.

Does not belong here: severity and wording, which the catalogue of rules gives (`kcc_etl.schema.rules`).
"""
