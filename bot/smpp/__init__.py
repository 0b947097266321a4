"""The words of SMPP 3.4 (short message peer-to-peer), for both ends of a line."""
