"""The fault campaign: who plays, what breaks, and what an auditor makes of it afterwards."""
