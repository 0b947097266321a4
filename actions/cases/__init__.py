"""A case: its kinds, its life, and what people may do with it."""
