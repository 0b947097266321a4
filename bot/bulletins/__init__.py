"""Bulletins as files: Excel and PDF, and the page from which officers fetch them."""
