"""Policy, measures and law as dated data with their sources, and the strict loader of them."""
