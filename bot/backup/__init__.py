"""A backup in one file, taken while everything runs, and its way back."""
