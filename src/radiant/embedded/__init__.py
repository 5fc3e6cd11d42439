"""The PostgreSQL that comes along: one server per data folder, shared by all processes that open it."""
