"""The database: its tables, its connection pool, its migrations."""
