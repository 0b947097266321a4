"""Who someone is: identities, officers and their posts, one-time binding codes."""
