"""The demonstration: its people, and the acceptance conversation that plays without a person."""
