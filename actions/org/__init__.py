"""Units, codes, and finding the unit that a person means."""
