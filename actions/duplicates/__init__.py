"""Which cases may be one matter: signatures kept beside sealed matters, and what is proposed."""
