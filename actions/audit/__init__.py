"""The audit trail: who did what to which case or personal data, so that no change of it is unseen."""
