"""The wall screen: what it shows, and which screens hang."""
