"""Results to the systems that handed cases over."""
