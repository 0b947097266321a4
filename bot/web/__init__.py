"""What the gateway serves beside the channels' own endpoints."""
