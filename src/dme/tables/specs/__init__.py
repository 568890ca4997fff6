"""What each table holds, one module for each family of tables."""
