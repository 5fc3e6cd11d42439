"""Everything that asks or changes the PostgreSQL database. Nothing elsewhere has SQL."""
