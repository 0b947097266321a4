"""Codes on stickers and badges: how they are spelled, where they lead, what becomes of old ones."""
