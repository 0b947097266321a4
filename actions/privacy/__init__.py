"""Keeping personal data to itself: sealing, looking up without reading, masking."""
