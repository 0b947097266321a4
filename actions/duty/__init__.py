"""The duty desk: who is told at once when someone is in danger."""
