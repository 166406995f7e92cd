"""The warehouse: one database, SQLite or PostgreSQL."""
