"""The page of all districts, where ``dme atlas`` has evaluated them."""
