"""Text messages: a carrier with phones, two clouds that send through it, an SMSC."""
