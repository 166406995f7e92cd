"""The sample input: a plainly fictitious county, the same bytes every time (`write.write_sample`).

Does not belong here: anything that the pipeline itself needs.
"""
