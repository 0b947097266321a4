"""Deadlines: spans, working days, due times, alarms and their explanation. Pure rules."""
