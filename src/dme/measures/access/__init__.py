"""Which schools a child can go to: rules of choice, distances, growth of those schools."""
