"""A school's weekly schedule: what it must hold, how it is found, and how it is checked."""
