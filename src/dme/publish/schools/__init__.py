"""A page for each school of a study's district, and the list of them."""
