"""Which raw files make which tables, one module for each family of tables."""
