"""How a number came about: what it was made of, whether it is made again, what moved it."""
