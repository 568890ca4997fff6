"""A plan: its actions, whom they move, what they release and buy, and what came after."""
