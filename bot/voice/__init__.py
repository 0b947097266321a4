"""Calls by a recorded voice, through a vendor's HTTP interface; off unless it is set up."""
