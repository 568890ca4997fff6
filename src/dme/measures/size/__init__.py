"""How many students there are and will be, how large schools are, how full buildings are."""
