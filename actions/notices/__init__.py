"""What people are told without having asked: the sentences and their queueing."""
