"""What the gateway serves beside the channels' own endpoints: pages for citizens, and the intake."""
