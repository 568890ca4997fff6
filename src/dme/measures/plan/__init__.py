"""A plan's dated actions: how many there are, whom they move, what they release."""
