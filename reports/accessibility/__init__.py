"""Whether spreadsheets can be read by everybody, and whether they hold more than they show."""
