"""Calls to citizens: the tasks, when to try again, whom chance draws for a spot check."""
