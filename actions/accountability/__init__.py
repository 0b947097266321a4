"""What is proposed about whole units: rules of the policy, evaluated on whole months, decided by people."""
