"""Cases from elsewhere: what other systems hand over, and what they hear of it."""
