"""Cases, ratings, people and figures: the services and their rules, and the actions Rasa calls."""
