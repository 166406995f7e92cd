"""Documents as values, their renderers, and the publication pack."""
