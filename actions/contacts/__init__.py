"""Telephone numbers that citizens have proved to be theirs, so that we can write to their account."""
