"""The returns of a quarter: workbooks for those who owe one, and how they stand."""
