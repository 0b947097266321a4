"""What runs beside Rasa, in its own Python 3.10 environment. It imports nothing of ours."""
