"""A rating: a grade for a unit, a desk or an officer, given once per message."""
