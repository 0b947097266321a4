"""Codes on paper: sheets for the wall, stickers for windows, cards for badges."""
