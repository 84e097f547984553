"""DuckDB and disk: the log of events and the tables made of it. No network."""
