"""Invitations: services that were rendered elsewhere, and asking the citizen how they were."""
