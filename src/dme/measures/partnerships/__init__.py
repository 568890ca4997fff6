"""Community partners on record, what they serve, and how far coders of comments agree."""
