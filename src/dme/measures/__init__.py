"""What the study measures: pure functions, tables in, tables and estimates out."""
